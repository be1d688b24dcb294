// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static live.millrace.platform.account.TokenScope.CHANNEL;
import static live.millrace.platform.account.TokenScope.CHAT;
import static live.millrace.platform.account.TokenScope.MODERATE;
import static live.millrace.platform.account.TokenScope.READ;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.TokenScope;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * Which scope a token needs, for every route of the API. What is not here no token can do, and a test wants every route to be here or among
 * {@link #SITE_ONLY}.
 */
final class ApiScopes {
    private static final PathPatternRequestMatcher.Builder PATH = PathPatternRequestMatcher.withDefaults();

    /** What only people do, with a session: whoever has a token shall not make themselves another secret. */
    static final Set<String> SITE_ONLY = Set.of(
            "POST /api/v1/channel/keys",
            "POST /api/v1/channels/{channel}/keys",
            "POST /api/v1/channels/{channel}/browser-key",
            "DELETE /api/v1/channels/{channel}/browser-key/{run}",
            "GET /api/v1/page-token");

    /** Routes as their controllers name them. */
    static final Map<String, TokenScope> ROUTES = new LinkedHashMap<>();

    private static void need(TokenScope scope, String... routes) {
        for (String route : routes) {
            ROUTES.put(route, scope);
        }
    }

    static {
        need(
                READ,
                "GET /api/v1/live",
                "GET /api/v1/channels/{name}",
                "GET /api/v1/channels/{name}/messages",
                "GET /api/v1/channels/{name}/snapshot.jpg",
                "GET /api/v1/channels/{name}/snapshot.png",
                "GET /api/v1/channels/{name}/videos",
                "GET /api/v1/videos/{video}",
                "GET /api/v1/channels/{name}/clips",
                "GET /api/v1/clips/window",
                "GET /api/v1/clips/{clip}",
                "GET /api/v1/channels/{name}/people",
                "GET /api/v1/channels/{name}/people/{username}",
                "GET /api/v1/categories",
                "GET /api/v1/search/suggestions",
                "GET /api/v1/videos/{id}/chat",
                "GET /api/v1/videos/{id}/messages",
                "GET /api/v1/videos/{video}/comments",
                "GET /api/v1/notices",
                "POST /api/v1/notices/read",
                "GET /api/v1/openapi",
                "GET /api/v1/openapi.yaml");
        need(
                CHAT,
                // Whoever listens there can speak there.
                "GET /api/v1/socket",
                "PUT /api/v1/channels/{name}/follow",
                "DELETE /api/v1/channels/{name}/follow",
                "POST /api/v1/channels/{name}/clips",
                "POST /api/v1/channels/{name}/player-addresses",
                "POST /api/v1/videos/{video}/clips",
                "DELETE /api/v1/clips/{clip}",
                "POST /api/v1/videos/{video}/comments",
                "DELETE /api/v1/videos/{video}/comments/{comment}",
                "POST /api/v1/reports");
        need(
                CHANNEL,
                "GET /api/v1/channel",
                "PATCH /api/v1/channel",
                "PUT /api/v1/channel",
                "POST /api/v1/channel/end",
                "POST /api/v1/channel/markers",
                "GET /api/v1/channel/keys",
                "DELETE /api/v1/channel/keys/{id}",
                "GET /api/v1/channels",
                "POST /api/v1/channels",
                "PATCH /api/v1/channels/{channel}",
                "PUT /api/v1/channels/{channel}",
                "DELETE /api/v1/channels/{channel}",
                "POST /api/v1/channels/{channel}/end",
                "POST /api/v1/channels/{channel}/markers",
                "PATCH /api/v1/videos/{video}",
                "PATCH /api/v1/clips/{clip}",
                "DELETE /api/v1/videos/{video}",
                "GET /api/v1/channels/{name}/uploads",
                "POST /api/v1/channels/{name}/uploads",
                "GET /api/v1/channels/{name}/uploads/{upload}",
                "PATCH /api/v1/channels/{name}/uploads/{upload}",
                "DELETE /api/v1/channels/{name}/uploads/{upload}",
                "GET /api/v1/channels/{channel}/keys",
                "DELETE /api/v1/channels/{channel}/keys/{id}",
                "GET /api/v1/channels/{channel}/source",
                "PUT /api/v1/channels/{channel}/source",
                "DELETE /api/v1/channels/{channel}/source",
                "GET /api/v1/channel/invites",
                "POST /api/v1/channel/invites",
                "DELETE /api/v1/channel/invites/{id}",
                "GET /api/v1/channel/guests",
                "POST /api/v1/channel/guests",
                "DELETE /api/v1/channel/guests/{id}",
                "GET /api/v1/channels/{channel}/invites",
                "POST /api/v1/channels/{channel}/invites",
                "DELETE /api/v1/channels/{channel}/invites/{id}",
                "GET /api/v1/channels/{channel}/guests",
                "POST /api/v1/channels/{channel}/guests",
                "DELETE /api/v1/channels/{channel}/guests/{id}");
        need(
                MODERATE,
                "POST /api/v1/channels/{name}/moderation/actions",
                "POST /api/v1/channels/{name}/moderation/actions/{id}/undo",
                "POST /api/v1/channels/{name}/moderation/commands",
                "GET /api/v1/channels/{name}/moderation/people/{username}");
    }

    private record Route(HttpMethod method, PathPatternRequestMatcher path, TokenScope scope) {
        boolean takes(HttpServletRequest request, HttpMethod asked) {
            return method.equals(asked) && path.matches(request);
        }
    }

    private static final List<Route> MATCHERS = ROUTES.entrySet().stream()
            .map(entry -> {
                String[] parts = entry.getKey().split(" ", 2);
                return new Route(HttpMethod.valueOf(parts[0]), PATH.matcher(parts[1]), entry.getValue());
            })
            .toList();

    private ApiScopes() {}

    /** What this request needs; nothing when no token can do it. */
    static Optional<TokenScope> of(HttpServletRequest request) {
        HttpMethod sent = HttpMethod.valueOf(request.getMethod());
        HttpMethod asked = sent.equals(HttpMethod.HEAD) ? HttpMethod.GET : sent;
        return MATCHERS.stream()
                .filter(route -> route.takes(request, asked))
                .map(Route::scope)
                .findFirst();
    }
}
