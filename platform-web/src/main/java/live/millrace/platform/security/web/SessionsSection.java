// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SecuritySection;
import live.millrace.platform.security.OpenSessions;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Shows where somebody is logged in. */
@Component
@Order(50)
class SessionsSection implements SecuritySection {
    private final OpenSessions sessions;

    SessionsSection(OpenSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public String template() {
        return "settings/security-sessions";
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        model.addAttribute("openSessions", sessions.of(principal, request));
    }
}
