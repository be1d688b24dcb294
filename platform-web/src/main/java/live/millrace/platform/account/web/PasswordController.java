// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
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

    PasswordController(Accounts accounts) {
        this.accounts = accounts;
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
            HttpServletResponse response) {
        if (!errors.hasErrors()
                && !accounts.changePassword(
                        principal.accountId(),
                        form.current(),
                        form.replacement(),
                        Boolean.TRUE.equals(form.tokens()),
                        Boolean.TRUE.equals(form.keys()))) {
            errors.rejectValue("current", "account.password.wrong");
        }
        if (errors.hasErrors()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return PAGE;
        }
        return "redirect:/settings/password?changed";
    }
}
