// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private static final int MAX_QUOTED = 80;

    /** The same, removed or not. */
    ChatMessage removed(boolean gone) {
        return new ChatMessage(seq, at, author, tokens, reply, gone ? Boolean.TRUE : null);
    }

    public boolean isGone() {
        return removed != null;
    }

    /** The same, where the message that it answers may have gone or come back; itself when it answers none of them. */
    ChatMessage answering(Map<Long, ChatMessage> changed, Set<Long> gone) {
        if (reply == null) {
            return this;
        }
        Reply now;
        if (gone.contains(reply.seq())) {
            now = Reply.gone(reply.seq());
        } else if (changed.containsKey(reply.seq())) {
            now = changed.get(reply.seq()).quoted();
        } else {
            return this;
        }
        return new ChatMessage(seq, at, author, tokens, now, removed);
    }

    /** As it stands above an answer. */
    Reply quoted() {
        if (isGone()) {
            return Reply.gone(seq);
        }
        StringBuilder text = new StringBuilder();
        for (Token token : tokens) {
            text.append(
                    switch (token.t()) {
                        case "emote" -> ":" + token.v() + ":";
                        case "mention" -> "@" + token.v();
                        default -> token.v();
                    });
        }
        int end = text.offsetByCodePoints(0, Math.min(MAX_QUOTED, text.codePointCount(0, text.length())));
        return new Reply(seq, author.display(), text.substring(0, end), author.guest() ? Boolean.TRUE : null, null);
    }

    /**
     * Who wrote it.
     *
     * @param name unique; empty when the account is gone, or the guest forgotten
     * @param display of a guest as they called themselves, which is not unique and may be an account's
     * @param hue one of eight, by account or guest
     * @param badges owner, moderator, admin; or guest, for whoever has no account
     */
    public record Author(
            String name, String display, int hue, @Nullable String avatar, List<String> badges) {
        static final String GUEST = "guest";

        boolean guest() {
            return badges.contains(GUEST);
        }
    }

    /**
     * The message that it answers, as far as it fits.
     *
     * @param guest whether a guest without an account wrote it
     * @param removed whether somebody removed it; then nothing of it is told
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reply(
            long seq,
            String name,
            String text,
            @Nullable Boolean guest,
            @Nullable Boolean removed) {
        static Reply gone(long seq) {
            return new Reply(seq, "", "", null, Boolean.TRUE);
        }
    }
}
