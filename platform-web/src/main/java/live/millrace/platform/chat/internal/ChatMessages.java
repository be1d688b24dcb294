// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.chat.Sanction;
import org.jspecify.annotations.Nullable;

/** What the room tells pages. */
final class ChatMessages {
    private ChatMessages() {}

    /**
     * The room's rules, emotes and pinned line; told first, and again when they change.
     *
     * @param shieldHours how old an account has to be while the shield is up; 0 while it is down
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Room(
            String type,
            ChatSettings settings,
            List<Emote> emotes,
            @Nullable ChatLine pinned,
            int shieldHours) {
        Room(ChatSettings settings, List<Emote> emotes, @Nullable ChatLine pinned, int shieldHours) {
            this("room", settings, emotes, pinned, shieldHours);
        }
    }

    /** Who the page is to this room. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record You(
            String type,
            @Nullable String name,
            boolean keeper,
            Set<ChatRight> rights,
            @Nullable Sanction sanction) {
        You(@Nullable String name, Set<ChatRight> rights, @Nullable Sanction sanction) {
            this("you", name, !rights.isEmpty(), rights, sanction);
        }
    }

    /** Somebody who keeps order has something to say to this page's person alone. */
    record Warned(String type, String reason) {
        Warned(String reason) {
            this("warned", reason);
        }
    }

    /** Lines are gone; a page that has them shows that there was something. */
    record Removed(String type, List<Long> seqs) {
        Removed(List<Long> seqs) {
            this("removed", seqs);
        }
    }

    /** Lines are back. */
    record Restored(String type, List<ChatLine> lines) {
        Restored(List<ChatLine> lines) {
            this("restored", lines);
        }
    }

    /** For those who keep order: what one of them did, or the site by itself. */
    record Acted(String type, ChatAction action, List<Long> seqs) {
        Acted(ChatAction action, List<Long> seqs) {
            this("acted", action, seqs);
        }
    }

    /**
     * What was said before.
     *
     * @param resumed whether this goes on where the page was; else it starts anew
     * @param missed lines between the two that are not told again
     * @param removed numbers of lines that the page may still show and that are gone
     */
    record History(String type, boolean resumed, long missed, List<ChatLine> lines, List<Long> removed) {
        History(boolean resumed, long missed, List<ChatLine> lines, List<Long> removed) {
            this("history", resumed, missed, lines, removed);
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
    record HeldLine(long id, Instant at, ChatLine.Author author, List<Token> tokens, String reason) {}
}
