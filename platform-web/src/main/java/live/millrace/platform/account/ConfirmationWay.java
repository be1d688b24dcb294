// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.ui.Model;

/**
 * A way to show that it is still them, beside the password. Each bean of this kind is a part of the page {@code /confirm}, in the order of
 * {@link org.springframework.core.annotation.Order}: its template has a fragment {@code way}, which stands inside the page's form. Its
 * button names its own address by {@code formaction}; whoever answers there calls {@link Reauthentication#confirmed} and sends people on
 * to the address in the field {@link #PATH}, by status 307 with what is kept in the form.
 */
public interface ConfirmationWay {
    /** The field that holds where to go on: a path of this site. */
    String PATH = "confirm-path";

    /** Whether somebody may go on with a form that they sent (307), or only back to a page (303). */
    String AGAIN = "confirm-again";

    /** The template, without its ending. */
    String template();

    /** Whether this person can use it. */
    boolean offered(AccountPrincipal principal);

    /** Whether it stands before the password. */
    default boolean first() {
        return false;
    }

    /** Fills in what its template reads; asked only where it is offered. */
    default void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {}

    /** Whether a password is a way of theirs at all. */
    default boolean insteadOfPassword(AccountPrincipal principal) {
        return false;
    }
}
