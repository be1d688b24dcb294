// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.util.function.Supplier;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.RegistrationLimit;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.SetupLink;
import live.millrace.platform.account.SignIn;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

/** Sign up, and the first admin's set-up, which is the same form behind a one-time link. */
@Controller
class SignupController {
    private static final String PAGE = "account/signup";

    private final Accounts accounts;
    private final SetupLink setup;
    private final SignIn signIn;
    private final RegistrationLimit limit;

    SignupController(Accounts accounts, SetupLink setup, SignIn signIn, RegistrationLimit limit) {
        this.accounts = accounts;
        this.setup = setup;
        this.signIn = signIn;
        this.limit = limit;
    }

    @GetMapping("/signup")
    String form(@AuthenticationPrincipal @Nullable AccountPrincipal principal, Model model) {
        if (principal != null) {
            return "redirect:/studio/connect";
        }
        return page(model, SignupForm.empty(), "/signup");
    }

    @PostMapping("/signup")
    String signUp(
            @Valid @ModelAttribute("form") SignupForm form,
            BindingResult errors,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!errors.hasErrors() && !limit.tryRegister(request.getRemoteAddr())) {
            errors.rejectValue("username", "account.signup.too-many");
        }
        return register(
                () -> accounts.register(form.username(), form.email(), form.password(), Role.USER),
                form,
                errors,
                model,
                "/signup",
                "/studio/connect",
                request,
                response);
    }

    @GetMapping("/setup/{token}")
    String setUpForm(@PathVariable String token, Model model) {
        requireValid(token);
        return page(model, SignupForm.empty(), "/setup/" + token);
    }

    @PostMapping("/setup/{token}")
    String setUp(
            @PathVariable String token,
            @Valid @ModelAttribute("form") SignupForm form,
            BindingResult errors,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response) {
        requireValid(token);
        return register(
                () -> setup.use(token, form.username(), form.email(), form.password()),
                form,
                errors,
                model,
                "/setup/" + token,
                "/admin",
                request,
                response);
    }

    private void requireValid(String token) {
        if (!setup.valid(token)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }

    private String register(
            Supplier<Registration> registration,
            SignupForm form,
            BindingResult errors,
            Model model,
            String action,
            String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (!errors.hasErrors()) {
            switch (registration.get()) {
                case Registration.Refused(String field, String messageKey) -> errors.rejectValue(field, messageKey);
                case Registration.Done(AccountPrincipal principal) -> {
                    signIn.signIn(principal, request, response);
                    return "redirect:" + next;
                }
            }
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(model, form, action);
    }

    private static String page(Model model, SignupForm form, String action) {
        model.addAttribute("form", form);
        model.addAttribute("action", action);
        model.addAttribute("setup", action.startsWith("/setup/"));
        return PAGE;
    }
}
