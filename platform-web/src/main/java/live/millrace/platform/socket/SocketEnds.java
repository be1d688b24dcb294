// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.PasswordReset;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.account.SessionsEnded;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Ends the sockets of whoever is not any more who they were when they came. */
@Component
class SocketEnds {
    private final PageSockets sockets;

    SocketEnds(PageSockets sockets) {
        this.sockets = sockets;
    }

    @TransactionalEventListener
    void on(AccountSuspended event) {
        sockets.disconnect(event.accountId());
    }

    @TransactionalEventListener
    void on(RoleChanged event) {
        sockets.disconnect(event.accountId());
    }

    @TransactionalEventListener
    void on(AccountDeleted event) {
        sockets.disconnect(event.accountId());
    }

    @TransactionalEventListener
    void on(PasswordChanged event) {
        sockets.disconnect(event.accountId());
    }

    @TransactionalEventListener
    void on(PasswordReset event) {
        sockets.disconnect(event.accountId());
    }

    /** Those of sessions that go on come back as before. */
    @TransactionalEventListener
    void on(SessionsEnded event) {
        sockets.disconnect(event.accountId());
    }

    /** Pages of whoever logged out close; those of their other browsers come back as before. */
    @EventListener
    void on(LogoutSuccessEvent event) {
        if (event.getAuthentication().getPrincipal() instanceof AccountPrincipal principal) {
            sockets.disconnect(principal.accountId());
        }
    }
}
