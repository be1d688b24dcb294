// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Somebody who talks in a room: whoever has an account, or a guest of the channel who has none. */
public sealed interface Talker {
    /** The account; null of a guest. */
    default @Nullable Long account() {
        return this instanceof Person person ? Long.valueOf(person.accountId) : null;
    }

    /** The row on the channel's list of guests; null of whoever has an account, and of a guest who is forgotten. */
    default @Nullable Long guest() {
        return this instanceof Invited invited && invited.guestId != Invited.FORGOTTEN
                ? Long.valueOf(invited.guestId)
                : null;
    }

    /** As a guest calls themselves; null of whoever has an account. */
    default @Nullable String guestName() {
        return this instanceof Invited invited ? invited.name : null;
    }

    record Person(long accountId) implements Talker {}

    /**
     * A guest without an account.
     *
     * @param guestId of the row on the channel's list; {@link #FORGOTTEN} where only what they said is left of them
     * @param name as they called themselves when they came; it never changes, is not unique, and may be an account's
     */
    record Invited(long guestId, String name) implements Talker {
        public static final long FORGOTTEN = 0;

        private static final Pattern HANDLE = Pattern.compile("guest:([1-9][0-9]{0,17})");

        /** What stands where others have their user name. No account has such a name, whoever is called how. */
        public String handle() {
            return guestId == FORGOTTEN ? "" : "guest:" + guestId;
        }

        /** The guest that a handle means; empty of what is none. */
        public static OptionalLong id(String handle) {
            Matcher matcher = HANDLE.matcher(handle);
            return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
        }
    }

    /** Who is written down by these three; empty of an account that is no more. */
    static Optional<Talker> of(@Nullable Long accountId, @Nullable Long guestId, @Nullable String guestName) {
        if (accountId != null) {
            return Optional.of(new Person(accountId));
        }
        return Optional.ofNullable(guestName)
                .map(name -> new Invited(guestId == null ? Invited.FORGOTTEN : guestId, name));
    }
}
