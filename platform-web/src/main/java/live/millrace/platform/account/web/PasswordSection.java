// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SecuritySection;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Leads to where the password is changed. */
@Component
@Order(10)
class PasswordSection implements SecuritySection {
    private final NoPassword none;

    PasswordSection(NoPassword none) {
        this.none = none;
    }

    @Override
    public String template() {
        return "settings/security-password";
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        // Nothing of a password is shown but whether there is one.
        model.addAttribute("withoutPassword", none.of(principal));
    }
}
