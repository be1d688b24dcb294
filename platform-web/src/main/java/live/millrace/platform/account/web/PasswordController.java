// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.SignInBudget.Outcome;
import live.millrace.platform.account.SignInBudget.Verdict;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.account.Vouched;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Changes the password of whoever is signed in. */
@Controller
class PasswordController {
    private static final String PAGE = "account/password";

    private final Accounts accounts;
    private final SignInBudget budget;
    private final Vouched vouched;
    private final NoPassword none;

    PasswordController(Accounts accounts, SignInBudget budget, Vouched vouched, NoPassword none) {
        this.accounts = accounts;
        this.budget = budget;
        this.vouched = vouched;
        this.none = none;
    }

    @GetMapping("/settings/password")
    String form(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        Optional<String> first = none.asks(principal, "/settings/password");
        if (first.isPresent()) {
            return first.get();
        }
        model.addAttribute("first", none.of(principal));
        model.addAttribute("form", new PasswordForm("", "", true, false));
        return PAGE;
    }

    /** The first password of whoever had none. */
    @PostMapping("/settings/password/first")
    String choose(
            @RequestParam(defaultValue = "") String replacement,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        Optional<String> before = none.asks(principal, "/settings/password");
        if (before.isPresent() || !none.of(principal)) {
            return before.orElse("redirect:/settings/password");
        }
        PasswordForm form = new PasswordForm("", replacement, true, false);
        BindingResult errors = new BeanPropertyBindingResult(form, "form");
        boolean fits =
                replacement.length() >= SignupForm.MIN_PASSWORD && replacement.length() <= SignupForm.MAX_PASSWORD;
        Optional<String> refusal = fits
                ? accounts.passwordRefusal(principal.accountId(), replacement)
                : Optional.of("account.password.length");
        if (refusal.isEmpty()) {
            try {
                vouched.choosePassword(principal.accountId(), replacement);
                return "redirect:/settings/password?changed";
            } catch (TooBusyException busy) {
                errors.rejectValue("replacement", Guessed.busy(response).messageKey());
            }
        } else {
            errors.rejectValue("replacement", refusal.get());
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        }
        model.addAttribute("first", true);
        model.addAttribute("form", form);
        model.addAttribute(BindingResult.MODEL_KEY_PREFIX + "form", errors);
        return PAGE;
    }

    @PostMapping("/settings/password")
    String change(
            @Valid @ModelAttribute("form") PasswordForm form,
            BindingResult errors,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!errors.hasErrors()) {
            accounts.passwordRefusal(principal.accountId(), form.replacement())
                    .ifPresent(refusal -> errors.rejectValue("replacement", refusal));
        }
        if (errors.hasErrors()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return PAGE;
        }
        Guessed guessed;
        try {
            Verdict verdict = budget.ask(
                    principal.accountId(),
                    request,
                    () -> accounts.changePassword(
                            principal.accountId(),
                            form.current(),
                            form.replacement(),
                            Boolean.TRUE.equals(form.tokens()),
                            Boolean.TRUE.equals(form.keys())));
            if (verdict.right()) {
                return "redirect:/settings/password?changed";
            }
            if (verdict.outcome() == Outcome.ENDED) {
                return Guessed.ENDED;
            }
            guessed = Guessed.of(verdict, response);
        } catch (TooBusyException busy) {
            guessed = Guessed.busy(response);
        }
        errors.rejectValue("current", guessed.messageKey(), guessed.arguments(), null);
        return PAGE;
    }
}
