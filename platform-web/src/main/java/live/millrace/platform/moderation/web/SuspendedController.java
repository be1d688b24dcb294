// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.SuspendedVisit;
import live.millrace.platform.moderation.CaseView;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.shared.Secrets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * What a suspended person sees in the place of the site once their password was right: why, until when, and a way to ask for
 * another look. They are not signed in; the address is theirs for some minutes.
 */
@Controller
class SuspendedController implements SuspendedVisit {
    private final Accounts accounts;
    private final Cases cases;
    private final Cache<String, Long> visits = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(30))
            .build();

    SuspendedController(Accounts accounts, Cases cases) {
        this.accounts = accounts;
        this.cases = cases;
    }

    @Override
    public String open(long accountId) {
        String token = Secrets.make();
        visits.put(token, accountId);
        return "/suspended/" + token;
    }

    private AccountView account(String token) {
        Long accountId = visits.getIfPresent(token);
        if (accountId == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return accounts.find(accountId)
                .filter(AccountView::suspended)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** The decision that suspended them, if it was one about a report. */
    private @Nullable CaseView decision(AccountView account) {
        return cases.about(account.id(), 20).stream()
                .filter(CaseView::decided)
                .filter(view -> view.appealable() || view.appeal() != null)
                .findFirst()
                .orElse(null);
    }

    @GetMapping("/suspended/{token}")
    String page(@PathVariable String token, Model model) {
        AccountView account = account(token);
        model.addAttribute("account", account);
        model.addAttribute("one", decision(account));
        model.addAttribute("token", token);
        return "moderation/suspended";
    }

    @PostMapping("/suspended/{token}")
    String appeal(@PathVariable String token, @RequestParam(defaultValue = "") String text) {
        AccountView account = account(token);
        CaseView view = decision(account);
        boolean taken = view != null && cases.appeal(view.id(), account.id(), text);
        return "redirect:/suspended/" + token + "?said=" + (taken ? "appealed" : "late");
    }
}
