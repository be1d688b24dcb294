// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.Proofs;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.stereotype.Component;

/**
 * Between a right password and a log-in, where a code is asked for as well: nobody is signed in yet. It is asked where every log-in has to
 * pass, just before the session becomes somebody's.
 */
@Component
public class SecondStep implements SessionAuthenticationStrategy {
    static final String PATH = "/login/code";

    private static final String ATTRIBUTE = "live.millrace.second-step";
    private static final Duration VALID = Duration.ofMinutes(10);

    private final AuthenticatorApps apps;
    private final Clock clock;

    SecondStep(AuthenticatorApps apps, Clock clock) {
        this.apps = apps;
        this.clock = clock;
    }

    /** Whose password was right, and when. Kept in the session. */
    record Waiting(long accountId, Instant since) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public void onAuthentication(
            @Nullable Authentication authentication, HttpServletRequest request, HttpServletResponse response) {
        if (authentication != null
                && authentication.getPrincipal() instanceof AccountPrincipal principal
                && !Proofs.strong(authentication)
                && apps.asked(principal.accountId())) {
            throw new SecondStepException(principal.accountId());
        }
    }

    void begin(long accountId, HttpServletRequest request) {
        if (request.getSession(false) != null) {
            request.changeSessionId();
        }
        request.getSession(true).setAttribute(ATTRIBUTE, new Waiting(accountId, clock.instant()));
    }

    /** Whether somebody is asked for a code at all. */
    public boolean waits(HttpServletRequest request) {
        return waiting(request).isPresent();
    }

    Optional<Waiting> waiting(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(ATTRIBUTE) instanceof Waiting waiting
                ? Optional.of(waiting).filter(held -> held.since().plus(VALID).isAfter(clock.instant()))
                : Optional.empty();
    }

    /** Takes a code; answers which proof it is, or nothing when it is wrong. */
    Optional<String> take(Waiting waiting, String typed) {
        return apps.take(waiting.accountId(), typed);
    }

    void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(ATTRIBUTE);
        }
    }
}
