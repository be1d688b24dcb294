// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;

/** The heads of requests, as the site gets them. */
final class SiteRequests {
    /** One opens a tunnel, the other shows what is between: neither is for a site. */
    private static final Set<HttpMethod> NOT_PASSED_ON = Set.of(HttpMethod.CONNECT, HttpMethod.TRACE);

    private static final String SCHEME = "://";

    private SiteRequests() {}

    /**
     * A client's request for the site.
     *
     * @param client the address of whoever asks, as the site shall know it
     * @param webSocket the connection shall become one
     */
    static HttpRequest of(HttpRequest asked, String client, boolean webSocket) {
        HttpHeaders headers = ForwardedHeaders.toSite(asked.headers(), client);
        if (webSocket) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, asked.method(), path(asked.uri()), headers);
    }

    /** Whether a client's request is one that a site has an answer to: its body is coded in no way but in chunks, which are read here. */
    static boolean canBeAsked(HttpRequest asked) {
        return !NOT_PASSED_ON.contains(asked.method())
                && asked.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING).stream()
                        .allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase);
    }

    /** Path and query of a target in any form (RFC 9112 §3.2); empty where it has none, as that of CONNECT. */
    private static String path(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf(SCHEME);
        if (scheme < 0) {
            return "";
        }
        int host = scheme + SCHEME.length();
        int path = target.indexOf('/', host);
        int query = target.indexOf('?', host);
        if (path >= 0 && (query < 0 || path < query)) {
            return target.substring(path);
        }
        return "/" + (query < 0 ? "" : target.substring(query));
    }
}
