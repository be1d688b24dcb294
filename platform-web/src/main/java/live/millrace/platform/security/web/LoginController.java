// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.shared.web.Visit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** The log-in page; the log-in itself is a filter's work. */
@Controller
class LoginController {
    private static final String FORM = "security/login";

    @GetMapping("/login")
    String form(
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @RequestParam(name = "for", required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String channel,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            Model model) {
        Visit visit = Visit.of(purpose, channel, next);
        if (principal != null) {
            return "redirect:" + visit.nextOr("/");
        }
        model.addAttribute("visit", visit);
        return FORM;
    }

    /** Somebody was not logged in: the same form, with the reason. */
    @PostMapping(LoginFailure.PAGE)
    String again(
            @RequestAttribute(name = LoginFailure.ATTRIBUTE, required = false) @Nullable LoginFailure failure,
            Model model) {
        if (failure == null) {
            return "redirect:/login";
        }
        model.addAttribute("visit", Visit.of(null, null, failure.next()));
        model.addAttribute("failure", failure);
        model.addAttribute("minutes", failure.pause().plusSeconds(59).toMinutes());
        return FORM;
    }
}
