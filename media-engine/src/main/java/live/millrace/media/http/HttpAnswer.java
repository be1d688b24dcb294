// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a handler answers.
 *
 * @param content owned by the answer; the server releases it
 * @param encoding value of Content-Encoding, when the content is encoded
 * @param entityTag quoted, when the content may be asked for conditionally
 * @param ranges byte ranges of the content may be asked for
 */
public record HttpAnswer(
        HttpResponseStatus status,
        String contentType,
        String cacheControl,
        ByteBuf content,
        Optional<String> encoding,
        Optional<String> entityTag,
        boolean ranges) {

    /** A refusal in one plain line, not to be kept. */
    public static HttpAnswer refusal(HttpResponseStatus status, String line) {
        return new HttpAnswer(
                status,
                "text/plain; charset=utf-8",
                "no-store",
                Unpooled.copiedBuffer(line + "\n", StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    public static HttpAnswer notFound() {
        return refusal(HttpResponseStatus.NOT_FOUND, "Nothing is here.");
    }
}
