// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import live.millrace.platform.account.NetworkTries;
import live.millrace.platform.signin.Passkeys;
import live.millrace.platform.signin.Places;
import live.millrace.platform.signin.Proofs;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** A log-in with a passkey, and nothing beside it. */
final class PasskeyLoginFilter extends AbstractAuthenticationProcessingFilter {
    static final String PATH = "/login/passkey";
    static final String FIELD = "credential";

    private final Passkeys passkeys;
    private final Places places;
    private final NetworkTries tries;
    private final Admission admission;
    private final Clock clock;

    PasskeyLoginFilter(Passkeys passkeys, Places places, NetworkTries tries, Admission admission, Clock clock) {
        super(PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, PATH));
        this.passkeys = passkeys;
        this.places = places;
        this.tries = tries;
        this.admission = admission;
        this.clock = clock;
    }

    @Override
    public Authentication attemptAuthentication(HttpServletRequest request, HttpServletResponse response) {
        admission.address(request);
        Duration wait = tries.take(NetworkTries.Work.PASSKEY, request.getRemoteAddr());
        if (!wait.isZero()) {
            throw new TooManyTriesException(wait);
        }
        String shown = request.getParameter(FIELD);
        long accountId = places.of(request)
                .map(place -> passkeys.identify(shown == null ? "" : shown, place))
                .orElseThrow(PasskeyException::new)
                .orElseThrow(PasskeyException::new);
        return admission.admit(accountId, Map.of(Proofs.PASSKEY, clock.instant()), request);
    }
}
