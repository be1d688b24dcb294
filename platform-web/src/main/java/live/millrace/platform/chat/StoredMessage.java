// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is kept, for moderators.
 *
 * @param author a user name; empty when the account is gone, and of a guest
 * @param guestId of a guest without an account; null of others, and of one who is forgotten
 * @param guest as a guest calls themselves; null of others
 */
public record StoredMessage(
        long channelId,
        long seq,
        @Nullable Long accountId,
        String author,
        String text,
        Instant at,
        boolean removed,
        @Nullable Long guestId,
        @Nullable String guest) {
    /** By whoever has, or had, an account. */
    public StoredMessage(
            long channelId,
            long seq,
            @Nullable Long accountId,
            String author,
            String text,
            Instant at,
            boolean removed) {
        this(channelId, seq, accountId, author, text, at, removed, null, null);
    }

    /** Who said it; empty when the account is gone. */
    public Optional<Talker> by() {
        return Talker.of(accountId, guestId, guest);
    }
}
