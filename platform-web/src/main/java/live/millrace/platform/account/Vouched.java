// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.util.function.LongConsumer;

/** Accounts of people whom another service vouches for: they may be without a password. Thread-safe. */
public interface Vouched {
    /** What looks like a mail address. */
    String EMAIL = "[^\\s@]+@[^\\s@]+\\.[^\\s@]+|[^\\s@]+@localhost";

    /**
     * Somebody who joins.
     *
     * @param proven whether the service says that they read the mail of their address, and is believed
     * @param invite the secret of a link; empty without
     * @param reason why they want to join, where that is asked
     */
    record Newcomer(String username, String email, boolean proven, String invite, String reason) {}

    /** Who says that a mail address is theirs. */
    enum Owner {
        NOBODY,
        /** Somebody said so, who may have been mistaken. */
        SAID,
        /** Somebody proved it. */
        PROVED
    }

    int MOST_EMAIL = 254;

    /** Whether something looks like a mail address. */
    static boolean mail(String text) {
        return text.length() <= MOST_EMAIL && text.matches(EMAIL);
    }

    Owner ownerOf(String email);

    /**
     * Makes an account without a password, as the mode of this moment allows.
     *
     * @param together done with its id in the transaction that makes it, also when it has to wait: both are, or neither
     */
    Registration join(Newcomer newcomer, LongConsumer together);

    boolean withoutPassword(long accountId);

    /** Gives an account its first password; answers false when it has one. What stands against one is {@link Accounts#passwordRefusal}. */
    boolean choosePassword(long accountId, String password);

    /** Lets an account without a password go after seven days. Its owner was asked in another way. */
    Accounts.Leaving deleteSoon(long accountId);
}
