// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import live.millrace.platform.account.NetworkTries;
import live.millrace.platform.signin.OpenIdArrival;
import live.millrace.platform.signin.OpenIdException;
import live.millrace.platform.signin.OpenIdFlow;
import live.millrace.platform.signin.OpenIdLinks;
import live.millrace.platform.signin.OpenIdTrip;
import live.millrace.platform.signin.Proofs;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * A log-in by another service, when it sends people back. Who came back for something else, signed in as they are, goes on to the page that
 * does it.
 */
final class OpenIdLoginFilter extends AbstractAuthenticationProcessingFilter {
    private static final String NUMBER = "provider";
    private static final RequestMatcher PATH =
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, "/login/with/{provider}/return");

    private final OpenIdFlow flow;
    private final OpenIdLinks links;
    private final NetworkTries tries;
    private final Admission admission;
    private final Clock clock;

    OpenIdLoginFilter(OpenIdFlow flow, OpenIdLinks links, NetworkTries tries, Admission admission, Clock clock) {
        super(request -> PATH.matches(request)
                && flow.trip(request)
                        .map(OpenIdTrip::purpose)
                        .filter(purpose -> purpose != OpenIdTrip.Purpose.LOG_IN)
                        .isEmpty());
        this.flow = flow;
        this.links = links;
        this.tries = tries;
        this.admission = admission;
        this.clock = clock;
    }

    /** What comes after it asks the request where to go on, which is in the cookie. */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        boolean back = PATH.matches(asked);
        super.doFilter(
                back
                        ? flow.trip(asked)
                                .filter(trip -> !trip.next().isEmpty())
                                .map(trip -> LoginSteps.bound(trip.next(), asked))
                                .orElse(asked)
                        : asked,
                response,
                chain);
    }

    @Override
    public Authentication attemptAuthentication(HttpServletRequest request, HttpServletResponse response) {
        admission.address(request);
        Duration wait = tries.take(NetworkTries.Work.SERVICE, request.getRemoteAddr());
        if (!wait.isZero()) {
            throw new TooManyTriesException(wait);
        }
        OpenIdArrival arrival =
                flow.arrive(provider(PATH.matcher(request).getVariables().get(NUMBER)), request, response);
        long accountId = links.account(arrival).orElseThrow(() -> new UnknownArrivalException(arrival));
        Authentication admitted = admission.admit(accountId, Map.of(Proofs.SERVICE, shownAt(arrival)), request);
        links.used(arrival);
        return admitted;
    }

    /**
     * When they showed who they are. A service that lets people in whom it knows from before says when that was; one that does not say it
     * was asked now.
     */
    private Instant shownAt(OpenIdArrival arrival) {
        Instant now = clock.instant();
        Instant said = arrival.authenticatedAt();
        return said == null || said.isAfter(now) ? now : said;
    }

    private static int provider(@Nullable String number) {
        try {
            return Integer.parseInt(String.valueOf(number));
        } catch (NumberFormatException none) {
            throw new OpenIdException(OpenIdException.Why.OFF, "no number");
        }
    }
}
