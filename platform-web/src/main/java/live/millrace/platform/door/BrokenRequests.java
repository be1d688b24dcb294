// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.multipart.MultipartException;

/**
 * Answers what cannot be read, and drops what was given up, without a word in the log: whoever sends such things would fill it. They are
 * counted. Our own errors pass.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BrokenRequests extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(BrokenRequests.class);
    private static final int MOST_CAUSES = 16;

    private final Counter malformed;
    private final Counter aborted;

    BrokenRequests(MeterRegistry meters) {
        this.malformed = counter(meters, "malformed");
        this.aborted = counter(meters, "aborted");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("millrace.web.requests.broken")
                .description("Requests that could not be read, or whose sender left before the end")
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
            if (response.getStatus() == HttpStatus.BAD_REQUEST.value()) {
                malformed.increment();
            }
        } catch (IOException | ServletException | RuntimeException failure) {
            Throwable sender = sentBy(failure);
            if (sender == null) {
                throw failure;
            }
            LOG.debug("A request is broken", sender);
            if (sender instanceof ClientAbortException) {
                aborted.increment();
            } else {
                malformed.increment();
            }
            answer(request, response, sender);
        }
    }

    /** An error page is asked for with the same request, which is as broken then. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    /** What in a failure is the sender's doing; null where it is ours. */
    private static @Nullable Throwable sentBy(Throwable failure) {
        Throwable cause = failure;
        Throwable found = null;
        for (int deep = 0; cause != null && deep < MOST_CAUSES; deep++) {
            if (cause instanceof ClientAbortException) {
                return cause;
            }
            if (found == null
                    && (cause instanceof InvalidParameterException
                            || cause instanceof FileUploadException
                            || cause instanceof BadRequestException
                            || cause instanceof MultipartException)) {
                found = cause;
            }
            cause = cause.getCause();
        }
        return found;
    }

    private static void answer(HttpServletRequest request, HttpServletResponse response, Throwable sender)
            throws IOException {
        if (response.isCommitted() || sender instanceof ClientAbortException) {
            return;
        }
        HttpStatus status = sender instanceof InvalidParameterException refused && refused.getErrorCode() == 413
                ? HttpStatus.CONTENT_TOO_LARGE
                : HttpStatus.BAD_REQUEST;
        response.reset();
        response.setStatus(status.value());
        response.setHeader("Connection", "close"); // where the next request begins is not known
        response.setHeader("Cache-Control", "no-store");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        if (request.getRequestURI().startsWith("/api/")) {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getWriter()
                    .write("{\"title\":\"" + status.getReasonPhrase() + "\",\"status\":" + status.value()
                            + ",\"detail\":\"The request cannot be read.\"}");
        } else {
            response.setContentType(MediaType.TEXT_PLAIN_VALUE);
            response.getWriter().write("The request cannot be read. Go back and try again.\n");
        }
    }
}
