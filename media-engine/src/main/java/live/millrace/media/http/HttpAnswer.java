// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler answers.
 *
 * @param content owned by the answer; the server releases it
 * @param encoding value of Content-Encoding, when the content is encoded
 * @param entityTag quoted, when the content may be asked for conditionally
 * @param ranges byte ranges of the content may be asked for
 * @param headers further ones
 * @param file holds the same bytes as the content, whole and for as long as somebody may ask for it; the kernel sends it by itself
 *     where nothing has to be encrypted
 */
public record HttpAnswer(
        HttpResponseStatus status,
        String contentType,
        String cacheControl,
        ByteBuf content,
        Optional<String> encoding,
        Optional<String> entityTag,
        boolean ranges,
        Map<String, String> headers,
        Optional<Path> file) {
    /** An answer that is in memory alone. */
    public HttpAnswer(
            HttpResponseStatus status,
            String contentType,
            String cacheControl,
            ByteBuf content,
            Optional<String> encoding,
            Optional<String> entityTag,
            boolean ranges,
            Map<String, String> headers) {
        this(status, contentType, cacheControl, content, encoding, entityTag, ranges, headers, Optional.empty());
    }

    /** An answer in text, not to be kept. */
    public static HttpAnswer text(HttpResponseStatus status, String contentType, String text) {
        return new HttpAnswer(
                status,
                contentType,
                "no-store",
                Unpooled.copiedBuffer(text, StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of());
    }

    /** A refusal in one plain line, not to be kept. */
    public static HttpAnswer refusal(HttpResponseStatus status, String line) {
        return text(status, "text/plain; charset=utf-8", line + "\n");
    }

    public static HttpAnswer notFound() {
        return refusal(HttpResponseStatus.NOT_FOUND, "Nothing is here.");
    }

    /** RFC 6585 §4, with the second after which another try is welcome. */
    public static HttpAnswer tooMany() {
        return refusal(HttpResponseStatus.TOO_MANY_REQUESTS, "Too many requests. Try again in a second.")
                .with("Retry-After", "1");
    }

    /** The same with one header more. */
    public HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, contentType, cacheControl, content, encoding, entityTag, ranges, more, file);
    }

    /** The same with a file of the same bytes. */
    public HttpAnswer in(Path whole) {
        return new HttpAnswer(
                status, contentType, cacheControl, content, encoding, entityTag, ranges, headers, Optional.of(whole));
    }
}
