// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks whoever may do something that it is still they, where that matters. After the rights: who may not do it is not asked. A form that was
 * sent is kept in the page that asks.
 */
final class ConfirmationFilter extends OncePerRequestFilter {
    /** Where the page is rendered, within the same request. Nobody gets there from outside. */
    static final String PAGE = "/confirm/ask";

    /** What programs of ours read. */
    static final String CODE = "confirm";

    private final Confirmations confirmations;
    private final JsonMapper json;

    ConfirmationFilter(Confirmations confirmations, JsonMapper json) {
        this.confirmations = confirmations;
        this.json = json;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !ConfirmedRoutes.ask(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (confirmations.recent()) {
            chain.doFilter(request, response);
        } else if (ApiTokenFilter.carriesToken(request)) {
            ApiProblems.write(
                    response, json, HttpStatus.FORBIDDEN, "A token makes no keys and no tokens. Do it on the site.");
        } else if (request.getRequestURI().startsWith("/api/")
                || request.getRequestURI().startsWith("/webauthn/")) {
            ApiProblems.write(
                    response,
                    json,
                    HttpStatus.FORBIDDEN,
                    CODE,
                    "Confirm on the page /confirm that it is you, then repeat this.");
        } else {
            request.setAttribute(KeptForm.ATTRIBUTE, KeptForm.of(request));
            response.setStatus(HttpStatus.FORBIDDEN.value());
            request.getRequestDispatcher(PAGE).forward(request, response);
        }
    }
}
