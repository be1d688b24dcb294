// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds the bodies that are read whole, such as JSON: forms and uploads have limits of their own. One that says that it is larger is
 * answered 413; one that says nothing is cut off where it becomes too large, and cannot be read then.
 */
final class BodyLimit extends OncePerRequestFilter {
    /** The longest text that anybody sends is some thousand characters. */
    static final int MOST_BYTES = 256 << 10;

    /** A piece of a file: whoever takes it counts its bytes as they come. */
    private static final PathPatternRequestMatcher PIECE =
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.PATCH, "/api/v1/channels/*/uploads/*");

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        if (PIECE.matches(request)) {
            return true;
        }
        String type = request.getContentType();
        return type != null
                && (type.regionMatches(true, 0, "multipart/", 0, "multipart/".length())
                        || type.regionMatches(
                                true,
                                0,
                                "application/x-www-form-urlencoded",
                                0,
                                "application/x-www-form-urlencoded".length()));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > MOST_BYTES) {
            response.sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
        } else if (request.getContentLengthLong() < 0) {
            chain.doFilter(new Bounded(request), response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static final class Bounded extends HttpServletRequestWrapper {
        Bounded(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new BoundedInput(super.getInputStream());
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class BoundedInput extends ServletInputStream {
        private final ServletInputStream body;
        private int left = MOST_BYTES;

        BoundedInput(ServletInputStream body) {
            this.body = body;
        }

        private int counted(int bytes) throws IOException {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw new IOException("The body is too large");
            }
            return bytes;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            counted(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            return counted(body.read(into, from, most));
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
