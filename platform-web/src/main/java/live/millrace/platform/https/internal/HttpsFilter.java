// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import live.millrace.platform.shared.web.LocalRedirect;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers directories, at whichever port they ask; sends everybody else who comes by plain HTTP on to where it is encrypted, as long as
 * there is a certificate: before that, people get to the set-up here. Where to is the setting's, whatever host a request names. While a new domain
 * has none, whoever comes for that stays here as well, and is not sent to the old one, which may lead nowhere any more.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class HttpsFilter extends OncePerRequestFilter {
    private static final String FILES = "/.well-known/acme-challenge/";
    private static final String CONSOLE = "/admin";

    private final HttpsMode mode;
    private final HeldCertificate held;
    private final Proofs proofs;

    HttpsFilter(HttpsMode mode, HeldCertificate held, Proofs proofs) {
        this.mode = mode;
        this.held = held;
        this.proofs = proofs;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !mode.active();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = request.getRequestURI();
        if (path.startsWith(FILES)) {
            answer(path.substring(FILES.length()), response);
            return;
        }
        Optional<String> encrypted = plain(request) && !awaited(request) ? held.origin() : Optional.empty();
        if (encrypted.isPresent() && path.startsWith("/")) {
            boolean console = path.equals(CONSOLE) || path.startsWith(CONSOLE + "/");
            // What was sent to the console is for nobody who is not logged in there: the log-in is fetched, never
            // posted to.
            response.setStatus((console ? HttpStatus.SEE_OTHER : HttpStatus.PERMANENT_REDIRECT).value());
            response.setHeader(
                    "Location", encrypted.get() + (console ? login(path) : same(path, request.getQueryString())));
            // Who comes when there is no certificate any more shall find the site.
            response.setHeader("Cache-Control", "no-store");
            return;
        }
        chain.doFilter(request, response);
    }

    private static String same(String path, @Nullable String query) {
        return path + (query == null ? "" : "?" + query);
    }

    /** Who was logged in here is not so there, and to strangers there is no console: whoever set the site up is led by the log-in. */
    private static String login(String path) {
        return "/login?" + LocalRedirect.PARAMETER + "=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    private boolean plain(HttpServletRequest request) {
        return mode.port().isPresent() && mode.port().getAsInt() == request.getLocalPort();
    }

    private boolean awaited(HttpServletRequest request) {
        return held.awaited()
                .filter(domain -> domain.equalsIgnoreCase(request.getServerName()))
                .isPresent();
    }

    private void answer(String token, HttpServletResponse response) throws IOException {
        Optional<String> answer = proofs.answer(token);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=US-ASCII");
        if (answer.isEmpty()) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
            response.getWriter().write("Nothing is being proved by this.\n");
            return;
        }
        response.getWriter().write(answer.get());
    }
}
