// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.UUID;

/**
 * What makes a broadcast the same one when it goes on in another process: what players know of it.
 *
 * @param id names the broadcast
 * @param firstMedia its segments have this media sequence number or a higher one (RFC 8216 §6.2.2)
 * @param firstDiscontinuity the same for discontinuity sequence numbers
 */
public record BroadcastIdentity(UUID id, long firstMedia, long firstDiscontinuity) {
    public BroadcastIdentity {
        if (firstMedia < 0 || firstDiscontinuity < 0) {
            throw new IllegalArgumentException("sequence numbers are not negative");
        }
    }

    /** Of a broadcast that begins here. */
    public static BroadcastIdentity fresh() {
        return new BroadcastIdentity(UUID.randomUUID(), 0, 0);
    }
}
