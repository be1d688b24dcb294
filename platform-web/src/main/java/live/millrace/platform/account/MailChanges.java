// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * How an account gets another mail address: the new one confirms, and the old one may take it back for a week. Nothing says whether an
 * address is known. Thread-safe.
 */
public interface MailChanges {
    /** What came of a wish. */
    enum Asked {
        /** A link is on its way, or would be if the address could be had. */
        MAILED,
        /** Changed, for this site sends no mail. */
        CHANGED,
        WRONG_PASSWORD,
        /** Too many were asked for. */
        LATER
    }

    Asked ask(long accountId, String password, String email, Locale locale, HttpServletRequest request);

    /** The same of an account without a password, whose owner was asked in another way. */
    Asked ask(long accountId, String email, Locale locale, HttpServletRequest request);

    /** Changes it by the link to the new address; answers whether that was good. It works once. */
    boolean confirm(String token, HttpServletRequest request);

    /**
     * Takes a change back by the link to the old address: all sessions end, the password is none any more.
     *
     * @return what lets them choose a new password, as in a link to do so; empty when the link was not good
     */
    Optional<String> undo(String token);
}
