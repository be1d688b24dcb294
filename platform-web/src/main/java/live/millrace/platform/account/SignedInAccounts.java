// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Set;

/** Who is signed in. Implemented where sessions are. */
@FunctionalInterface
public interface SignedInAccounts {
    /**
     * Those who have a session that has not run out.
     *
     * @param usernames as accounts have them
     */
    Set<String> among(Set<String> usernames);
}
