// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Headers on their way from one connection to the other: what is about a connection stays with it (RFC 9110 §7.6.1), and nobody but the front says
 * who the client is.
 */
final class ForwardedHeaders {
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** What a proxy says of its client; X-Forwarded-* and what Netty notes of HTTP/2 are known by their first letters. */
    private static final Set<String> ABOUT_THE_CLIENT =
            Set.of("forwarded", "x-real-ip", "x-client-ip", "true-client-ip");

    private static final String FORWARDED = "x-forwarded-";
    private static final String OF_NETTY = "x-http2-";

    private ForwardedHeaders() {}

    /**
     * Of a request.
     *
     * @param client the address of whoever asks, as the site shall know it
     */
    static HttpHeaders toSite(HttpHeaders said, String client) {
        HttpHeaders headers = copied(said, true);
        headers.set("X-Forwarded-For", client).set("X-Forwarded-Proto", "https");
        return headers;
    }

    /** Of an answer. */
    static HttpHeaders toClient(HttpHeaders said) {
        return copied(said, false);
    }

    private static HttpHeaders copied(HttpHeaders said, boolean request) {
        Set<String> named = named(said);
        HttpHeaders kept = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        for (Map.Entry<String, String> header : said) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean stays = OF_THE_CONNECTION.contains(name)
                    || named.contains(name)
                    || name.startsWith(OF_NETTY)
                    || (request && (ABOUT_THE_CLIENT.contains(name) || name.startsWith(FORWARDED)));
            if (!stays) {
                kept.add(header.getKey(), header.getValue());
            }
        }
        return kept;
    }

    /** Those that the Connection header names, but for what says how long the message is and whom it is for. */
    private static Set<String> named(HttpHeaders said) {
        Set<String> named = new HashSet<>();
        for (String list : said.getAll(HttpHeaderNames.CONNECTION)) {
            for (String each : list.split(",", -1)) {
                named.add(each.strip().toLowerCase(Locale.ROOT));
            }
        }
        named.remove(HttpHeaderNames.CONTENT_LENGTH.toString());
        named.remove(HttpHeaderNames.HOST.toString());
        named.remove(HttpHeaderNames.COOKIE.toString());
        named.remove(HttpHeaderNames.AUTHORIZATION.toString());
        return named;
    }

    /** Whether a connection asks to become a WebSocket (RFC 6455 §4.1). */
    static boolean wantsWebSocket(HttpHeaders said) {
        return said.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && said.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }
}
