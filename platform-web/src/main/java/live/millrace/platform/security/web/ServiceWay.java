// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.ConfirmationWay;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.signin.OpenIdLinks;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Another service says once more that it is they. For those without a password the only way that asks for a secret. */
@Component
@Order(30)
class ServiceWay implements ConfirmationWay {
    private final OpenIdLinks links;
    private final Vouched vouched;

    ServiceWay(OpenIdLinks links, Vouched vouched) {
        this.links = links;
        this.vouched = vouched;
    }

    @Override
    public String template() {
        return "security/confirm-service";
    }

    private List<OpenIdLinks.Link> open(AccountPrincipal principal) {
        return links.of(principal.accountId()).stream()
                .filter(link -> link.provider() != 0)
                .toList();
    }

    @Override
    public boolean offered(AccountPrincipal principal) {
        return !open(principal).isEmpty();
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        model.addAttribute("confirmServices", open(principal));
    }

    @Override
    public boolean insteadOfPassword(AccountPrincipal principal) {
        return vouched.withoutPassword(principal.accountId());
    }
}
