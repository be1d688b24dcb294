// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import java.time.Duration;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.stereotype.Component;

/**
 * Removes sessions that ran out, among the work that may fail while the database is away: the repository's own schedule writes a stack
 * trace each minute.
 */
@Component
class SessionCleaning implements RecurringWork {
    private final JdbcIndexedSessionRepository sessions;

    SessionCleaning(JdbcIndexedSessionRepository sessions) {
        this.sessions = sessions;
    }

    @Override
    public String name() {
        return "forget.sessions";
    }

    @Override
    public Duration every() {
        return Duration.ofMinutes(1);
    }

    @Override
    public void run() {
        sessions.cleanUpExpiredSessions();
    }
}
