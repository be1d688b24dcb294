// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.SignOut;
import live.millrace.platform.audit.Audit;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

/**
 * Ends sessions: of one person, when somebody else uses their account, or of everybody, when nobody knows whose. Nobody is punished by
 * it, and they log in again. The filter chain lets admins do the one and owners the other.
 */
@Controller
class SignOutController {
    private final Accounts accounts;
    private final SignOut signOut;
    private final Audit audit;

    SignOutController(Accounts accounts, SignOut signOut, Audit audit) {
        this.accounts = accounts;
        this.signOut = signOut;
        this.audit = audit;
    }

    /** Not of whoever may as much as they do; their own they end themselves. */
    @PostMapping("/admin/users/{name}/sign-out")
    String one(@PathVariable String name, @AuthenticationPrincipal AccountPrincipal staff) {
        AccountView account = accounts.findByUsername(name)
                .filter(found -> found.id() != staff.accountId())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        String to = "redirect:/admin/users/" + account.username() + "?said=";
        if (account.role().atLeast(staff.role())) {
            return to + "senior";
        }
        signOut.everywhere(account);
        audit.add(staff.actor(), "user.sign-out", account.username(), account.id(), "", "");
        return to + "done";
    }

    @PostMapping("/admin/sign-out")
    String everybody(@AuthenticationPrincipal AccountPrincipal staff) {
        signOut.everybody(staff);
        audit.add(staff.actor(), "site.sign-out", "", null, "", "");
        return "redirect:/admin/settings?said=done";
    }
}
