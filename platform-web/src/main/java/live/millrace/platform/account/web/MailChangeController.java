// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.MailChanges;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.SignInBudget.Outcome;
import live.millrace.platform.account.SignInBudget.Verdict;
import live.millrace.platform.account.TooBusyException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Another mail address for an account. Links show a page with a button first: programs that look after mail open links too. */
@Controller
class MailChangeController {
    private static final String PAGE = "account/email";

    private final MailChanges changes;
    private final SignInBudget budget;
    private final SettingsController settings;
    private final NoPassword none;

    MailChangeController(MailChanges changes, SignInBudget budget, SettingsController settings, NoPassword none) {
        this.none = none;
        this.changes = changes;
        this.budget = budget;
        this.settings = settings;
    }

    @PostMapping("/settings/email")
    String ask(
            @RequestParam(defaultValue = "") String email,
            @RequestParam(defaultValue = "") String password,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<String> first = none.asks(principal, "/settings/account");
        if (first.isPresent()) {
            return first.get();
        }
        boolean without = none.of(principal);
        String wanted = email.strip();
        AtomicReference<MailChanges.Asked> asked = new AtomicReference<>(MailChanges.Asked.WRONG_PASSWORD);
        Guessed guessed;
        if (!SignupForm.mail(wanted)) {
            guessed = Guessed.wrong("account.email.malformed", response);
        } else {
            try {
                Verdict verdict = budget.ask(principal.accountId(), request, () -> {
                    asked.set(
                            without
                                    ? changes.ask(principal.accountId(), wanted, locale, request)
                                    : changes.ask(principal.accountId(), password, wanted, locale, request));
                    return asked.get() != MailChanges.Asked.WRONG_PASSWORD;
                });
                if (verdict.outcome() == Outcome.ENDED) {
                    return Guessed.ENDED;
                }
                if (verdict.right()) {
                    return "redirect:/settings/account?"
                            + switch (asked.get()) {
                                case MAILED -> "mailed";
                                case CHANGED -> "changed";
                                default -> "wait";
                            };
                }
                guessed = Guessed.of(verdict, response);
            } catch (TooBusyException busy) {
                guessed = Guessed.busy(response);
            }
        }
        model.addAttribute("emailError", guessed);
        model.addAttribute("wantedEmail", wanted);
        return settings.account(principal, model);
    }

    @GetMapping("/email/{token}")
    String confirmForm(@PathVariable String token, HttpServletResponse response, Model model) {
        return page(false, "/email/" + token, response, model);
    }

    @PostMapping("/email/{token}")
    String confirm(@PathVariable String token, HttpServletRequest request) {
        return "redirect:/email?" + (changes.confirm(token, request) ? "done" : "dead");
    }

    @GetMapping("/email/undo/{token}")
    String undoForm(@PathVariable String token, HttpServletResponse response, Model model) {
        return page(true, "/email/undo/" + token, response, model);
    }

    /** And on to a new password. */
    @PostMapping("/email/undo/{token}")
    String undo(@PathVariable String token) {
        Optional<String> reset = changes.undo(token);
        return reset.map(secret -> "redirect:/reset/" + secret).orElse("redirect:/email?dead");
    }

    @GetMapping("/email")
    String done(HttpServletResponse response, Model model) {
        return page(false, "", response, model);
    }

    private static String page(boolean undo, String action, HttpServletResponse response, Model model) {
        // The address holds the secret; it goes nowhere else.
        response.setHeader("Referrer-Policy", "no-referrer");
        model.addAttribute("undo", undo);
        model.addAttribute("action", action);
        return PAGE;
    }
}
