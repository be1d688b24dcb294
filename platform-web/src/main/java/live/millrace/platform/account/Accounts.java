// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.time.Instant;
import java.util.Optional;
import java.util.function.LongConsumer;
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

    /**
     * The same.
     *
     * @param together done with the account's id in the transaction that makes it: both are, or neither
     */
    Registration register(String username, String email, String password, Role role, LongConsumer together);

    /** Whether anybody can moderate yet. */
    boolean anyAdmin();

    /**
     * What stands against a new password of an account: the key of a text. Asked before {@link #changePassword}, whose answer is of the
     * current one alone.
     */
    Optional<String> passwordRefusal(long id, String replacement);

    /** Whether a password is the account's. Of somebody who is signed in, by {@link SignInBudget}. */
    boolean passwordIs(long id, String password);

    /** Replaces the password when the current one is right; answers whether it was. */
    default boolean changePassword(long id, String current, String replacement) {
        return changePassword(id, current, replacement, false, false);
    }

    /**
     * The same, and what else opens the account goes with it.
     *
     * @param tokens whether programs' tokens do
     * @param keys whether stream keys do, which ends running streams
     */
    boolean changePassword(long id, String current, String replacement, boolean tokens, boolean keys);

    /**
     * What a suspension changed, so that it can be taken back.
     *
     * @param at which one it is
     * @param before the one that it took the place of
     */
    record Change(Instant at, @Nullable Suspension before) {}

    /** @param until null: until somebody restores it */
    Change suspend(long id, String reason, @Nullable Instant until);

    void restore(long id);

    /** Puts what was before in the place of a suspension; answers false when another has taken its place meanwhile. */
    boolean takeBackSuspension(long id, Instant at, @Nullable Suspension before);

    /**
     * Lets an account go on air no more; its stream ends.
     *
     * @param until null: until somebody allows it again
     */
    Change suspendStreaming(long id, @Nullable Instant until);

    void restoreStreaming(long id);

    /** The same for a suspension of streaming alone. */
    boolean takeBackStreamingSuspension(long id, Instant at, @Nullable Suspension before);

    /**
     * Gives an account another role; its sessions end, so that it holds at once.
     *
     * @return false when the site would be left without an owner; then nothing changes
     */
    boolean changeRole(long id, Role role);

    Optional<Preferences> preferences(long id);

    /** Keeps language and theme; null forgets them. */
    void prefer(long id, @Nullable String language, @Nullable String theme);

    /** Lets an account go after seven days, in which its owner may think again. */
    Leaving deleteSoon(long id, String password);

    /** What came of a wish to leave. */
    enum Leaving {
        AGREED,
        WRONG_PASSWORD,
        /** The site would be left without an owner. */
        LAST_OWNER
    }

    /** Its owner stays. */
    void keep(long id);
}
