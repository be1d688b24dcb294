// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A ticket that is alive: who bears it, and for which channel. Thread-safe. */
final class PlayTicket {
    /** How long a page's lives that nobody uses: a page takes a moment to open its socket, a player to ask. */
    private static final Duration UNUSED = Duration.ofSeconds(60);

    /**
     * Who bears one.
     *
     * @param password the number of the channel's password that they said
     */
    record Bearer(
            @Nullable Long accountId,
            @Nullable Long guestId,
            @Nullable Integer password) {
        /** Whether it is one person. */
        boolean known() {
            return accountId != null || guestId != null;
        }
    }

    /** One for a player elsewhere: what it is called, and when it ends. */
    record Named(long id, String name, Instant until) {}

    final String hash;
    final long channelId;
    final Bearer bearer;
    final @Nullable Named named;
    private volatile Instant seenAt;

    PlayTicket(String hash, long channelId, Bearer bearer, @Nullable Named named, Instant seenAt) {
        this.hash = hash;
        this.channelId = channelId;
        this.bearer = bearer;
        this.named = named;
        this.seenAt = seenAt;
    }

    Instant seenAt() {
        return seenAt;
    }

    void seen(Instant now) {
        seenAt = now;
    }

    boolean alive(Instant now) {
        return now.isBefore(named == null ? seenAt.plus(UNUSED) : named.until());
    }
}
