// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import live.millrace.platform.shared.ForwardedHost;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Lets pages of this site open the socket: their origin has the host and port that the request has, or the public address. The scheme
 * is not looked at: proxies call it {@code wss}, or say nothing of it, and a page cannot choose what its own host is called.
 */
final class SameHost implements HandshakeInterceptor {
    private final SiteAddress site;

    SameHost(SiteAddress site) {
        this.site = site;
    }

    @Override
    public boolean beforeHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            Map<String, Object> attributes) {
        HttpHeaders headers = request.getHeaders();
        String origin = headers.getOrigin();
        if (origin == null
                || same(origin, headers.getFirst(HttpHeaders.HOST))
                || same(origin, forwarded(request))
                || same(
                        origin,
                        site.origin()
                                .map(url -> URI.create(url).getRawAuthority())
                                .orElse(null))) {
            return true; // a program has no origin, and no cookies of anybody
        }
        response.setStatusCode(HttpStatus.FORBIDDEN);
        return false;
    }

    private static @Nullable String forwarded(ServerHttpRequest request) {
        return request instanceof ServletServerHttpRequest servlet
                        && servlet.getServletRequest().getAttribute(ForwardedHost.ATTRIBUTE) instanceof String host
                ? host
                : null;
    }

    /** A port that is not written is the one of either scheme. */
    static boolean same(String origin, @Nullable String host) {
        if (host == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            InetSocketAddress asked = authority(host);
            if (page.getHost() == null || !page.getHost().equalsIgnoreCase(asked.getHostString())) {
                return false;
            }
            int usual = "https".equalsIgnoreCase(page.getScheme()) ? 443 : 80;
            int port = page.getPort() < 0 ? usual : page.getPort();
            return asked.getPort() == 0 ? port == 80 || port == 443 : port == asked.getPort();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static InetSocketAddress authority(String host) {
        URI parsed = URI.create("http://" + host);
        if (parsed.getHost() == null || parsed.getRawUserInfo() != null) {
            throw new IllegalArgumentException(host);
        }
        return InetSocketAddress.createUnresolved(parsed.getHost(), Math.max(0, parsed.getPort()));
    }

    @Override
    public void afterHandshake(
            ServerHttpRequest request,
            ServerHttpResponse response,
            WebSocketHandler handler,
            @Nullable Exception failure) {
        // Nothing was begun.
    }
}
