// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import live.millrace.platform.chat.ChatRight;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done in a room, as a page sends it. What a kind has no use for is left out.
 *
 * @param kind its name in small letters
 * @param seq of a message
 * @param target a user name
 * @param seconds how long; for {@code slow} the pause, for {@code followers} how long somebody must have followed
 * @param broadcast until the broadcast ends, in the place of seconds
 * @param on for the shield
 * @param reason told to whom it hits, and kept; for {@code title} the title, for {@code marker} the name of the moment
 */
public record ModerationCommand(
        String kind,
        @Nullable Long seq,
        @Nullable String target,
        @Nullable Long seconds,
        @Nullable Boolean broadcast,
        @Nullable Boolean on,
        @Nullable String reason) {
    public ModerationCommand {
        // A page may send anything.
        kind = Objects.requireNonNullElse(kind, "");
    }

    /** What can be done, and the right that it takes. */
    public enum Kind {
        DELETE(ChatRight.DELETE, true),
        PURGE(ChatRight.DELETE, true),
        PIN(ChatRight.DELETE, true),
        UNPIN(ChatRight.DELETE, true),
        TIMEOUT(ChatRight.TIMEOUT, true),
        WARN(ChatRight.TIMEOUT),
        NOTE(ChatRight.TIMEOUT),
        BAN(ChatRight.BAN, true),
        UNBAN(ChatRight.UNBAN, true),
        SLOW(ChatRight.SETTINGS),
        FOLLOWERS(ChatRight.SETTINGS),
        CLEAR(ChatRight.SETTINGS, true),
        SHIELD(ChatRight.SETTINGS),
        SWEEP(ChatRight.BAN, true),
        TITLE(ChatRight.INFO),
        MARKER(ChatRight.INFO);

        private final ChatRight right;
        private final boolean undoable;

        Kind(ChatRight right) {
            this(right, false);
        }

        Kind(ChatRight right, boolean undoable) {
            this.right = right;
            this.undoable = undoable;
        }

        /** Whether it can be taken back whole: what somebody has read cannot, and rules are simply changed again. */
        public boolean undoable() {
            return undoable;
        }

        public ChatRight right() {
            return right;
        }

        public static Optional<Kind> of(String name) {
            try {
                return Optional.of(valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                return Optional.empty();
            }
        }
    }

    static ModerationCommand of(Kind kind) {
        return new ModerationCommand(kind.name(), null, null, null, null, null, null);
    }

    static ModerationCommand against(Kind kind, String target, @Nullable Long seconds, String reason) {
        return new ModerationCommand(kind.name(), null, target, seconds, null, null, reason);
    }

    static ModerationCommand rule(Kind kind, @Nullable Long seconds, @Nullable Boolean on) {
        return new ModerationCommand(kind.name(), null, null, seconds, null, on, null);
    }
}
