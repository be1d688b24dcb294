// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/** Language and theme, as a browser remembers them for a year. */
public final class LookCookies {
    private static final Duration REMEMBERED = Duration.ofDays(365);

    private LookCookies() {}

    /** @param language {@code en} or {@code zh-CN} */
    public static void language(HttpServletResponse response, String language) {
        remember(response, "lang", language, true);
    }

    /** @param theme {@code light}, {@code dark} or {@code auto}; the switch in the footer writes it as well */
    public static void theme(HttpServletResponse response, String theme) {
        remember(response, "theme", theme, false);
    }

    private static void remember(HttpServletResponse response, String name, String value, boolean httpOnly) {
        Cookie cookie = new Cookie(name, value);
        cookie.setPath("/");
        cookie.setMaxAge((int) REMEMBERED.toSeconds());
        cookie.setHttpOnly(httpOnly);
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
    }
}
