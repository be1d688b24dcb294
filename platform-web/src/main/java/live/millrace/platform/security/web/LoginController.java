// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.security.LocalRedirect;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The log-in page; the log-in itself is a filter's work. */
@Controller
class LoginController {
    @GetMapping("/login")
    String form(
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @RequestParam(required = false) @Nullable String error,
            @RequestParam(required = false) @Nullable String suspended,
            @RequestParam(required = false) @Nullable String waiting,
            @RequestParam(required = false) @Nullable String banned,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            Model model) {
        if (principal != null) {
            return "redirect:" + LocalRedirect.orElse(next, "/");
        }
        model.addAttribute("next", LocalRedirect.orElse(next, ""));
        model.addAttribute(
                "error",
                error != null
                        ? "security.login.failed"
                        : suspended != null
                                ? "security.login.suspended"
                                : waiting != null
                                        ? "security.login.waiting"
                                        : banned != null ? "security.login.banned" : "");
        return "security/login";
    }
}
