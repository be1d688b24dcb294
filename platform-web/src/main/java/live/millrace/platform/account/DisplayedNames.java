// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Optional;

/** What accounts are called on their pages. Implemented where channels are. Thread-safe. */
public interface DisplayedNames {
    /** What stands against a name whoever is to bear it: the key of a text. */
    Optional<String> refusal(String typed);

    /** Calls an account so; answers the key of a text when it cannot be, and nothing changes then. */
    Optional<String> rename(long accountId, String typed);
}
