// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.https.Https;
import live.millrace.platform.https.HttpsView;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How the site gets its certificate: what for, by whose terms, how it goes and what to do. For admins. */
@Controller
class HttpsController {
    private static final String BACK = "redirect:/admin/https?said=";
    private static final String DONE = "done";
    private static final String LOOK_AGAIN_SECONDS = "3";

    private final Https https;

    HttpsController(Https https) {
        this.https = https;
    }

    @GetMapping("/admin/https")
    String page(HttpServletResponse response, Model model) {
        HttpsView view = https.view();
        if (view.state() == HttpsView.State.WORKING) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        model.addAttribute("https", view);
        return "admin/https";
    }

    @PostMapping("/admin/https/domain")
    String domain(@RequestParam(defaultValue = "") String domain, @AuthenticationPrincipal AccountPrincipal admin) {
        return BACK + (https.domain(domain, admin.actor()) ? DONE : "domain");
    }

    @PostMapping("/admin/https/terms")
    String agree(@RequestParam(defaultValue = "") String terms, @AuthenticationPrincipal AccountPrincipal admin) {
        return BACK + (https.agree(terms, admin.actor()) ? DONE : "terms");
    }

    @PostMapping("/admin/https/try")
    String tryNow(@AuthenticationPrincipal AccountPrincipal admin) {
        return BACK + (https.tryNow(admin.actor()) ? DONE : "early");
    }
}
