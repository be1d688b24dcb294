// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import org.jspecify.annotations.Nullable;

/** What the room tells pages. */
final class ChatMessages {
    private ChatMessages() {}

    /** The room's rules and emotes; told first, and again when they change. */
    record Room(String type, ChatSettings settings, List<Emote> emotes) {
        Room(ChatSettings settings, List<Emote> emotes) {
            this("room", settings, emotes);
        }
    }

    /** Who the page is to this room. */
    record You(String type, @Nullable String name, boolean keeper) {
        You(@Nullable String name, boolean keeper) {
            this("you", name, keeper);
        }
    }

    /**
     * What was said before.
     *
     * @param resumed whether this goes on where the page was; else it starts anew
     * @param missed lines between the two that are not told again
     */
    record History(String type, boolean resumed, long missed, List<ChatLine> lines) {
        History(boolean resumed, long missed, List<ChatLine> lines) {
            this("history", resumed, missed, lines);
        }
    }

    record Lines(String type, List<ChatLine> lines) {
        Lines(List<ChatLine> lines) {
            this("lines", lines);
        }
    }

    /** A line of this page is stored. */
    record Said(String type, String id, long seq) {
        Said(String id, long seq) {
            this("said", id, seq);
        }
    }

    /**
     * A line of this page is not taken.
     *
     * @param reason a key under {@code chat.refused}
     * @param retryMillis when it may be tried again; 0 when waiting does not help
     */
    record NotSaid(
            String type,
            String id,
            String reason,
            long retryMillis,
            @Nullable Integer number) {
        NotSaid(String id, Refused refused) {
            this("not-said", id, refused.reason(), refused.retryMillis(), refused.number());
        }
    }

    record Refused(
            String reason, long retryMillis, @Nullable Integer number) {
        static Refused because(String reason) {
            return new Refused(reason, 0, null);
        }

        static Refused until(String reason, long retryMillis) {
            return new Refused(reason, Math.max(1, retryMillis), null);
        }
    }

    /** A line of this page waits to be allowed. */
    record Waits(String type, String id) {
        Waits(String id) {
            this("waits", id);
        }
    }

    /** All lines that wait, for those who allow them. */
    record Held(String type, List<HeldLine> lines) {
        Held(List<HeldLine> lines) {
            this("held", lines);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HeldLine(long id, Instant at, ChatLine.Author author, List<Token> tokens) {}
}
