// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.RoleChanged;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Ends sessions that must not go on: all of a suspended account, all others after a new password. Also when nobody knows whether it was
 * committed: whoever is logged out for nothing logs in again.
 */
@Component
class SessionEnd {
    /** Sessions of an account are over, but for one. */
    record Over(String username, @Nullable String except) {}

    private final FindByIndexNameSessionRepository<? extends Session> sessions;
    private final ApplicationEventPublisher events;

    SessionEnd(FindByIndexNameSessionRepository<? extends Session> sessions, ApplicationEventPublisher events) {
        this.sessions = sessions;
        this.events = events;
    }

    @TransactionalEventListener
    void on(AccountSuspended event) {
        end(event.username(), null);
    }

    @TransactionalEventListener
    void on(RoleChanged event) {
        end(event.username(), null);
    }

    @TransactionalEventListener
    void on(AccountDeleted event) {
        end(event.username(), null);
    }

    /** At once, while the request is here: what comes after the transaction may come when the database is back, on another thread. */
    @EventListener
    void on(PasswordChanged event) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        events.publishEvent(new Over(event.username(), request == null ? null : request.getSessionId()));
    }

    @TransactionalEventListener
    void on(Over event) {
        end(event.username(), event.except());
    }

    private void end(String username, @Nullable String except) {
        sessions.findByPrincipalName(username).keySet().stream()
                .filter(id -> !id.equals(except))
                .forEach(sessions::deleteById);
    }
}
