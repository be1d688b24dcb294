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
     * @param run of the page that has it
     */
    record Held(StreamKeyView key, UUID run) {}

    /** The key of a channel, if a browser ever had one. */
    Optional<Held> held(long channelId);

    /**
     * Gives it to a page, at this one moment: the secret that was given before is worth nothing any more.
     *
     * @param before whose it was when that was decided; empty when it was nobody's
     * @return empty when another page was given it since
     */
    Optional<String> give(long channelId, UUID run, Optional<UUID> before);

    /** Uses a secret up; answers whether it was still good, and its key neither revoked nor blocked. */
    boolean begin(long keyId, String secret);
}
