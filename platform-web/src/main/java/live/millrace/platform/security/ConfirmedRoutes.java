// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * What is done only by somebody who showed a moment ago that it is they: it makes secrets, changes how an account is signed in to, or hands
 * power to others. Where a form of these has a page of its own, its GET stands here as well: a form that was sent may come back as its
 * address alone. Changing the password and deleting an account are not here: each asks for the password itself.
 */
final class ConfirmedRoutes {
    private static final PathPatternRequestMatcher.Builder PATH = PathPatternRequestMatcher.withDefaults();

    private static final List<PathPatternRequestMatcher> ALL = List.of(
                    "POST /studio/keys",
                    "POST /studio/@{channel}/keys",
                    "POST /studio/keys/{id}/passphrase",
                    "POST /studio/@{channel}/keys/{id}/passphrase",
                    "POST /api/v1/channel/keys",
                    "POST /api/v1/channels/{channel}/keys",
                    "POST /settings/tokens",
                    "GET /settings/security/passkeys/options",
                    "POST /settings/security/passkeys",
                    "POST /settings/security/passkeys/{id}/remove",
                    "GET /settings/security/app",
                    "POST /settings/security/app",
                    "POST /settings/security/app/remove",
                    "POST /settings/security/codes",
                    "POST /settings/security/links/{id}",
                    "POST /settings/security/links/{id}/remove",
                    // All that the site knows of somebody.
                    "GET /settings/data/file",
                    "POST /admin/users/{name}/role",
                    "POST /admin/users/{name}/proofs",
                    "POST /admin/import/{imported}",
                    "POST /admin/import/{imported}/links",
                    // Who says who somebody is.
                    "GET /admin/login-services/new",
                    "GET /admin/login-services/{id}",
                    "POST /admin/login-services",
                    "POST /admin/login-services/{id}",
                    "POST /admin/login-services/{id}/remove",
                    // All that the site knows of everybody.
                    "GET /admin/backups/{backup}/file")
            .stream()
            .map(ConfirmedRoutes::matcher)
            .toList();

    private ConfirmedRoutes() {}

    private static PathPatternRequestMatcher matcher(String route) {
        String[] parts = route.split(" ", 2);
        return PATH.matcher(HttpMethod.valueOf(parts[0]), parts[1]);
    }

    static boolean ask(HttpServletRequest request) {
        return ALL.stream().anyMatch(route -> route.matches(request));
    }
}
