// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import live.millrace.platform.account.AccountAlerts;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdFlow;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.OpenIdTrip;
import live.millrace.platform.signin.ServicePage;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** Links an account with another service, and takes that off. */
@Controller
class LinksController {
    private static final String BACK = "redirect:/settings/security?said=";

    private final OpenIdFlow flow;
    private final OpenIdLinks links;
    private final AccountAlerts alerts;

    LinksController(OpenIdFlow flow, OpenIdLinks links, AccountAlerts alerts) {
        this.flow = flow;
        this.links = links;
        this.alerts = alerts;
    }

    /** On to the service; whoever comes back is linked then. */
    @PostMapping("/settings/security/links/{id}")
    String link(
            @PathVariable int id,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        OpenIdTrip trip = new OpenIdTrip(OpenIdTrip.Purpose.LINK, principal.accountId(), "", "");
        try {
            return ServicePage.away(flow.begin(id, trip, request, response), response, model);
        } catch (OpenIdException failure) {
            return BACK + "link-" + failure.why().name().toLowerCase(Locale.ROOT) + "#links";
        }
    }

    @PostMapping("/settings/security/links/{id}/remove")
    String remove(
            @PathVariable long id, @AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request) {
        return BACK
                + switch (links.remove(principal.accountId(), id)) {
                    case DONE -> {
                        alerts.tell(principal.accountId(), AccountAlerts.Kind.SERVICE_UNLINKED, request);
                        yield "link-removed";
                    }
                    case GONE -> "link-gone";
                    case LAST -> "link-last";
                }
                + "#links";
    }
}
