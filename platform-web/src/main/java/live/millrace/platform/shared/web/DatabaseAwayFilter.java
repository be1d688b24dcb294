// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.SiteName;
import live.millrace.platform.shared.SomebodyWaits;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.LocaleResolver;
import org.thymeleaf.ITemplateEngine;
import org.thymeleaf.context.Context;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says in words that the database is away, wherever a request missed it: before everything else, for already the look for a session
 * may. The page itself needs no data.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAwayFilter extends OncePerRequestFilter {
    private static final String RETRY_AFTER_SECONDS = "5";

    private final ITemplateEngine templates;
    private final LocaleResolver locales;
    private final PageModel model;
    private final JsonMapper json;
    private final SiteName name;

    DatabaseAwayFilter(
            ITemplateEngine templates, LocaleResolver locales, PageModel model, JsonMapper json, SiteName name) {
        this.templates = templates;
        this.locales = locales;
        this.model = model;
        this.json = json;
        this.name = name;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean waited = SomebodyWaits.mark(true);
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException | ServletException e) {
            if (!DatabaseState.causes(e) || response.isCommitted()) {
                throw e;
            }
            answer(request, response);
        } finally {
            SomebodyWaits.mark(waited);
        }
    }

    /** Error pages look for a session as well. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.resetBuffer();
        response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
        response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        if (asked(request, RequestDispatcher.ERROR_REQUEST_URI, request.getRequestURI())
                .startsWith("/api/")) {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getWriter().write(json.writeValueAsString(problem(request)));
        } else {
            response.setContentType(MediaType.TEXT_HTML_VALUE);
            response.getWriter().write(page(request));
        }
    }

    /** What was asked at first, where an error page is asked for in its place. */
    private static String asked(HttpServletRequest request, String attribute, String now) {
        return request.getAttribute(attribute) instanceof String first ? first : now;
    }

    private static Map<String, Object> problem(HttpServletRequest request) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", HttpStatus.SERVICE_UNAVAILABLE.getReasonPhrase());
        problem.put("status", HttpStatus.SERVICE_UNAVAILABLE.value());
        // The answer to a commit may be what was lost.
        problem.put(
                "detail",
                reads(request)
                        ? "The database is away. Try again in a moment."
                        : "The database is away. It is not known whether this was done; look before you try again.");
        return problem;
    }

    private String page(HttpServletRequest request) {
        Locale locale = locales.resolveLocale(request);
        Context context = new Context(locale);
        context.setVariable("assets", model.assets());
        context.setVariable("lang", model.language(locale));
        context.setVariable("theme", model.theme(request));
        context.setVariable("siteName", name.siteName());
        // A form that was sent is not sent again by itself.
        context.setVariable("retry", reads(request) ? RETRY_AFTER_SECONDS : null);
        return templates.process("layout/away", context);
    }

    private static boolean reads(HttpServletRequest request) {
        String method = asked(request, RequestDispatcher.ERROR_METHOD, request.getMethod());
        return method.equals("GET") || method.equals("HEAD");
    }
}
