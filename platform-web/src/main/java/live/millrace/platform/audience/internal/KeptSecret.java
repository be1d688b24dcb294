// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.shared.Secrets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * A secret of {@link Secrets} that a browser keeps in a cookie. Over HTTPS its name binds it to this host and to HTTPS; over plain HTTP, as
 * in a house, no browser would take such a name.
 */
public enum KeptSecret {
    /** As whom a browser is on lists of guests. */
    GUEST(Viewers.GUEST_COOKIE, Duration.ofDays(365)),
    /** Which invitation somebody goes on with after they signed in, so that its secret stands in no other address. */
    INVITATION("invitation", Duration.ofHours(1));

    private static final String BOUND = "__Host-";

    /** 24 bytes in base64url. */
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{32}");

    private final String plainName;
    private final Duration kept;

    KeptSecret(String plainName, Duration kept) {
        this.plainName = plainName;
        this.kept = kept;
    }

    /** Whether something looks like one that this site made: nothing else is looked for. */
    static boolean credible(String text) {
        return SECRET.matcher(text).matches();
    }

    /** What a browser keeps, if it can be one; else empty. */
    public String read(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        String name = name(request);
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                String value = cookie.getValue();
                if (cookie.getName().equals(name) && value != null && credible(value)) {
                    return value;
                }
            }
        }
        return "";
    }

    /** Lets a browser keep one. */
    public void write(HttpServletRequest request, HttpServletResponse response, String secret) {
        add(request, response, secret, kept);
    }

    /** Lets a browser forget what it keeps. */
    public void forget(HttpServletRequest request, HttpServletResponse response) {
        add(request, response, "", Duration.ZERO);
    }

    private void add(HttpServletRequest request, HttpServletResponse response, String value, Duration life) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name(request), value)
                        .path("/")
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .maxAge(life)
                        .sameSite("Lax")
                        .build()
                        .toString());
    }

    private String name(HttpServletRequest request) {
        return request.isSecure() ? BOUND + plainName : plainName;
    }
}
