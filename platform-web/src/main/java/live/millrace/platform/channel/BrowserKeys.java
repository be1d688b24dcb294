// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What browsers go on air with. Each channel has one such key, so that whoever comes back goes on with the same broadcast, and who is blocked
 * stays so; its secret is another for each time, lets somebody begin once within {@link #BEGINS_WITHIN}, and is stored as a hash. Thread-safe.
 */
public interface BrowserKeys {
    Duration BEGINS_WITHIN = Duration.ofSeconds(60);

    /**
     * A channel's key.
     *
     * @param onAir the run that went on air with it last; empty before the first did
     * @param newest the run that it was given to last, which may never go on air
     * @param begins whether the newest is about to be on air: its secret is used up
     */
    record Held(StreamKeyView key, Optional<UUID> onAir, UUID newest, boolean begins) {
        /** Whether a page may come back as this run. */
        public boolean knows(UUID run) {
            return run.equals(newest) || (!begins && onAir.filter(run::equals).isPresent());
        }
    }

    /** The key of a channel, if a browser ever had one. */
    Optional<Held> held(long channelId);

    /**
     * Gives it to a page, at this one moment: the secret that was given before is worth nothing any more.
     *
     * @param before whom it was given to last when that was decided; empty when it was nobody
     * @return empty when another page was given it since
     */
    Optional<String> give(long channelId, UUID run, Optional<UUID> before);

    /** Uses a secret up; answers whether it was still good, and its key neither revoked nor blocked. */
    boolean begin(long keyId, String secret);

    /** Whoever it was given to last is on air with it. */
    void began(long keyId);

    /** Whoever was about to be on air was not let in: who was on air before may come back. */
    void gaveUp(long keyId);
}
