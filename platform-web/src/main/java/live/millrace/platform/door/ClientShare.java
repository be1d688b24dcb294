// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * How many requests of one client are answered at a time: each holds a thread. The client is the one that a named proxy tells, so that
 * nobody hides behind it; this machine and private networks are not limited, for a proxy that tells nothing may be there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ClientShare extends OncePerRequestFilter {
    private final Map<String, Integer> served = new ConcurrentHashMap<>();
    private final int most;
    private final Counter refused;

    ClientShare(DoorSettings settings, MeterRegistry meters) {
        this.most = settings.requestsPerAddress();
        this.refused = Counter.builder("millrace.web.requests.refused")
                .description("Requests of clients that had too many at a time")
                .register(meters);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String address = request.getRemoteAddr();
        if (RemoteAddress.nearby(address)) {
            chain.doFilter(request, response);
            return;
        }
        String client = RemoteAddress.network(address);
        try {
            if (served.merge(client, 1, Integer::sum) <= most) {
                chain.doFilter(request, response);
            } else {
                refused.increment();
                response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
                response.setHeader("Retry-After", "1");
                response.setContentType("text/plain;charset=UTF-8");
                response.getWriter().write("Too many requests of this address at a time. Try again in a moment.\n");
            }
        } finally {
            served.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        }
    }
}
