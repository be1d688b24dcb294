// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.shared.Secrets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * The proof that a form is of one of our pages: a random value in a cookie and in the form, signed for the account that it was made for.
 * Nobody can make one for somebody else, and none is good after a log-in or log-out. Over HTTPS its cookie's name says that no other host
 * and no plain connection may set it. It lives as long as the session's, and comes along on a link from elsewhere: without it the page that
 * opens would make another, and forms in all other tabs would be refused.
 */
@Component
class SignedCsrfTokens implements CsrfTokenRepository {
    static final String COOKIE = "csrf";
    static final String HOST_COOKIE = "__Host-csrf";

    private static final String HEADER = "X-CSRF-TOKEN";
    private static final String PARAMETER = "_csrf";
    private static final int MOST_CHARS = 200;
    private static final Duration LIVES = Duration.ofDays(14);

    private final SiteKeys keys;

    SignedCsrfTokens(SiteKeys keys) {
        this.keys = keys;
    }

    private static String cookieName(HttpServletRequest request) {
        return request.isSecure() ? HOST_COOKIE : COOKIE;
    }

    private String signature(String random) {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        long account =
                who != null && who.getPrincipal() instanceof AccountPrincipal principal ? principal.accountId() : 0;
        return keys.sign(COOKIE, random + " " + account);
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        String random = Secrets.make();
        return new DefaultCsrfToken(HEADER, PARAMETER, random + "." + signature(random));
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        ResponseCookie cookie = ResponseCookie.from(cookieName(request), token == null ? "" : token.getToken())
                .path("/")
                .maxAge(token == null ? Duration.ZERO : LIVES)
                .secure(request.isSecure())
                .httpOnly(true)
                .sameSite("Lax")
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, cookieName(request));
        if (cookie == null || cookie.getValue().length() > MOST_CHARS) {
            return null;
        }
        String value = cookie.getValue();
        int dot = value.indexOf('.');
        if (dot <= 0
                || !MessageDigest.isEqual(
                        value.substring(dot + 1).getBytes(StandardCharsets.UTF_8),
                        signature(value.substring(0, dot)).getBytes(StandardCharsets.UTF_8))) {
            return null;
        }
        return new DefaultCsrfToken(HEADER, PARAMETER, value);
    }
}
