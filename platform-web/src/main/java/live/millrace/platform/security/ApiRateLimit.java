// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * How often one address may ask the API. Every answer says what is left (draft-ietf-httpapi-ratelimit-headers); beyond it comes 429
 * with the time to wait.
 */
@Component
class ApiRateLimit extends OncePerRequestFilter {
    private static final int AT_ONCE = 300;
    private static final int PER_MINUTE = 600;

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 50;

    private static final PathPatternRequestMatcher API =
            PathPatternRequestMatcher.withDefaults().matcher("/api/**");
    private static final PathPatternRequestMatcher SOCKET =
            PathPatternRequestMatcher.withDefaults().matcher("/api/v1/socket");

    private final JsonMapper json;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build();

    ApiRateLimit(JsonMapper json) {
        this.json = json;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        // As addresses are understood, not as they are written. The socket has limits of its own.
        return !API.matches(request) || SOCKET.matches(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String address = request.getRemoteAddr();
        int share = RemoteAddress.nearby(address) ? NEARBY : 1;
        ConsumptionProbe probe = buckets.get(
                        RemoteAddress.network(address),
                        _ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity((long) AT_ONCE * share)
                                        .refillGreedy((long) PER_MINUTE * share, Duration.ofMinutes(1)))
                                .build())
                .tryConsumeAndReturnRemaining(1);
        response.setHeader("RateLimit-Limit", Integer.toString(AT_ONCE * share));
        response.setHeader("RateLimit-Remaining", Long.toString(probe.getRemainingTokens()));
        response.setHeader(
                "RateLimit-Reset", Long.toString(TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForReset()) + 1));
        if (probe.isConsumed()) {
            chain.doFilter(request, response);
            return;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
        response.setHeader("Retry-After", Long.toString(seconds));
        ApiProblems.write(
                response, json, HttpStatus.TOO_MANY_REQUESTS, "Too many requests. Try again in " + seconds + " s.");
    }
}
