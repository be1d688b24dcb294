// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Farewell;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.SignInBudget.Outcome;
import live.millrace.platform.account.SignInBudget.Verdict;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.shared.web.LookCookies;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** What people set about their account: language, theme, tokens, and its end. */
@Controller
class SettingsController {
    private static final Set<String> LANGUAGES = Set.of("en", "zh-CN");
    private static final Set<String> THEMES = Set.of("auto", "light", "dark");

    private final Accounts accounts;
    private final AccessTokens tokens;
    private final MailLinks mail;
    private final Farewell farewell;
    private final SignInBudget budget;

    SettingsController(
            Accounts accounts, AccessTokens tokens, MailLinks mail, Farewell farewell, SignInBudget budget) {
        this.farewell = farewell;
        this.budget = budget;
        this.accounts = accounts;
        this.tokens = tokens;
        this.mail = mail;
    }

    @GetMapping("/settings/account")
    String account(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        model.addAttribute(
                "preferences", accounts.preferences(principal.accountId()).orElseThrow());
        model.addAttribute("mail", mail.available());
        return "settings/account";
    }

    @PostMapping("/settings/account")
    String prefer(
            @RequestParam(defaultValue = "") String language,
            @RequestParam(defaultValue = "auto") String theme,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response) {
        String wanted = LANGUAGES.contains(language) ? language : null;
        String look = THEMES.contains(theme) ? theme : "auto";
        accounts.prefer(principal.accountId(), wanted, look);
        LookCookies.theme(response, look);
        if (wanted != null) {
            LookCookies.language(response, wanted);
        }
        return "redirect:/settings/account?saved";
    }

    @PostMapping("/settings/delete")
    String delete(
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "false") boolean comments,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        AtomicReference<Accounts.Leaving> leaving = new AtomicReference<>(Accounts.Leaving.WRONG_PASSWORD);
        Guessed guessed;
        try {
            Verdict verdict = budget.ask(principal.accountId(), request, () -> {
                leaving.set(accounts.deleteSoon(principal.accountId(), password));
                return leaving.get() != Accounts.Leaving.WRONG_PASSWORD;
            });
            if (verdict.outcome() == Outcome.ENDED) {
                return Guessed.ENDED;
            }
            if (leaving.get() == Accounts.Leaving.AGREED) {
                farewell.wish(principal.accountId(), comments);
                return "redirect:/settings/account?leaving";
            }
            guessed = Guessed.of(verdict, response);
        } catch (TooBusyException busy) {
            guessed = Guessed.busy(response);
        }
        model.addAttribute(
                "deleteError",
                leaving.get() == Accounts.Leaving.LAST_OWNER ? new Guessed("settings.delete.last-owner", 0) : guessed);
        return account(principal, model);
    }

    @PostMapping("/settings/keep")
    String keep(@AuthenticationPrincipal AccountPrincipal principal) {
        accounts.keep(principal.accountId());
        return "redirect:/settings/account?kept";
    }

    // ---- tokens -----------------------------------------------------------------------------------------------

    @GetMapping("/settings/tokens")
    String tokens(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        return tokens(principal, null, null, model);
    }

    private String tokens(AccountPrincipal principal, @Nullable String created, @Nullable String error, Model model) {
        model.addAttribute("tokens", tokens.ofAccount(principal.accountId()));
        model.addAttribute("created", created);
        model.addAttribute("error", error);
        return "settings/tokens";
    }

    /** Answers with the page itself: the token is shown here and never again. */
    @PostMapping("/settings/tokens")
    String createToken(
            @RequestParam(defaultValue = "") String name,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        String stripped = name.strip();
        boolean named = !stripped.isEmpty() && stripped.length() <= AccessTokens.MAX_NAME;
        Optional<String> created = named ? tokens.create(principal.accountId(), stripped) : Optional.empty();
        response.setHeader("Cache-Control", "no-store");
        if (created.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return tokens(principal, null, named ? "settings.tokens.many" : "settings.tokens.name.length", model);
        }
        return tokens(principal, created.get(), null, model);
    }

    @PostMapping("/settings/tokens/{id}/revoke")
    String revokeToken(@PathVariable long id, @AuthenticationPrincipal AccountPrincipal principal) {
        if (!tokens.revoke(principal.accountId(), id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return "redirect:/settings/tokens?revoked";
    }
}
