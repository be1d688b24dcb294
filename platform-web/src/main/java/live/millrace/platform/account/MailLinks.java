// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * Links that people get by mail: to verify an address and to choose a new password. What is to be sent is written down in the caller's
 * transaction, and sent once that stands. Thread-safe.
 */
public interface MailLinks {
    /** Whether this site can send mail at all. */
    boolean available();

    /** Sends a link that verifies an account's address, unless too many were sent; answers whether it was sent. */
    boolean sendVerification(long accountId, Locale locale, HttpServletRequest request);

    /** Sends a link to choose a new password to an address, if an account has it. Says nothing of whether it has. */
    void sendReset(String email, Locale locale, HttpServletRequest request);

    /** Verifies the address that a link was sent to; answers whether the link was good. It works once. */
    boolean verify(String token);

    /** Whether a link still lets somebody choose a password. */
    boolean admitsReset(String token);

    /** What stands against a password that somebody chooses by a link, while that is good: the key of a text. */
    Optional<String> resetRefusal(String token, String password);

    /** Sets a password by a link; answers whether the link was good. It works once, and nobody waits for earlier guesses any more. */
    boolean reset(String token, String password);

    /** Tells somebody that they were let in. */
    void sendAccepted(long accountId);
}
