// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Farewell;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.account.SignInBudget;
import live.millrace.platform.account.SignInBudget.Outcome;
import live.millrace.platform.account.SignInBudget.Verdict;
import live.millrace.platform.account.TooBusyException;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.shared.web.LookCookies;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What people set about their account: language, theme, and its end. */
@Controller
class SettingsController {
    private static final String PAGE = "/settings/account";
    private static final Set<String> LANGUAGES = Set.of("en", "zh-CN");
    private static final Set<String> THEMES = Set.of("auto", "light", "dark");

    private final Accounts accounts;
    private final MailLinks mail;
    private final Farewell farewell;
    private final SignInBudget budget;
    private final Vouched vouched;
    private final NoPassword none;

    SettingsController(
            Accounts accounts,
            MailLinks mail,
            Farewell farewell,
            SignInBudget budget,
            Vouched vouched,
            NoPassword none) {
        this.vouched = vouched;
        this.none = none;
        this.farewell = farewell;
        this.budget = budget;
        this.accounts = accounts;
        this.mail = mail;
    }

    @GetMapping(PAGE)
    String account(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        model.addAttribute(
                "preferences", accounts.preferences(principal.accountId()).orElseThrow());
        model.addAttribute("mail", mail.available());
        model.addAttribute("withoutPassword", none.of(principal));
        return "settings/account";
    }

    @PostMapping(PAGE)
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
        Optional<String> first = none.asks(principal, PAGE);
        if (first.isPresent()) {
            return first.get();
        }
        boolean without = none.of(principal);
        AtomicReference<Accounts.Leaving> leaving = new AtomicReference<>(Accounts.Leaving.WRONG_PASSWORD);
        Guessed guessed;
        try {
            Verdict verdict = budget.ask(principal.accountId(), request, () -> {
                leaving.set(
                        without
                                ? vouched.deleteSoon(principal.accountId())
                                : accounts.deleteSoon(principal.accountId(), password));
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
}
