// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler sees of a request.
 *
 * @param method HEAD comes to handlers of GET
 * @param names the parts of the path that the route's pattern names
 * @param parameters of the query, decoded; the first of each name
 * @param rawQuery the query as it came, without the question mark
 * @param body as much as the route takes, empty where it takes none; on the heap and read-only: nobody has to release it
 * @param remoteAddress of the socket
 * @param encrypted whether it came over TLS that ends here
 * @param ticket what stood before the path, a ticket or a signature; it is routed without it
 */
public record HttpRequest(
        HttpMethod method,
        Map<String, String> names,
        Map<String, String> parameters,
        String rawQuery,
        HttpHeaders headers,
        ByteBuf body,
        InetSocketAddress remoteAddress,
        boolean encrypted,
        Optional<PathTicket> ticket) {
    /** In clear, without a ticket. */
    public HttpRequest(
            HttpMethod method,
            Map<String, String> names,
            Map<String, String> parameters,
            String rawQuery,
            HttpHeaders headers,
            ByteBuf body,
            InetSocketAddress remoteAddress) {
        this(method, names, parameters, rawQuery, headers, body, remoteAddress, false, Optional.empty());
    }

    /**
     * A request as it came, for the route that was found. Empty when its query is broken.
     *
     * @param request borrowed
     */
    static Optional<HttpRequest> of(
            FullHttpRequest request,
            HttpRouter.Match.Found found,
            String rawQuery,
            InetSocketAddress remoteAddress,
            boolean encrypted,
            Optional<PathTicket> ticket) {
        ByteBuf body = found.bodyLimit() == 0 || !request.content().isReadable()
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(ByteBufUtil.getBytes(request.content()))
                        .asReadOnly();
        return QueryParameters.of(rawQuery)
                .map(parameters -> new HttpRequest(
                        request.method(),
                        found.names(),
                        parameters,
                        rawQuery,
                        request.headers(),
                        body,
                        remoteAddress,
                        encrypted,
                        ticket));
    }

    /** A part of the path that the route's pattern names. */
    public String name(String key) {
        String value = names.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the route names no " + key);
        }
        return value;
    }

    /** Whether the connection shall become a WebSocket (RFC 6455 §4.1). */
    public boolean wantsWebSocket() {
        return headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** Queries and headers may hold secrets. */
    @Override
    public String toString() {
        return "HttpRequest[" + method + " of " + names + "]";
    }

    public Optional<String> parameter(String key) {
        return Optional.ofNullable(parameters.get(key));
    }
}
