// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.chat.internal.text.Token;
import org.jspecify.annotations.Nullable;

/**
 * A message as pages get it.
 *
 * @param seq its number in the room
 * @param removed whether it is there for moderators alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatMessage(
        long seq,
        Instant at,
        Author author,
        List<Token> tokens,
        @Nullable Reply reply,
        @Nullable Boolean removed) {
    /** The same, removed or not. */
    ChatMessage removed(boolean gone) {
        return new ChatMessage(seq, at, author, tokens, reply, gone ? Boolean.TRUE : null);
    }

    public boolean isGone() {
        return removed != null;
    }

    /**
     * Who wrote it.
     *
     * @param name unique; empty when the account is gone
     * @param hue one of eight, by account
     * @param badges owner, moderator, admin
     */
    public record Author(
            String name, String display, int hue, @Nullable String avatar, List<String> badges) {}

    /** The message that it answers, as far as it fits. */
    public record Reply(long seq, String name, String text) {}
}
