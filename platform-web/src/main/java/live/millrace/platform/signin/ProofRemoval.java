// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.SessionsEnded;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.notification.Notices;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes off what proves somebody who lost all of it: the password alone is left, which they can have anew by mail. Their sessions end, they
 * are told, and the log keeps it.
 */
@Component
public class ProofRemoval {
    private final Passkeys passkeys;
    private final AuthenticatorApps apps;
    private final Notices notices;
    private final Audit audit;
    private final ApplicationEventPublisher events;

    public ProofRemoval(
            Passkeys passkeys, AuthenticatorApps apps, Notices notices, Audit audit, ApplicationEventPublisher events) {
        this.passkeys = passkeys;
        this.apps = apps;
        this.notices = notices;
        this.audit = audit;
        this.events = events;
    }

    /** Answers whether there was any. */
    @Transactional
    public boolean of(AccountView account, Actor actor, String reason) {
        boolean hadApp = apps.remove(account.id());
        boolean any = passkeys.removeAll(account.id()) || hadApp;
        if (any) {
            audit.add(actor, "user.proofs", account.username(), account.id(), reason, "");
            notices.tell(account.id(), "PROOFS_REMOVED", reason, "/settings/security");
            events.publishEvent(new ProofsRemoved(account.id(), account.username()));
            // Pages that are open close, which this part knows nothing of.
            events.publishEvent(new SessionsEnded(account.id(), account.username(), true));
        }
        return any;
    }
}
