// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who looks at pages, as far as the request says who it is. Made by {@link Viewers}.
 *
 * @param person signed in; null for a stranger
 * @param guests as whom this browser was invited without an account, by channel
 * @param unlocked channels whose password this browser has said, and which still have it
 */
public record Viewer(@Nullable AccountPrincipal person, Map<Long, Guest> guests, Set<Long> unlocked) {
    /** Nobody that is known. */
    public static final Viewer STRANGER = new Viewer(null, Map.of(), Set.of());

    public Viewer {
        guests = Map.copyOf(guests);
        unlocked = Set.copyOf(unlocked);
    }

    /** Somebody with an account, as a channel knows them: whatever else they are to the site. */
    public static Viewer named(long accountId, String username) {
        return new Viewer(new AccountPrincipal(accountId, username, Role.USER, false, true, null), Map.of(), Set.of());
    }

    /** The same as a channel knows them. */
    public Viewer asNamed() {
        return person == null
                ? this
                : new Viewer(named(person.accountId(), person.getUsername()).person, guests, unlocked);
    }

    /** The account, if there is one. */
    public OptionalLong account() {
        return person == null ? OptionalLong.empty() : OptionalLong.of(person.accountId());
    }
}
