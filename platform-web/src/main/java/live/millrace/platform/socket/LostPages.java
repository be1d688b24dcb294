// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.EverybodySignedOut;
import live.millrace.platform.account.SignedInAccounts;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Closes pages whose account has no session any more, and those of programs whose token is no longer good. A socket asks who somebody is
 * when it opens, and then never again; a session or a token may run out meanwhile, or end at the very moment at which the socket opens.
 */
@Component
class LostPages {
    private final PageSocketHandler sockets;
    private final SignedInAccounts sessions;
    private final AccessTokens tokens;

    LostPages(PageSocketHandler sockets, SignedInAccounts sessions, AccessTokens tokens) {
        this.sockets = sockets;
        this.sessions = sessions;
        this.tokens = tokens;
    }

    @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
    void close() {
        sockets.closePrograms(token -> tokens.identify(token).isPresent());
        Map<String, Long> open = new HashMap<>();
        for (AccountPrincipal principal : sockets.signedIn()) {
            open.put(principal.getUsername(), principal.accountId());
        }
        if (open.isEmpty()) {
            return;
        }
        Set<String> known = sessions.among(open.keySet());
        open.forEach((name, accountId) -> {
            if (!known.contains(name)) {
                sockets.disconnect(accountId);
            }
        });
    }

    @TransactionalEventListener
    void on(EverybodySignedOut event) {
        sockets.signedIn().stream()
                .map(AccountPrincipal::accountId)
                .filter(id -> id != event.accountId())
                .distinct()
                .forEach(sockets::disconnect);
    }
}
