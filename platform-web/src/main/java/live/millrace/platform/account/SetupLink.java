// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Optional;
import java.util.function.LongConsumer;

/** The link that creates the first admin, once. */
public interface SetupLink {
    /** Its path while there is no admin. */
    Optional<String> path();

    boolean valid(String token);

    /**
     * Registers the admin; the link is dead when that succeeds.
     *
     * @param together as {@link Accounts#register} takes it
     */
    Registration use(String token, String username, String email, String password, LongConsumer together);
}
