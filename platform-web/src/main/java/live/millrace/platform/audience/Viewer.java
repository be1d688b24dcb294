// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
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

    /** The account, if there is one. */
    public OptionalLong account() {
        return person == null ? OptionalLong.empty() : OptionalLong.of(person.accountId());
    }
}
