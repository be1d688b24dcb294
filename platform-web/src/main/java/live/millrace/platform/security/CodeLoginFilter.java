// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import live.millrace.platform.signin.AuthenticatorApps;
import live.millrace.platform.signin.Proofs;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** The second step of a log-in: a code of an app, or one for recovery. */
final class CodeLoginFilter extends AbstractAuthenticationProcessingFilter {
    static final String FIELD = "code";

    private final SecondStep step;
    private final AuthenticatorApps apps;
    private final CodeTries tries;
    private final Admission admission;
    private final Clock clock;

    CodeLoginFilter(SecondStep step, AuthenticatorApps apps, CodeTries tries, Admission admission, Clock clock) {
        super(PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, SecondStep.PATH));
        this.step = step;
        this.apps = apps;
        this.tries = tries;
        this.admission = admission;
        this.clock = clock;
    }

    @Override
    public Authentication attemptAuthentication(HttpServletRequest request, HttpServletResponse response) {
        admission.address(request);
        SecondStep.Waiting waiting = step.waiting(request)
                .orElseThrow(() -> new AuthenticationCredentialsNotFoundException("no password before"));
        Duration wait = tries.take(waiting.accountId());
        if (!wait.isZero()) {
            throw new TooManyTriesException(wait);
        }
        String typed = request.getParameter(FIELD);
        String proof = apps.take(waiting.accountId(), typed == null ? "" : typed)
                .orElseThrow(() -> new BadCredentialsException("wrong code"));
        tries.right(waiting.accountId());
        Authentication admitted = admission.admit(
                waiting.accountId(), Map.of(Proofs.PASSWORD, waiting.since(), proof, clock.instant()), request);
        step.end(request);
        return admitted;
    }
}
