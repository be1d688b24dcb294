// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.time.Duration;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.live.Broadcasting;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The console. For everybody but admins it does not exist; the filter chain sees to that. */
@Controller
class AdminController {
    private static final Logger LOG = LoggerFactory.getLogger(AdminController.class);
    private static final int MAX_BLOCK_MINUTES = 7 * 24 * 60;
    private static final int MAX_REASON = 200;

    private final Engine engine;
    private final Broadcasting broadcasting;
    private final Accounts accounts;

    AdminController(Engine engine, Broadcasting broadcasting, Accounts accounts) {
        this.engine = engine;
        this.broadcasting = broadcasting;
        this.accounts = accounts;
    }

    @GetMapping("/admin")
    String overview(@RequestParam(required = false) @Nullable String account, Model model) {
        model.addAttribute("live", engine.live());
        model.addAttribute("strangers", broadcasting.strangers());
        if (account != null && !account.isBlank()) {
            Optional<AccountView> found = accounts.findByUsername(account.strip());
            model.addAttribute("searched", account.strip());
            model.addAttribute("found", found.orElse(null));
        }
        return "admin/index";
    }

    @PostMapping("/admin/streams/end")
    String end(
            @RequestParam String channel,
            @RequestParam(defaultValue = "10") int minutes,
            @AuthenticationPrincipal AccountPrincipal admin) {
        int block = Math.clamp(minutes, 0, MAX_BLOCK_MINUTES);
        boolean ended = broadcasting.endAndBlock(channel, Duration.ofMinutes(block));
        LOG.info(
                "{} ended the stream of {} and blocked its key for {} min: {}",
                admin.getUsername(),
                clean(channel),
                block,
                ended);
        return "redirect:/admin?" + (ended ? "ended" : "gone");
    }

    @PostMapping("/admin/accounts/suspend")
    String suspend(
            @RequestParam String username,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal admin) {
        Optional<AccountView> found = accounts.findByUsername(username.strip());
        if (found.isEmpty()) {
            return "redirect:/admin?unknown";
        }
        if (found.get().id() == admin.accountId()) {
            return "redirect:/admin?self";
        }
        String why = reason.strip();
        accounts.suspend(found.get().id(), why.substring(0, Math.min(why.length(), MAX_REASON)));
        LOG.info("{} suspended {}", admin.getUsername(), found.get().username());
        return "redirect:/admin?suspended&account=" + found.get().username();
    }

    @PostMapping("/admin/accounts/restore")
    String restore(@RequestParam String username, @AuthenticationPrincipal AccountPrincipal admin) {
        Optional<AccountView> found = accounts.findByUsername(username.strip());
        if (found.isEmpty()) {
            return "redirect:/admin?unknown";
        }
        accounts.restore(found.get().id());
        LOG.info("{} restored {}", admin.getUsername(), found.get().username());
        return "redirect:/admin?restored&account=" + found.get().username();
    }

    private static String clean(String text) {
        return text.replaceAll("[^A-Za-z0-9_-]", "?");
    }
}
