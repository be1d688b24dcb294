// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.stereotype.Component;

/**
 * Removes sessions that ran out, among the work that may fail while the database is away: the repository's own schedule writes a stack
 * trace each minute.
 */
@Component
class SessionCleaning {
    private final JdbcIndexedSessionRepository sessions;

    SessionCleaning(JdbcIndexedSessionRepository sessions) {
        this.sessions = sessions;
    }

    @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
    void clean() {
        sessions.cleanUpExpiredSessions();
    }
}
