// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.JoiningGate;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.SignIn;
import live.millrace.platform.account.SignUpMode;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.shared.web.LocalRedirect;
import live.millrace.platform.signin.NameSuggestion;
import live.millrace.platform.signin.OpenIdArrival;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.OpenIdNewcomers;
import live.millrace.platform.signin.Proofs;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;

/**
 * Signs somebody up whom another service vouched for: they choose a name, and the site's mode of joining holds. An account with the same mail
 * address is never theirs by that alone.
 */
@Controller
class NewcomerController {
    private static final String PAGE = "signin/newcomer";
    private static final String LATE = "redirect:/signup";

    /** What the page sends. */
    record Form(String username, String email, String reason) {
        Form {
            username = username == null ? "" : username.strip();
            email = email == null ? "" : email.strip();
            reason = reason == null ? "" : reason.strip();
        }
    }

    private final OpenIdNewcomers newcomers;
    private final OpenIdLinks links;
    private final Vouched vouched;
    private final Joining joining;
    private final JoiningGate gate;
    private final Accounts accounts;
    private final MailLinks mail;
    private final SignIn signIn;

    NewcomerController(
            OpenIdNewcomers newcomers,
            OpenIdLinks links,
            Vouched vouched,
            Joining joining,
            JoiningGate gate,
            Accounts accounts,
            MailLinks mail,
            SignIn signIn) {
        this.newcomers = newcomers;
        this.links = links;
        this.vouched = vouched;
        this.joining = joining;
        this.gate = gate;
        this.accounts = accounts;
        this.mail = mail;
        this.signIn = signIn;
    }

    @GetMapping(OpenIdNewcomers.PATH)
    String form(
            @AuthenticationPrincipal @Nullable AccountPrincipal principal, HttpServletRequest request, Model model) {
        OpenIdArrival arrival = newcomers.find(request).orElse(null);
        Optional<String> elsewhere = elsewhere(arrival, principal);
        if (arrival == null || elsewhere.isPresent()) {
            return elsewhere.orElse(LATE);
        }
        String called = arrival.called().isEmpty() ? arrival.email() : arrival.called();
        String suggested =
                NameSuggestion.of(called, name -> accounts.findByUsername(name).isEmpty());
        Form form = new Form(suggested, arrival.email(), "");
        return page(arrival, form, new BeanPropertyBindingResult(form, "form"), model);
    }

    @PostMapping(OpenIdNewcomers.PATH)
    String signUp(
            @ModelAttribute("form") Form form,
            BindingResult errors,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        OpenIdArrival arrival = newcomers.find(request).orElse(null);
        Optional<String> elsewhere = elsewhere(arrival, principal);
        if (arrival == null || elsewhere.isPresent()) {
            return elsewhere.orElse(LATE);
        }
        Vouched.Newcomer newcomer = newcomer(form, arrival);
        if (!Vouched.mail(newcomer.email())) {
            errors.rejectValue("email", "account.email.malformed");
        }
        if (form.reason().length() > Joining.MAX_REASON) {
            errors.rejectValue("reason", "account.signup.reason.length");
        }
        if (ownerOf(arrival) == Vouched.Owner.PROVED) {
            errors.rejectValue("username", "openid.newcomer.known");
        }
        if (!errors.hasErrors()) {
            gate.refusal(request.getRemoteAddr()).ifPresent(refusal -> errors.rejectValue("username", refusal));
        }
        Optional<String> to =
                errors.hasErrors() ? Optional.empty() : join(newcomer, arrival, errors, locale, request, response);
        if (to.isPresent()) {
            newcomers.forget(request);
            return to.get();
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(arrival, form, errors, model);
    }

    /** Where to go in place of this page. */
    private Optional<String> elsewhere(@Nullable OpenIdArrival arrival, @Nullable AccountPrincipal principal) {
        if (principal != null) {
            return Optional.of("redirect:/");
        }
        // In another window, a moment ago: there is one account of theirs, and no second one.
        return arrival != null && links.account(arrival).isPresent()
                ? Optional.of("redirect:/login/with/" + arrival.provider())
                : Optional.empty();
    }

    /** What the service proved is not typed. */
    private static Vouched.Newcomer newcomer(Form form, OpenIdArrival arrival) {
        return new Vouched.Newcomer(
                form.username(),
                arrival.emailProved() ? arrival.email() : form.email(),
                arrival.emailProved(),
                arrival.trip().invite(),
                form.reason());
    }

    private Optional<String> join(
            Vouched.Newcomer newcomer,
            OpenIdArrival arrival,
            BindingResult errors,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response) {
        AtomicReference<OpenIdLinks.Linked> linked = new AtomicReference<>(OpenIdLinks.Linked.DONE);
        Registration done;
        try {
            done = vouched.join(newcomer, id -> {
                linked.set(links.link(id, arrival));
                if (linked.get() != OpenIdLinks.Linked.DONE) {
                    throw new TakenException();
                }
                if (!newcomer.proven()) {
                    mail.sendVerification(id, locale, request);
                }
            });
        } catch (TakenException twice) {
            return Optional.of("redirect:/login/with/" + arrival.provider());
        }
        return switch (done) {
            case Registration.Refused(String field, String messageKey) -> {
                errors.rejectValue(field, messageKey);
                yield Optional.empty();
            }
            case Registration.Waiting() -> Optional.of("redirect:/signup/waiting");
            case Registration.Done(AccountPrincipal joined) -> {
                signIn.signIn(joined, Proofs.SERVICE, request, response);
                yield Optional.of(
                        "redirect:" + LocalRedirect.orElse(arrival.trip().next(), "/studio"));
            }
        };
    }

    /** Undoes what was begun. */
    private static final class TakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Told to whoever reads the mail of an address, and to nobody else. */
    private Vouched.Owner ownerOf(OpenIdArrival arrival) {
        return arrival.emailProved() ? vouched.ownerOf(arrival.email()) : Vouched.Owner.NOBODY;
    }

    private String page(OpenIdArrival arrival, Form form, BindingResult errors, Model model) {
        SignUpMode mode = joining.admits(arrival.trip().invite()) ? SignUpMode.OPEN : joining.mode();
        model.addAttribute("form", form);
        model.addAttribute(BindingResult.MODEL_KEY_PREFIX + "form", errors);
        model.addAttribute("service", arrival.service());
        model.addAttribute("proved", arrival.emailProved());
        model.addAttribute("address", arrival.email());
        model.addAttribute("owner", ownerOf(arrival).name());
        model.addAttribute("mode", mode.name());
        return PAGE;
    }
}
