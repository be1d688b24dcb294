// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.signin.ProofRemoval;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** For admins: whoever lost every device is let in with their password again. */
@Controller
class ProofsConsoleController {
    private static final int MOST_REASON = 300;

    private final Accounts accounts;
    private final ProofRemoval removal;

    ProofsConsoleController(Accounts accounts, ProofRemoval removal) {
        this.accounts = accounts;
        this.removal = removal;
    }

    @PostMapping("/admin/users/{name}/proofs")
    String remove(
            @PathVariable String name,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal staff) {
        AccountView account =
                accounts.findByUsername(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        String to = "redirect:/admin/users/" + account.username() + "?said=";
        String why = WellFormed.cut(reason.replaceAll("\\p{Cntrl}+", " ").strip(), MOST_REASON);
        if (why.isEmpty()) {
            return to + "reason";
        }
        // Nobody weakens an account above their own; one owner helps another, since nobody else could.
        boolean above = account.role().atLeast(Role.MODERATOR) && account.role().atLeast(staff.role());
        if (account.id() == staff.accountId() || (above && staff.role() != Role.OWNER)) {
            return to + "senior";
        }
        return to + (removal.of(account, staff.actor(), why) ? "done" : "none");
    }
}
