// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What makes a broadcast the same one when it goes on in another process: what players know of it, and what it is kept as.
 *
 * @param id names the broadcast
 * @param startedAt when its first publisher came; empty if that is now
 * @param firstMedia its segments have this media sequence number or a higher one (RFC 8216 §6.2.2)
 * @param firstDiscontinuity the same for discontinuity sequence numbers
 * @param recording the recording that is made of it; empty for none
 */
public record BroadcastIdentity(
        UUID id, Optional<Instant> startedAt, long firstMedia, long firstDiscontinuity, Optional<String> recording) {
    public BroadcastIdentity {
        if (firstMedia < 0 || firstDiscontinuity < 0) {
            throw new IllegalArgumentException("sequence numbers are not negative");
        }
    }

    /** Of a broadcast that nobody keeps. */
    public BroadcastIdentity(UUID id, long firstMedia, long firstDiscontinuity) {
        this(id, Optional.empty(), firstMedia, firstDiscontinuity, Optional.empty());
    }

    /** Of a broadcast that begins here. */
    public static BroadcastIdentity fresh() {
        return new BroadcastIdentity(UUID.randomUUID(), 0, 0);
    }

    /** The same, kept as a recording. */
    public BroadcastIdentity recordedAs(Optional<String> id) {
        return new BroadcastIdentity(this.id, startedAt, firstMedia, firstDiscontinuity, id);
    }
}
