// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import live.millrace.platform.account.PasswordReset;
import live.millrace.platform.account.SessionsEnded;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** Pages whose session ended close their sockets; those of sessions that go on come back as before. */
@Component
class EndedSessions {
    private final PageSockets sockets;

    EndedSessions(PageSockets sockets) {
        this.sockets = sockets;
    }

    @TransactionalEventListener
    void on(PasswordReset event) {
        sockets.disconnect(event.accountId());
    }

    @TransactionalEventListener
    void on(SessionsEnded event) {
        sockets.disconnect(event.accountId());
    }
}
