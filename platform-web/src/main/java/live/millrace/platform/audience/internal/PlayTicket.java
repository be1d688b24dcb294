// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ticket that is alive: who bears it, and for which channel. Thread-safe.
 */
final class PlayTicket {
    /** How long one lives that nobody uses: a page takes a moment to open its socket, a player to ask. */
    private static final Duration UNUSED = Duration.ofSeconds(60);

    final String hash;
    final long channelId;
    final @Nullable Long accountId;
    final @Nullable Long guestId;

    /** The number of the channel's password that its bearer said. */
    final @Nullable Integer password;

    private volatile Instant seenAt;

    PlayTicket(
            String hash,
            long channelId,
            @Nullable Long accountId,
            @Nullable Long guestId,
            @Nullable Integer password,
            Instant seenAt) {
        this.hash = hash;
        this.channelId = channelId;
        this.accountId = accountId;
        this.guestId = guestId;
        this.password = password;
        this.seenAt = seenAt;
    }

    Instant seenAt() {
        return seenAt;
    }

    void seen(Instant now) {
        seenAt = now;
    }

    boolean alive(Instant now) {
        return now.isBefore(seenAt.plus(UNUSED));
    }
}
