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
    private static final String DONE = "done";
    private static final String LOOK_AGAIN_SECONDS = "3";

    /** Who came here from the set-up of a new site is led back to it; any other word leads nowhere. */
    private static final String SETUP = "setup";

    private final Https https;

    HttpsController(Https https) {
        this.https = https;
    }

    @GetMapping("/admin/https")
    String page(@RequestParam(defaultValue = "") String from, HttpServletResponse response, Model model) {
        HttpsView view = https.view();
        if (view.state() == HttpsView.State.WORKING) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        model.addAttribute("https", view);
        model.addAttribute("fromSetup", from.equals(SETUP));
        return "admin/https";
    }

    private static String back(String said, String from) {
        return "redirect:/admin/https?said=" + said + (from.equals(SETUP) ? "&from=" + SETUP : "");
    }

    @PostMapping("/admin/https/domain")
    String domain(
            @RequestParam(defaultValue = "") String domain,
            @RequestParam(defaultValue = "") String from,
            @AuthenticationPrincipal AccountPrincipal admin) {
        return back(https.domain(domain, admin.actor()) ? DONE : "domain", from);
    }

    @PostMapping("/admin/https/terms")
    String agree(
            @RequestParam(defaultValue = "") String terms,
            @RequestParam(defaultValue = "") String from,
            @AuthenticationPrincipal AccountPrincipal admin) {
        return back(https.agree(terms, admin.actor()) ? DONE : "terms", from);
    }

    @PostMapping("/admin/https/try")
    String tryNow(@RequestParam(defaultValue = "") String from, @AuthenticationPrincipal AccountPrincipal admin) {
        return back(https.tryNow(admin.actor()) ? DONE : "early", from);
    }
}
