// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.access.StreamKey;
import live.millrace.media.http.HttpRequest;

/**
 * Who wants to publish what, by a request. {@code toString} shows none of it: any part may hold the key.
 *
 * @param channel empty where the name is the key
 * @param keyed a key stands in the query or the header: it need not be looked for in the name
 * @param encoder what the client calls itself, or the name and version of a browser
 */
public record HttpPublishAddress(
        InetSocketAddress remote,
        boolean keyed,
        String encoder,
        Optional<String> channel,
        Optional<StreamKey> key,
        RequestedStream requested) {
    private static final int MAX_ENCODER = 64;
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    /** Of a request whose path names a stream, or a key. */
    public static HttpPublishAddress of(HttpRequest request) {
        return of(request, StreamAddresses.application(request), StreamAddresses.name(request));
    }

    /**
     * Of a request.
     *
     * @param stream what it says to be the stream's name, or the key; empty when it says none
     */
    public static HttpPublishAddress of(HttpRequest request, String application, String stream) {
        Optional<String> said =
                request.parameter("key").filter(key -> !key.isEmpty()).or(() -> authorization(request));
        RequestedStream requested = new RequestedStream.Plain(application, stream, request.rawQuery());
        String userAgent = request.headers().get(HttpHeaderNames.USER_AGENT, "HTTP");
        String encoder = BrowserName.of(userAgent).orElseGet(() -> printable(userAgent));
        if (said.isPresent()) {
            Optional<StreamKey> key =
                    said.filter(text -> text.length() <= StreamKey.MAX_LENGTH).map(StreamKey::new);
            Optional<String> channel = Optional.of(stream).filter(name -> !name.isEmpty());
            return new HttpPublishAddress(request.remoteAddress(), true, encoder, channel, key, requested);
        }
        PublishAddress address = PublishAddress.parse(application, stream);
        return new HttpPublishAddress(
                request.remoteAddress(), false, encoder, address.channel(), address.key(), requested);
    }

    /** RFC 6750 §2.1; RFC 7617, where the password is the key, or the user's name if there is none. */
    private static Optional<String> authorization(HttpRequest request) {
        String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "").strip();
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip()).filter(key -> !key.isEmpty());
        }
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            String login = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
            int colon = login.indexOf(':');
            String password = colon < 0 ? "" : login.substring(colon + 1);
            String user = colon < 0 ? login : login.substring(0, colon);
            return Optional.of(password.isEmpty() ? user : password).filter(key -> !key.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** It goes to logs and pages. */
    private static String printable(String text) {
        String cut = text.length() > MAX_ENCODER ? text.substring(0, MAX_ENCODER) : text;
        return cut.replaceAll("[^ -~]", "?");
    }

    /** A fresh wish to publish by this address. */
    public PublishAttempt attempt(String protocol) {
        return new PublishAttempt(UUID.randomUUID(), remote, protocol, encoder, channel, key, requested);
    }

    @Override
    public String toString() {
        return "HttpPublishAddress[hidden]";
    }
}
