// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SecuritySection;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.OpenIdProviders;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Which other services let somebody in, and which more could. Not there where the site offers none, and they have none. */
@Component
@Order(25)
class LinksSection implements SecuritySection {
    private final OpenIdLinks links;
    private final OpenIdProviders services;

    LinksSection(OpenIdLinks links, OpenIdProviders services) {
        this.links = links;
        this.services = services;
    }

    @Override
    public String template() {
        return "settings/security-links";
    }

    @Override
    public void fill(AccountPrincipal principal, HttpServletRequest request, Model model) {
        List<OpenIdLinks.Link> theirs = links.of(principal.accountId());
        Set<Integer> linked = theirs.stream().map(OpenIdLinks.Link::provider).collect(Collectors.toSet());
        model.addAttribute("links", theirs);
        model.addAttribute(
                "linkable",
                services.offered().stream()
                        .filter(offer -> !linked.contains(offer.id()))
                        .toList());
    }
}
