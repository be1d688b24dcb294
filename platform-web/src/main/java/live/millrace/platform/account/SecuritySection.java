// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.ui.Model;

/**
 * A part of the page on which people see to the safety of their account. Each bean of this kind is shown there, in the order of
 * {@link org.springframework.core.annotation.Order}; its template has a fragment {@code section} and reads what was filled in.
 */
public interface SecuritySection {
    /** The template, without its ending. */
    String template();

    void fill(AccountPrincipal principal, HttpServletRequest request, Model model);
}
