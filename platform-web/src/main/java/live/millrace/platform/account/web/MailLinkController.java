// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.TooBusyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * Where the links in mails lead. A link shows a page with a button, because programs that look after mail open links too, and each
 * works once.
 */
@Controller
class MailLinkController {
    private final MailLinks mail;

    MailLinkController(MailLinks mail) {
        this.mail = mail;
    }

    @GetMapping("/forgot")
    String forgotForm(Model model) {
        model.addAttribute("available", mail.available());
        return "account/forgot";
    }

    /** The same answer whether or not somebody has this address. */
    @PostMapping("/forgot")
    String forgot(@RequestParam(defaultValue = "") String email, Locale locale, HttpServletRequest request) {
        if (email.length() <= 254 && email.contains("@")) {
            mail.sendReset(email, locale, request);
        }
        return "redirect:/forgot?sent";
    }

    @GetMapping("/reset/{token}")
    String resetForm(@PathVariable String token, HttpServletResponse response, Model model) {
        return reset(token, null, response, model);
    }

    private String reset(
            String token, @org.jspecify.annotations.Nullable String error, HttpServletResponse response, Model model) {
        // The address holds the secret; it goes nowhere else.
        response.setHeader("Referrer-Policy", "no-referrer");
        boolean good = mail.admitsReset(token);
        model.addAttribute("good", good);
        model.addAttribute("token", token);
        model.addAttribute("error", error);
        if (!good) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
        } else if (error != null && response.getStatus() == HttpStatus.OK.value()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        }
        return "account/reset";
    }

    @PostMapping("/reset/{token}")
    String resetTo(
            @PathVariable String token,
            @RequestParam(defaultValue = "") String password,
            HttpServletResponse response,
            Model model) {
        if (password.length() < SignupForm.MIN_PASSWORD || password.length() > SignupForm.MAX_PASSWORD) {
            return reset(token, "account.password.length", response, model);
        }
        Optional<String> refusal = mail.resetRefusal(token, password);
        if (refusal.isPresent()) {
            return reset(token, refusal.get(), response, model);
        }
        try {
            return mail.reset(token, password)
                    ? "redirect:/login?reset&continue=/settings/security/reset"
                    : reset(token, null, response, model);
        } catch (TooBusyException busy) {
            return reset(token, Guessed.busy(response).messageKey(), response, model);
        }
    }

    @GetMapping("/verify/{token}")
    String verifyPage(@PathVariable String token, HttpServletResponse response, Model model) {
        response.setHeader("Referrer-Policy", "no-referrer");
        model.addAttribute("token", token);
        return "account/verify";
    }

    @PostMapping("/verify/{token}")
    String verify(@PathVariable String token) {
        return "redirect:/verify?" + (mail.verify(token) ? "done" : "dead");
    }

    @GetMapping("/verify")
    String verified() {
        return "account/verify";
    }

    @PostMapping("/settings/verification")
    String sendAgain(@AuthenticationPrincipal AccountPrincipal principal, Locale locale, HttpServletRequest request) {
        if (!mail.available()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        boolean sent = mail.sendVerification(principal.accountId(), locale, request);
        return "redirect:/settings/account?" + (sent ? "sent" : "wait");
    }
}
