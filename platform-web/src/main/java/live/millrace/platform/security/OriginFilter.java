// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Refuses what a page of another site makes a browser send, whatever token is in it: somebody may have planted one. */
final class OriginFilter extends OncePerRequestFilter {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Supplier<Optional<String>> publicUrl;
    private final JsonMapper json;

    OriginFilter(Supplier<Optional<String>> publicUrl, JsonMapper json) {
        this.publicUrl = publicUrl;
        this.json = json;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return SAFE.contains(request.getMethod()) || ApiTokenFilter.carriesToken(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (SameOrigin.of(request, publicUrl.get()) != SameOrigin.Answer.FOREIGN) {
            chain.doFilter(request, response);
        } else if (request.getRequestURI().startsWith("/api/")) {
            ApiProblems.write(response, json, HttpStatus.FORBIDDEN, "This comes from a page of another site.");
        } else {
            response.sendError(HttpStatus.FORBIDDEN.value());
        }
    }
}
