// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Farewell;
import live.millrace.platform.account.MailLinks;
import live.millrace.platform.shared.web.LookCookies;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What people set about their account: language, theme, and its end. */
@Controller
class SettingsController {
    private static final Set<String> LANGUAGES = Set.of("en", "zh-CN");
    private static final Set<String> THEMES = Set.of("auto", "light", "dark");

    private final Accounts accounts;
    private final MailLinks mail;
    private final Farewell farewell;

    SettingsController(Accounts accounts, MailLinks mail, Farewell farewell) {
        this.farewell = farewell;
        this.accounts = accounts;
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
            HttpServletResponse response,
            Model model) {
        Accounts.Leaving leaving = accounts.deleteSoon(principal.accountId(), password);
        if (leaving == Accounts.Leaving.AGREED) {
            farewell.wish(principal.accountId(), comments);
            return "redirect:/settings/account?leaving";
        }
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute(
                "deleteError",
                leaving == Accounts.Leaving.LAST_OWNER ? "settings.delete.last-owner" : "account.password.wrong");
        return account(principal, model);
    }

    @PostMapping("/settings/keep")
    String keep(@AuthenticationPrincipal AccountPrincipal principal) {
        accounts.keep(principal.accountId());
        return "redirect:/settings/account?kept";
    }
}
