// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What becomes of a form whose page was open for so long that its token is no longer good: a page that keeps what was typed and offers to
 * send it again, but only when the browser says that one of our own pages sent it. A script of ours is told to fetch another token.
 */
final class StaleForms implements AccessDeniedHandler {
    /** Where the page is rendered, within the same request. Nobody gets there from outside. */
    static final String PAGE = "/stale";

    /** What scripts of ours read. */
    static final String CODE = "page-token";

    /** Those do no harm when one of our own pages sends them, whatever its token. */
    private static final Set<String> HARMLESS = Set.of("/login", "/logout");

    private final Supplier<Optional<String>> publicUrl;
    private final AccessDeniedHandler others;
    private final JsonMapper json;

    StaleForms(Supplier<Optional<String>> publicUrl, AccessDeniedHandler others, JsonMapper json) {
        this.publicUrl = publicUrl;
        this.others = others;
        this.json = json;
    }

    /** Whether the token may be an old one. */
    boolean harmless(HttpServletRequest request) {
        return HARMLESS.contains(request.getRequestURI()) && ours(request);
    }

    private boolean ours(HttpServletRequest request) {
        return SameOrigin.of(request, publicUrl.get()) == SameOrigin.Answer.OURS;
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException, ServletException {
        if (!(denied instanceof CsrfException)) {
            others.handle(request, response, denied);
        } else if (request.getRequestURI().startsWith("/api/")
                || request.getRequestURI().startsWith("/webauthn/")) {
            ApiProblems.write(
                    response, json, HttpStatus.FORBIDDEN, CODE, "The page's token is missing, or no longer good.");
        } else if (ours(request)) {
            request.setAttribute(KeptForm.ATTRIBUTE, KeptForm.of(request));
            response.setStatus(HttpStatus.FORBIDDEN.value());
            request.getRequestDispatcher(PAGE).forward(request, response);
        } else {
            response.sendError(HttpStatus.FORBIDDEN.value());
        }
    }
}
