// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongConsumer;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.JoiningGate;
import live.millrace.platform.account.JoiningWay;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.SetupLink;
import live.millrace.platform.account.SignIn;
import live.millrace.platform.account.SignUpMode;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.shared.web.Visit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Sign up as the site's mode allows, and the first admin's set-up, which is the same form behind a one-time link. */
@Controller
class SignupController {
    private static final String PAGE = "account/signup";

    private final Joining joining;
    private final SetupLink setup;
    private final SignIn signIn;
    private final MailLinks mail;
    private final JoiningGate gate;
    private final List<JoiningWay> ways;

    SignupController(
            Joining joining, SetupLink setup, SignIn signIn, MailLinks mail, JoiningGate gate, List<JoiningWay> ways) {
        this.ways = ways;
        this.joining = joining;
        this.setup = setup;
        this.signIn = signIn;
        this.mail = mail;
        this.gate = gate;
    }

    @GetMapping("/signup")
    String form(
            @RequestParam(defaultValue = "") String invite,
            @RequestParam(name = "for", required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            Model model) {
        Visit visit = Visit.of(purpose, channel, next);
        if (principal != null) {
            return "redirect:" + visit.nextOr("/studio");
        }
        return page(model, SignupForm.empty(invite), "/signup" + visit.query(), visit);
    }

    @PostMapping("/signup")
    String signUp(
            @Valid @ModelAttribute("form") SignupForm form,
            BindingResult errors,
            @RequestParam(name = "for", required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String channel,
            @RequestParam(name = LocalRedirect.PARAMETER, required = false) @Nullable String next,
            Locale locale,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        Visit visit = Visit.of(purpose, channel, next);
        if (!errors.hasErrors()) {
            gate.refusal(request.getRemoteAddr()).ifPresent(refusal -> errors.rejectValue("username", refusal));
        }
        return register(
                together -> joining.register(
                        form.username(), form.email(), form.password(), form.invite(), form.reason(), together),
                form,
                errors,
                locale,
                model,
                "/signup" + visit.query(),
                visit,
                "/studio",
                request,
                response);
    }

    @GetMapping("/signup/waiting")
    String waiting() {
        return "account/waiting";
    }

    @GetMapping("/setup/{token}")
    String setUpForm(@PathVariable String token, HttpServletResponse response, Model model) {
        if (!setup.valid(token)) {
            return dead(response);
        }
        return page(model, SignupForm.empty(""), "/setup/" + token, Visit.of(null, null, null));
    }

    @PostMapping("/setup/{token}")
    String setUp(
            @PathVariable String token,
            @Valid @ModelAttribute("form") SignupForm form,
            BindingResult errors,
            @RequestParam(defaultValue = "OPEN") SignUpMode mode,
            Locale locale,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!setup.valid(token)) {
            return dead(response);
        }
        model.addAttribute("joining", mode.name());
        return register(
                together -> {
                    Registration registration =
                            setup.use(token, form.username(), form.email(), form.password(), together);
                    if (registration instanceof Registration.Done) {
                        joining.change(mode);
                    }
                    return registration;
                },
                form,
                errors,
                locale,
                model,
                "/setup/" + token,
                Visit.of(null, null, null),
                "/admin/setup",
                request,
                response);
    }

    /** The same for a link that was used, one of an earlier start, and one that never was. */
    private static String dead(HttpServletResponse response) {
        response.setStatus(HttpStatus.NOT_FOUND.value());
        return "account/setup-dead";
    }

    private String register(
            Function<LongConsumer, Registration> registration,
            SignupForm form,
            BindingResult errors,
            Locale locale,
            Model model,
            String action,
            Visit visit,
            String otherwise,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!errors.hasErrors()) {
            LongConsumer verification = id -> mail.sendVerification(id, locale, request);
            Registration done;
            try {
                done = registration.apply(verification);
            } catch (TooBusyException busy) {
                errors.rejectValue("password", Guessed.busy(response).messageKey());
                return page(model, form, action, visit);
            }
            switch (done) {
                case Registration.Refused(String field, String messageKey) -> errors.rejectValue(field, messageKey);
                case Registration.Waiting() -> {
                    return "redirect:/signup/waiting";
                }
                case Registration.Done(AccountPrincipal principal) -> {
                    signIn.signIn(principal, FactorGrantedAuthority.PASSWORD_AUTHORITY, request, response);
                    return "redirect:" + visit.nextOr(otherwise);
                }
            }
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(model, form, action, visit);
    }

    private String page(Model model, SignupForm form, String action, Visit visit) {
        boolean first = action.startsWith("/setup/");
        SignUpMode mode = first || joining.admits(form.invite()) ? SignUpMode.OPEN : joining.mode();
        model.addAttribute("form", form);
        model.addAttribute("action", action);
        model.addAttribute("visit", visit);
        model.addAttribute("setup", first);
        model.addAttribute("mode", mode.name());
        model.addAttribute("invite", form.invite());
        boolean open = !first && mode != SignUpMode.CLOSED && mode != SignUpMode.INVITE;
        List<JoiningWay> offered = open ? ways : List.of();
        offered.forEach(way -> way.fill(model));
        model.addAttribute("ways", offered.stream().map(JoiningWay::template).toList());
        return PAGE;
    }
}
