// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** The heads of answers, as clients get them. */
final class SiteAnswers {
    private static final String RETRY_SECONDS = "5";

    private SiteAnswers() {}

    /** Whether it is an answer before the answer (RFC 9110 §15.2); a switch of protocols is one of its own. */
    static boolean informs(HttpResponse head) {
        return head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && !head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    /**
     * The head of the site's answer.
     *
     * @param method that it answers
     * @param http2 which has a frame for the end of an answer, and closes no connection
     * @param chunks the client understands them
     * @param goesOn another request may follow, unless the end of this answer is that of the connection
     */
    static HttpResponse of(HttpResponse said, HttpMethod method, boolean http2, boolean chunks, boolean goesOn) {
        HttpHeaders headers = ForwardedHeaders.toClient(said.headers());
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, said.status(), headers);
        if (!http2) {
            boolean ends = endsByItself(said, method);
            if (!ends && chunks) {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
            HttpUtil.setKeepAlive(answer, goesOn && (ends || chunks));
        }
        return answer;
    }

    /** Whether its end is known from its head (RFC 9112 §6.3). */
    private static boolean endsByItself(HttpResponse said, HttpMethod method) {
        return said.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                || method.equals(HttpMethod.HEAD)
                || said.status().equals(HttpResponseStatus.NO_CONTENT)
                || said.status().equals(HttpResponseStatus.NOT_MODIFIED);
    }

    /** What a client hears whose connection becomes a WebSocket. */
    static FullHttpResponse switching(HttpResponse said) {
        HttpHeaders headers = ForwardedHeaders.toClient(said.headers());
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, said.status(), Unpooled.EMPTY_BUFFER, headers, EmptyHttpHeaders.INSTANCE);
    }

    /** What a client hears of us where the site does not answer. */
    static FullHttpResponse refusal(HttpResponseStatus status, String text, boolean http2, boolean goesOn) {
        FullHttpResponse answer = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            answer.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
        }
        if (!http2) {
            HttpUtil.setKeepAlive(answer, goesOn);
        }
        return answer;
    }
}
