// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Those who came by another service and have no account yet, while they choose a name. Kept in their session. */
@Component
public class OpenIdNewcomers {
    /** Where they choose it. */
    public static final String PATH = "/signup/with";

    private static final String ATTRIBUTE = "live.millrace.openid-newcomer";
    private static final Duration VALID = Duration.ofMinutes(30);

    private final Clock clock;

    public OpenIdNewcomers(Clock clock) {
        this.clock = clock;
    }

    /** Who it is, and since when. */
    private record Waiting(OpenIdArrival arrival, Instant since) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /** In a session with a fresh id. */
    public void keep(OpenIdArrival arrival, HttpServletRequest request) {
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        request.getSession(true).setAttribute(ATTRIBUTE, new Waiting(arrival, clock.instant()));
    }

    public Optional<OpenIdArrival> find(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(ATTRIBUTE) instanceof Waiting waiting
                ? Optional.of(waiting)
                        .filter(held -> held.since().plus(VALID).isAfter(clock.instant()))
                        .map(Waiting::arrival)
                : Optional.empty();
    }

    public void forget(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(ATTRIBUTE);
        }
    }
}
