// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.SecuritySection;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** How an account is signed in to, and from where: one page, whose parts come from those who know them. */
@Controller
class SecurityPageController {
    private final List<SecuritySection> sections;

    SecurityPageController(List<SecuritySection> sections) {
        this.sections = sections;
    }

    @GetMapping("/settings/security")
    String page(@AuthenticationPrincipal AccountPrincipal principal, HttpServletRequest request, Model model) {
        sections.forEach(section -> section.fill(principal, request, model));
        model.addAttribute(
                "sections", sections.stream().map(SecuritySection::template).toList());
        return "settings/security";
    }
}
