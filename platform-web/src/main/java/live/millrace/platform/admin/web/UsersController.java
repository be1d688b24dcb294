// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.camera.CameraRights;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.moderation.StaffRights;
import live.millrace.platform.moderation.StaffRights.Measure;
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

/** People: who they are, what became of them, and what staff can do. */
@Controller
class UsersController {
    private static final int SHOWN = 20;

    /** What can be done to many at once. */
    enum Action {
        SUSPEND,
        RESTORE,
        SUSPEND_STREAMING,
        RESTORE_STREAMING
    }

    private final ConsoleLists lists;
    private final Accounts accounts;
    private final KnownAddresses addresses;
    private final Channels channels;
    private final ExtraChannels extra;
    private final Cases cases;
    private final Audit audit;
    private final Clock clock;
    private final StaffRights rights;
    private final CameraRights cameras;

    UsersController(
            ConsoleLists lists,
            Accounts accounts,
            KnownAddresses addresses,
            Channels channels,
            ExtraChannels extra,
            Cases cases,
            Audit audit,
            Clock clock,
            StaffRights rights,
            CameraRights cameras) {
        this.lists = lists;
        this.accounts = accounts;
        this.addresses = addresses;
        this.channels = channels;
        this.extra = extra;
        this.cases = cases;
        this.audit = audit;
        this.clock = clock;
        this.rights = rights;
        this.cameras = cameras;
    }

    @GetMapping("/admin/users")
    String users(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String role,
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "") String before,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model) {
        ConsoleLists.Page<ConsoleLists.UserRow> page = lists.users(q, role, state, before, staff.admin());
        Looks.mailSearch(audit, staff, q, page.items());
        model.addAttribute("page", page);
        model.addAttribute("q", q);
        model.addAttribute("role", role);
        model.addAttribute("roles", Role.values());
        model.addAttribute("state", state);
        return "admin/users";
    }

    @GetMapping("/admin/users/{name}")
    String user(@PathVariable String name, @AuthenticationPrincipal AccountPrincipal staff, Model model) {
        return user(account(name), staff, model);
    }

    private String user(AccountView account, AccountPrincipal staff, Model model) {
        model.addAttribute("account", account);
        model.addAttribute("channel", channels.ofAccount(account.id()));
        model.addAttribute("channels", channels.allOf(account.id()));
        model.addAttribute("allowance", extra.allowance(account.id()));
        model.addAttribute("mostChannels", ExtraChannels.MOST);
        model.addAttribute("cameras", cameras.of(account.id()));
        boolean self = account.id() == staff.accountId();
        // What is about oneself is read on one's own pages, where everybody reads it: without who reported, and who
        // looked.
        model.addAttribute("self", self);
        model.addAttribute("cases", cases.about(account.id(), staff, SHOWN));
        model.addAttribute("strikes", self ? List.of() : cases.strikes(account.id()));
        model.addAttribute("roles", Role.values());
        model.addAttribute("refused", rights.againstPerson(staff, account).orElse(null));
        model.addAttribute("mayName", staff.role() == Role.OWNER);
        SeenEntries seen = new SeenEntries(cases, staff);
        model.addAttribute(
                "trace",
                self
                        ? List.of()
                        : audit
                                .find(
                                        new Audit.Search(null, null, account.username(), null, null),
                                        Long.MAX_VALUE,
                                        SHOWN)
                                .stream()
                                .filter(seen::seen)
                                .toList());
        return "admin/user";
    }

    /** E-mail and addresses: private, so that whoever looks leaves a trace. */
    @PostMapping("/admin/users/{name}/addresses")
    String addresses(@PathVariable String name, @AuthenticationPrincipal AccountPrincipal staff, Model model) {
        AccountView account = account(name);
        audit.look(staff.actor(), "look.addresses", account.username(), account.id());
        model.addAttribute("email", lists.email(account.id()).orElse(""));
        model.addAttribute("addresses", addresses.of(account.id()));
        return user(account, staff, model);
    }

    /** By user name, or by the name of one of their channels: reports and lists of channels lead here as well. */
    private AccountView account(String name) {
        return accounts.findByUsername(name)
                .or(() -> channels.find(name).flatMap(channel -> accounts.find(channel.accountId())))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** Nobody acts against themselves or whoever is as high, and nobody takes back what somebody above them did. */
    private Optional<String> against(AccountPrincipal staff, AccountView account, Action action) {
        Measure measure = action == Action.SUSPEND || action == Action.RESTORE ? Measure.SUSPENSION : Measure.STREAMING;
        return rights.againstPerson(staff, account).or(() -> rights.againstChange(staff, measure, account.id()));
    }

    // ---- acting -----------------------------------------------------------------------------------------------

    @PostMapping("/admin/users")
    String act(
            @RequestParam(defaultValue = "") List<Long> id,
            @RequestParam Action action,
            @RequestParam(defaultValue = "0") int days,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(defaultValue = "") String back,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        String why = Reasons.text(reason);
        String to = back.matches("/admin/users(/[A-Za-z0-9_-]{1,24})?") ? back : "/admin/users";
        if (why.isEmpty() && (action == Action.SUSPEND || action == Action.SUSPEND_STREAMING)) {
            return "redirect:" + to + "?said=reason";
        }
        int done = 0;
        Optional<String> refused = Optional.empty();
        for (Long accountId : id.stream().distinct().limit(ConsoleLists.PAGE).toList()) {
            Optional<AccountView> account = accounts.find(accountId);
            if (account.isEmpty()) {
                continue;
            }
            Optional<String> against = against(staff, account.get(), action);
            if (against.isPresent()) {
                refused = against;
            } else {
                act(account.get(), action, days, why, staff);
                done++;
            }
        }
        if (done == 0 && refused.isPresent()) {
            return Refusals.page(refused.get(), model, response);
        }
        return "redirect:" + to + "?said=" + (done > 0 ? "done" : "none");
    }

    private void act(AccountView account, Action action, int days, String why, AccountPrincipal staff) {
        @Nullable Instant until = days <= 0 ? null : clock.instant().plus(Duration.ofDays(Math.min(days, 3_650)));
        String length = until == null ? "" : until.toString();
        switch (action) {
            case SUSPEND -> {
                Accounts.Change change = accounts.suspend(account.id(), why, until);
                rights.took(staff, Measure.SUSPENSION, account.id(), change.at());
                trace(staff, "user.suspend", account, why, length);
            }
            case RESTORE -> {
                accounts.restore(account.id());
                trace(staff, "user.restore", account, why, "");
            }
            case SUSPEND_STREAMING -> {
                Accounts.Change change = accounts.suspendStreaming(account.id(), until);
                rights.took(staff, Measure.STREAMING, account.id(), change.at());
                trace(staff, "user.suspend-streaming", account, why, length);
            }
            case RESTORE_STREAMING -> {
                accounts.restoreStreaming(account.id());
                trace(staff, "user.restore-streaming", account, why, "");
            }
        }
    }

    private void trace(AccountPrincipal staff, String action, AccountView account, String why, String details) {
        audit.add(staff.actor(), action, account.username(), account.id(), why, details);
    }

    /**
     * How many channels somebody may have beside their own. For admins; the filter chain sees to that.
     *
     * @param number empty: what their role allows
     */
    @PostMapping("/admin/users/{name}/channels")
    String channels(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable Integer number,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff) {
        AccountView account = account(name);
        String to = "redirect:/admin/users/" + account.username();
        String why = Reasons.text(reason);
        if (why.isEmpty()) {
            return to + "?said=reason";
        }
        if (number != null && (number < 0 || number > ExtraChannels.MOST)) {
            return to + "?said=value";
        }
        int before = extra.allowance(account.id()).allowed();
        extra.allow(account.id(), number);
        trace(
                staff,
                "user.channels",
                account,
                why,
                before + " → " + extra.allowance(account.id()).allowed());
        return to + "?said=done";
    }

    /** Whether somebody may name cameras in the private networks that this server reaches. For admins; the filter chain sees to that. */
    @PostMapping("/admin/users/{name}/cameras")
    String cameras(
            @PathVariable String name,
            @RequestParam(defaultValue = "false") boolean given,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff) {
        AccountView account = account(name);
        String why = Reasons.text(reason);
        if (why.isEmpty()) {
            return "redirect:/admin/users/" + account.username() + "?said=reason";
        }
        if (cameras.give(account.id(), given)) {
            trace(staff, given ? "user.cameras" : "user.cameras-back", account, why, "");
        }
        return "redirect:/admin/users/" + account.username() + "?said=done";
    }

    /** For the owner alone; the filter chain sees to that as well. */
    @PostMapping("/admin/users/{name}/role")
    String role(
            @PathVariable String name,
            @RequestParam Role role,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff) {
        AccountView account = account(name);
        String why = Reasons.text(reason);
        if (staff.role() != Role.OWNER) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        if (why.isEmpty()) {
            return "redirect:/admin/users/" + account.username() + "?said=reason";
        }
        if (!accounts.changeRole(account.id(), role)) {
            return "redirect:/admin/users/" + account.username() + "?said=last-owner";
        }
        trace(staff, "user.role", account, why, account.role() + " → " + role);
        return "redirect:/admin/users/" + account.username() + "?said=done";
    }
}
