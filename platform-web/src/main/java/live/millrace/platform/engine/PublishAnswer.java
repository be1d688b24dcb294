// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** May somebody publish? */
public sealed interface PublishAnswer {
    /**
     * They may.
     *
     * @param resumption the broadcast that goes on, unless one is on already
     * @param recording what the broadcast is kept as, should it begin now; empty when it is not kept
     * @param passphrase what SRT has to be encrypted with, never to be logged; empty: with that of the server, if it has one
     */
    record Yes(
            String channel,
            long keyId,
            Optional<Resumption> resumption,
            Optional<String> recording,
            Optional<String> passphrase)
            implements PublishAnswer {
        /** A broadcast of its own, which nobody keeps. */
        public Yes(String channel, long keyId) {
            this(channel, keyId, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** A secret may stand here. */
        @Override
        public String toString() {
            return "Yes[" + channel + " " + keyId + "]";
        }
    }

    /**
     * A broadcast that another process left behind.
     *
     * @param broadcast as the engine knows it
     * @param startedAt when its first publisher came
     * @param firstMedia the lowest media sequence number that is free
     * @param firstDiscontinuity the lowest discontinuity sequence number that is free
     */
    record Resumption(UUID broadcast, Instant startedAt, long firstMedia, long firstDiscontinuity) {}

    record No(Refusal refusal) implements PublishAnswer {}

    /** Nobody knows while the database is away: to be asked again when it is back. */
    record Later() implements PublishAnswer {}
}
