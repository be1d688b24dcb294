// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.CredentialsGivenUp;
import live.millrace.platform.account.SessionsEnded;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Where somebody is logged in, and how that ends. Sessions are known here by the hash of their id, which opens none. */
@Component
public class OpenSessions {
    /**
     * One session.
     *
     * @param handle names it, and opens nothing
     * @param browser what people call it; empty when it is not known
     * @param system the same
     * @param network where it began, or {@link SessionDevice#LOCAL}; empty when it is not known
     * @param own whether it is this one
     */
    public record OpenSession(
            String handle, String browser, String system, String network, Instant began, Instant used, boolean own) {
        /** Whether it began in this house. */
        public boolean local() {
            return network.equals(SessionDevice.LOCAL);
        }
    }

    private final FindByIndexNameSessionRepository<? extends Session> sessions;
    private final JdbcClient database;
    private final ApplicationEventPublisher events;

    OpenSessions(
            FindByIndexNameSessionRepository<? extends Session> sessions,
            JdbcClient database,
            ApplicationEventPublisher events) {
        this.sessions = sessions;
        this.database = database;
        this.events = events;
    }

    private static String own(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session == null ? "" : SessionStore.stored(session.getId());
    }

    private static String text(@Nullable Object attribute) {
        return attribute instanceof String text ? text : "";
    }

    /** This one first, then those that were used last. */
    public List<OpenSession> of(AccountPrincipal principal, HttpServletRequest request) {
        String own = own(request);
        Map<String, ? extends Session> found = sessions.findByPrincipalName(principal.getUsername());
        return found.entrySet().stream()
                .filter(entry -> !entry.getValue().isExpired()
                        && !SessionStore.tooOld(entry.getValue().getCreationTime()))
                .map(entry -> {
                    Session session = entry.getValue();
                    return new OpenSession(
                            entry.getKey(),
                            text(session.getAttribute(SessionDevice.BROWSER)),
                            text(session.getAttribute(SessionDevice.SYSTEM)),
                            text(session.getAttribute(SessionDevice.NETWORK)),
                            session.getCreationTime(),
                            session.getLastAccessedTime(),
                            entry.getKey().equals(own));
                })
                .sorted(Comparator.comparing(OpenSession::own)
                        .thenComparing(OpenSession::used)
                        .reversed())
                .toList();
    }

    /** Ends one of theirs; answers whether there was one. */
    @Transactional
    public boolean end(AccountPrincipal principal, String handle) {
        boolean ended = database.sql("delete from spring_session where principal_name = ? and session_id = ?")
                        .param(principal.getUsername())
                        .param(handle)
                        .update()
                > 0;
        if (ended) {
            events.publishEvent(new SessionsEnded(principal.accountId(), principal.getUsername(), false));
        }
        return ended;
    }

    /** Ends all of theirs but this one. */
    @Transactional
    public void endOthers(AccountPrincipal principal, HttpServletRequest request, boolean tokens) {
        database.sql("delete from spring_session where principal_name = ? and session_id <> ?")
                .param(principal.getUsername())
                .param(own(request))
                .update();
        events.publishEvent(new SessionsEnded(principal.accountId(), principal.getUsername(), true));
        events.publishEvent(new CredentialsGivenUp(principal.accountId(), tokens, false));
    }
}
