// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Hides cookies that name no session of ours before one is looked for: the database would fail on a zero byte in one. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class SessionCookies extends OncePerRequestFilter {
    private static final Pattern ID = Pattern.compile(
            // Those of earlier versions go on until they end.
            "[A-Za-z0-9_-]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Cookie[] all = request.getCookies();
        if (all == null || Arrays.stream(all).allMatch(SessionCookies::credible)) {
            chain.doFilter(request, response);
            return;
        }
        Cookie[] credible = Arrays.stream(all).filter(SessionCookies::credible).toArray(Cookie[]::new);
        chain.doFilter(
                new HttpServletRequestWrapper(request) {
                    @Override
                    public Cookie[] getCookies() {
                        return credible;
                    }
                },
                response);
    }

    private static boolean credible(Cookie cookie) {
        if (!cookie.getName().equals(SessionStore.COOKIE) && !cookie.getName().equals(SessionStore.HOST_COOKIE)) {
            return true;
        }
        try {
            byte[] id = Base64.getDecoder().decode(cookie.getValue());
            return ID.matcher(new String(id, StandardCharsets.ISO_8859_1)).matches();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
