// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SecuritySection;
import live.millrace.platform.signin.AuthenticatorApps;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Somebody's authenticator app, and how many recovery codes are left. */
@Component
@Order(30)
class AppSection implements SecuritySection {
    private final AuthenticatorApps apps;

    AppSection(AuthenticatorApps apps) {
        this.apps = apps;
    }

    @Override
    public String template() {
        return "settings/security-app";
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        model.addAttribute("app", apps.state(principal.accountId()).orElse(null));
    }
}
