// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All accounts. Thread-safe. */
public interface Accounts {
    Optional<AccountView> find(long id);

    Optional<AccountView> findByUsername(String username);

    /** For signing in: by user name, or by e-mail when there is an {@code @}. */
    Optional<AccountPrincipal> findForLogin(String usernameOrEmail);

    /**
     * Makes an account with its channel, or says what stands against it.
     *
     * @param password in the clear; hashed here and forgotten
     */
    Registration register(String username, String email, String password, Role role);

    /** Whether anybody can keep order yet. */
    boolean anyAdmin();

    /** Replaces the password when the current one is right; answers whether it was. */
    boolean changePassword(long id, String current, String replacement);

    void suspend(long id, String reason);

    void restore(long id);

    Optional<Preferences> preferences(long id);

    /** Keeps language and theme; null forgets them. */
    void prefer(long id, @Nullable String language, @Nullable String theme);

    /** Lets an account go after seven days, in which its owner may think again; answers false when the password is wrong. */
    boolean deleteSoon(long id, String password);

    /** Its owner stays. */
    void keep(long id);
}
