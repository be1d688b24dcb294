// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.signin.ProofRemoval;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The way back in for an owner who lost every device, and whom nobody else could help: whoever starts the site says whose proofs to take
 * off, {@code --millrace.forget-proofs=NAME}. The password is asked as before.
 */
@Component
class LostProofs {
    private static final Logger LOG = LoggerFactory.getLogger(LostProofs.class);

    private final Accounts accounts;
    private final ProofRemoval removal;
    private final String name;

    LostProofs(Accounts accounts, ProofRemoval removal, @Value("${millrace.forget-proofs:}") String name) {
        this.accounts = accounts;
        this.removal = removal;
        this.name = name;
    }

    @EventListener(ApplicationReadyEvent.class)
    void forget() {
        if (name.isBlank()) {
            return;
        }
        AccountView account = accounts.findByUsername(name.strip()).orElse(null);
        if (account == null) {
            LOG.warn("millrace.forget-proofs: nobody is called {}", name);
        } else if (removal.of(account, Actor.SITE, "millrace.forget-proofs")) {
            LOG.warn(
                    "Passkeys, authenticator app and recovery codes of {} are taken off. Start the site without"
                            + " millrace.forget-proofs from now on: else each start takes off those that are set up meanwhile.",
                    account.username());
        }
    }
}
