// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security.web;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.security.SecondStep;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.shared.web.Visit;
import live.millrace.platform.signin.OpenIdProviders;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;

/** The log-in page; the log-in itself is a filter's work. */
@Controller
class LoginController {
    private static final String FORM = "security/login";
    private static final String CODE = "security/code";

    private final SecondStep step;
    private final Passkeys passkeys;
    private final Places places;
    private final OpenIdProviders services;

    LoginController(SecondStep step, Passkeys passkeys, Places places, OpenIdProviders services) {
        this.services = services;
        this.step = step;
        this.passkeys = passkeys;
        this.places = places;
    }

    @GetMapping("/login")
    String form(
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @RequestParam(name = "for", required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String channel,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        Visit visit = Visit.of(purpose, channel, next);
        if (principal != null) {
            return "redirect:" + visit.nextOr("/");
        }
        model.addAttribute("visit", visit);
        return form(request, model);
    }

    private String form(HttpServletRequest request, Model model) {
        model.addAttribute("passkeys", places.of(request).isPresent());
        model.addAttribute("services", services.offered());
        return FORM;
    }

    /** What a browser needs to ask for a passkey. Nothing is kept of it, and it tells nothing of anybody. */
    @GetMapping(value = "/login/passkey", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<String> passkey(HttpServletRequest request) {
        return places.of(request)
                .map(place ->
                        ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(passkeys.request(place)))
                .orElseGet(() -> ResponseEntity.notFound().build());
    }

    /** The second step, after a right password. */
    @GetMapping("/login/code")
    String code(
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @RequestParam(required = false) @Nullable String recovery,
            HttpServletRequest request,
            Model model) {
        if (!step.waits(request)) {
            return "redirect:/login";
        }
        model.addAttribute("next", LocalRedirect.orElse(next, ""));
        model.addAttribute("recovery", recovery != null);
        return CODE;
    }

    /** The code was wrong: the same form, with the reason. */
    @PostMapping("/login/code/again")
    String codeAgain(
            @RequestAttribute(name = LoginFailure.ATTRIBUTE, required = false) @Nullable LoginFailure failure,
            @RequestParam(required = false) @Nullable String recovery,
            Model model) {
        if (failure == null) {
            return "redirect:/login";
        }
        model.addAttribute("next", failure.next());
        model.addAttribute("recovery", recovery != null);
        model.addAttribute("failure", failure);
        model.addAttribute("minutes", failure.pause().plusSeconds(59).toMinutes());
        return CODE;
    }

    /** Somebody was not logged in: the same form, with the reason. */
    @RequestMapping(
            value = LoginFailure.PAGE,
            method = {RequestMethod.GET, RequestMethod.POST})
    String again(
            @RequestAttribute(name = LoginFailure.ATTRIBUTE, required = false) @Nullable LoginFailure failure,
            HttpServletRequest request,
            Model model) {
        if (failure == null) {
            return "redirect:/login";
        }
        model.addAttribute("visit", Visit.of(null, null, failure.next()));
        model.addAttribute("failure", failure);
        model.addAttribute("minutes", failure.pause().plusSeconds(59).toMinutes());
        return form(request, model);
    }
}
