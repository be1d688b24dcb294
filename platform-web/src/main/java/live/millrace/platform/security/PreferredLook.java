// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;

/** After a log-in: the language and the theme that the account chose, in this browser too, and on to where somebody was going. */
@Component
class PreferredLook {
    private static final Duration REMEMBERED = Duration.ofDays(365);

    private final Accounts accounts;

    PreferredLook(Accounts accounts) {
        this.accounts = accounts;
    }

    void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        if (authentication.getPrincipal() instanceof AccountPrincipal principal) {
            accounts.preferences(principal.accountId()).ifPresent(preferences -> {
                remember(response, "lang", preferences.language(), true);
                remember(response, "theme", preferences.theme(), false);
            });
        }
        response.sendRedirect(LocalRedirect.orElse(request.getParameter(LocalRedirect.PARAMETER), "/"));
    }

    private static void remember(HttpServletResponse response, String name, @Nullable String value, boolean httpOnly) {
        if (value != null) {
            Cookie cookie = new Cookie(name, value);
            cookie.setPath("/");
            cookie.setMaxAge((int) REMEMBERED.toSeconds());
            cookie.setHttpOnly(httpOnly);
            cookie.setAttribute("SameSite", "Lax");
            response.addCookie(cookie);
        }
    }
}
