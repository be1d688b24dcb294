// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.watchdog;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Counts requests that came and requests that were answered. Outermost, so that a request waits here wherever it waits. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestTally implements Filter {
    private final AtomicLong came = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        came.incrementAndGet();
        try {
            chain.doFilter(request, response);
        } finally {
            answered.incrementAndGet();
        }
    }

    /** All that were answered, well or badly, since the start. */
    long answered() {
        return answered.get();
    }

    /** Requests that have no answer yet. */
    long waiting() {
        // In this order: between the two counts a request may be answered, never the other way round.
        long done = answered.get();
        return came.get() - done;
    }
}
