// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.SignInBudget.Outcome;
import live.millrace.platform.account.SignInBudget.Verdict;
import live.millrace.platform.account.TooBusyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;

/** Changes the password of whoever is signed in. */
@Controller
class PasswordController {
    private static final String PAGE = "account/password";

    private final Accounts accounts;
    private final SignInBudget budget;

    PasswordController(Accounts accounts, SignInBudget budget) {
        this.accounts = accounts;
        this.budget = budget;
    }

    @GetMapping("/settings/password")
    String form(Model model) {
        model.addAttribute("form", new PasswordForm("", "", true, false));
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
