// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Emote;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.text.Token;
import org.jspecify.annotations.Nullable;

/** What the room tells pages. */
public final class ChatEvents {
    private ChatEvents() {}

    /**
     * The room's rules, emotes and pinned message; told first, and again when they change.
     *
     * @param shieldHours how old an account has to be while the shield is up; 0 while it is down
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Room(
            String type,
            ChatSettings settings,
            List<Emote> emotes,
            @Nullable ChatMessage pinned,
            int shieldHours) {
        public Room(ChatSettings settings, List<Emote> emotes, @Nullable ChatMessage pinned, int shieldHours) {
            this("room", settings, emotes, pinned, shieldHours);
        }
    }

    /**
     * Who the page is to this room.
     *
     * @param name unique; of a guest without an account what stands in its place, with {@code guest} as they call themselves
     * @param commands what they may type with a stroke before it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record You(
            String type,
            @Nullable String name,
            @Nullable String guest,
            boolean moderator,
            Set<ChatRight> rights,
            List<String> commands,
            @Nullable Sanction sanction) {
        public You(@Nullable String name, Set<ChatRight> rights, @Nullable Sanction sanction) {
            this("you", name, null, !rights.isEmpty(), rights, RoomCommand.names(rights), sanction);
        }

        /** A guest without an account, who never has any rights. */
        public You(Talker.Invited guest, @Nullable Sanction sanction) {
            this("you", guest.handle(), guest.name(), false, Set.of(), List.of(), sanction);
        }
    }

    /** A moderator has something to say to this page's person alone. */
    public record Warned(String type, String reason) {
        public Warned(String reason) {
            this("warned", reason);
        }
    }

    /** Messages are gone; a page that has them shows that there was something. */
    public record Removed(String type, List<Long> seqs) {
        public Removed(List<Long> seqs) {
            this("removed", seqs);
        }
    }

    /** Messages are back. */
    public record Restored(String type, List<ChatMessage> messages) {
        public Restored(List<ChatMessage> messages) {
            this("restored", messages);
        }
    }

    /** For moderators: what one of them did, or the site by itself. */
    public record Acted(String type, ChatAction action, List<Long> seqs) {
        public Acted(ChatAction action, List<Long> seqs) {
            this("acted", action, seqs);
        }
    }

    /**
     * What was said before.
     *
     * @param resumed whether this goes on where the page was; else it starts anew
     * @param missed messages between the two that are not told again
     * @param removed numbers of messages that the page may still show and that are gone
     */
    public record History(String type, boolean resumed, long missed, List<ChatMessage> messages, List<Long> removed) {
        /** There is nothing. */
        public static final History NOTHING = new History(false, 0, List.of(), List.of());

        public History(boolean resumed, long missed, List<ChatMessage> messages, List<Long> removed) {
            this("history", resumed, missed, messages, removed);
        }
    }

    public record Messages(String type, List<ChatMessage> messages) {
        public Messages(List<ChatMessage> messages) {
            this("messages", messages);
        }
    }

    /** A message of this page is stored. */
    public record Said(String type, String id, long seq) {
        public Said(String id, long seq) {
            this("said", id, seq);
        }
    }

    /**
     * A message of this page is not taken.
     *
     * @param reason a key under {@code chat.refused}
     * @param retryMillis when it may be tried again; 0 when waiting does not help
     */
    public record NotSaid(
            String type,
            String id,
            String reason,
            long retryMillis,
            @Nullable Integer number) {
        public NotSaid(String id, Refused refused) {
            this("not-said", id, refused.reason(), refused.retryMillis(), refused.number());
        }
    }

    public record Refused(
            String reason, long retryMillis, @Nullable Integer number) {
        public static Refused because(String reason) {
            return new Refused(reason, 0, null);
        }

        public static Refused until(String reason, long retryMillis) {
            return new Refused(reason, Math.max(1, retryMillis), null);
        }
    }

    /** A message of this page waits to be allowed. */
    public record Waits(String type, String id) {
        public Waits(String id) {
            this("waits", id);
        }
    }

    /** All messages that wait, for those who allow them. */
    public record Held(String type, List<HeldMessage> messages) {
        public Held(List<HeldMessage> messages) {
            this("held", messages);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HeldMessage(long id, Instant at, ChatMessage.Author author, List<Token> tokens, String reason) {}
}
