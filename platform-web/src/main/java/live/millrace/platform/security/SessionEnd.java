// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpSession;
import live.millrace.platform.account.AccountDeleted;
import live.millrace.platform.account.AccountSuspended;
import live.millrace.platform.account.EverybodySignedOut;
import live.millrace.platform.account.PasswordChanged;
import live.millrace.platform.account.PasswordReset;
import live.millrace.platform.account.RoleChanged;
import live.millrace.platform.signin.ProofsRemoved;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Ends sessions that must not go on: all of a suspended account, all others after a new password. Sessions are rows beside the account's,
 * so they end in the transaction that says so: never without it, and it never without them.
 */
@Component
class SessionEnd {
    /** What no session is called. */
    private static final String NONE = "";

    private final JdbcClient database;

    SessionEnd(JdbcClient database) {
        this.database = database;
    }

    @EventListener
    void on(AccountSuspended event) {
        end(event.username(), NONE);
    }

    @EventListener
    void on(RoleChanged event) {
        end(event.username(), NONE);
    }

    @EventListener
    void on(AccountDeleted event) {
        end(event.username(), NONE);
    }

    /** Whoever was in while somebody else had to ask for a mail. */
    @EventListener
    void on(PasswordReset event) {
        end(event.username(), NONE);
    }

    @EventListener
    void on(ProofsRemoved event) {
        end(event.username(), NONE);
    }

    /** Whoever said so stays. */
    @EventListener
    void on(EverybodySignedOut event) {
        database.sql("delete from spring_session where principal_name <> ?")
                .param(event.username())
                .update();
    }

    /** Whoever changed it stays. */
    @EventListener
    void on(PasswordChanged event) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        // Asking for the id alone would begin a session for whoever has none.
        HttpSession own = request instanceof ServletRequestAttributes servlet
                ? servlet.getRequest().getSession(false)
                : null;
        end(event.username(), own == null ? NONE : SessionStore.stored(own.getId()));
    }

    private void end(String username, String except) {
        database.sql("delete from spring_session where principal_name = ? and session_id <> ?")
                .param(username)
                .param(except)
                .update();
    }
}
