// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses requests whose address, fields or names of files are no text, before anybody asks for one of them: wherever it went
 * otherwise, a query would fail on it. Bodies in JSON are looked at where they are read.
 */
final class WellFormedRequests extends OncePerRequestFilter {
    private static final String ERROR = "/error";
    private static final PathPatternRequestMatcher ERROR_PAGE =
            PathPatternRequestMatcher.withDefaults().matcher(ERROR);

    private static final Logger LOG = LoggerFactory.getLogger(WellFormedRequests.class);

    static final String REFUSAL = "The request holds characters that no text holds.";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getDispatcherType() == DispatcherType.REQUEST && ERROR_PAGE.matches(request)) {
            // It is there for what went wrong; asked for by itself it is a page like any other that there is not.
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        String query = request.getQueryString();
        require(WellFormed.encoded(request.getRequestURI()) && (query == null || WellFormed.encoded(query)));
        for (Map.Entry<String, String[]> field : fields(request).entrySet()) {
            require(WellFormed.text(field.getKey()));
            for (@Nullable String value : field.getValue()) {
                // A field without a value is one too.
                require(value == null || WellFormed.text(value));
            }
        }
        if (multipart(request)) {
            requireNames(request);
        }
        chain.doFilter(request, response);
    }

    private static boolean multipart(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.regionMatches(true, 0, "multipart/", 0, "multipart/".length());
    }

    private static Map<String, String[]> fields(HttpServletRequest request) {
        try {
            return request.getParameterMap();
        } catch (IllegalStateException unreadable) {
            // Broken percent signs, bytes that are no text, too many fields. What an upload has too much of is told by
            // whoever takes it.
            if (multipart(request)) {
                return Map.of();
            }
            throw new RequestRejectedException(REFUSAL);
        }
    }

    private static void requireNames(HttpServletRequest request) throws IOException, ServletException {
        try {
            for (Part part : request.getParts()) {
                String file = part.getSubmittedFileName();
                require(WellFormed.text(part.getName()) && (file == null || WellFormed.text(file)));
            }
        } catch (IllegalStateException tooLarge) {
            // Whoever takes the upload says so in words.
            LOG.debug("An upload cannot be looked at", tooLarge);
        }
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw new RequestRejectedException(REFUSAL);
        }
    }

    /** Says 400 in words: to programs as problem details, to people as a page. */
    static RequestRejectedHandler handler(JsonMapper json) {
        return (request, response, _) -> {
            if (response.isCommitted()) {
                return; // the server has said so already, of what came in broken pieces
            }
            if (request.getRequestURI().startsWith("/api/")) {
                ApiProblems.write(response, json, HttpStatus.BAD_REQUEST, REFUSAL);
            } else {
                response.setStatus(HttpStatus.BAD_REQUEST.value());
                request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, HttpStatus.BAD_REQUEST.value());
                request.getRequestDispatcher(ERROR).forward(new WithoutFields(request), response);
            }
        };
    }

    /** The page that says so must neither ask for the language in the field that cannot be read, nor for the token of a form. */
    private static final class WithoutFields extends HttpServletRequestWrapper {
        WithoutFields(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return HttpMethod.GET.name();
        }

        @Override
        public @Nullable String getQueryString() {
            return null;
        }

        @Override
        public @Nullable String getParameter(String name) {
            return null;
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.emptyEnumeration();
        }
    }
}
