// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the answers of one connection: the head, and of the content what is asked for, at once from memory, or piece by
 * piece from files. Confined to its event loop.
 */
final class ResponseWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);

    private static final String REFERRER_POLICY = "Referrer-Policy";

    /** Is told of an answer that was written, when nothing can come before the next. */
    @FunctionalInterface
    interface Listener {
        /** @param last done when its last byte has left, or none will any more */
        void written(ChannelFuture last, boolean keepAlive);
    }

    private final HttpConfig config;
    private final HttpTallies tallies;
    private final SharedFiles files;
    private final boolean http2;
    private final Listener listener;

    /** @param http2 the channel is one stream of an HTTP/2 connection */
    ResponseWriter(HttpConnection.Context context, boolean http2, Listener listener) {
        this.config = context.config();
        this.tallies = context.tallies();
        this.files = context.files();
        this.http2 = http2;
        this.listener = listener;
    }

    /** Tells which methods a path takes; empty when there is no such path. */
    void sendOptions(ChannelHandlerContext ctx, Optional<String> known, Asked asked) {
        String allowed = known.orElse("GET, HEAD, OPTIONS");
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        common(response.headers());
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        if (config.crossOrigin()) {
            response.headers()
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, allowed)
                    // The first three are what receivers of Google Cast announce.
                    .set(
                            HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                            "Range, Accept-Encoding, Content-Type, If-None-Match, If-Range, Authorization")
                    .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
        }
        if (asked.exclusive()) {
            exclusive(response.headers());
        }
        write(ctx, response, asked.keepAlive());
    }

    /** Nobody but who asked may have the answer, and nobody learns its address from where it leads. */
    static void exclusive(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, Lease.NOBODY).set(REFERRER_POLICY, "no-referrer");
    }

    /**
     * The head of an answer without an end, which the caller sends.
     *
     * @param exclusive as in {@link Asked}
     */
    HttpResponse streamHead(String contentType, boolean exclusive) {
        tallies.answered(HttpResponseStatus.OK, 0);
        HttpResponse start = StreamUpgrade.head(contentType);
        common(start.headers());
        if (exclusive) {
            exclusive(start.headers());
        }
        return start;
    }

    /** Counts an answer without an end that has no head of ours. */
    void switchedProtocols() {
        tallies.answered(HttpResponseStatus.OK, 0);
    }

    /** Sends an answer. */
    void send(ChannelHandlerContext ctx, Asked asked, HttpAnswer answer) {
        HttpAnswer.Content content = answer.content();
        Sent sent = Sent.of(answer, asked.headers());
        boolean bodiless = asked.head() || sent.length() == 0;
        if (bodiless && content instanceof HttpAnswer.Content.Memory(ByteBuf bytes)) {
            bytes.release();
        }
        if (bodiless) {
            write(ctx, response(asked, answer, sent, Unpooled.EMPTY_BUFFER), asked.keepAlive());
            return;
        }
        switch (content) {
            case HttpAnswer.Content.Memory(ByteBuf bytes) -> sendBytes(ctx, asked, answer, sent, bytes);
            case HttpAnswer.Content.File file -> sendPieces(ctx, asked, answer, sent, List.of(file));
            case HttpAnswer.Content.Fetched fetched -> sendPieces(ctx, asked, answer, sent, List.of(fetched));
            case HttpAnswer.Content.Joined joined -> sendPieces(ctx, asked, answer, sent, joined.pieces());
        }
    }

    private void sendBytes(ChannelHandlerContext ctx, Asked asked, HttpAnswer answer, Sent sent, ByteBuf bytes) {
        try {
            // What is in memory has a size that an int can count.
            ByteBuf body = bytes.retainedSlice(
                    bytes.readerIndex() + Math.toIntExact(sent.from()), Math.toIntExact(sent.length()));
            write(ctx, response(asked, answer, sent, body), asked.keepAlive());
        } finally {
            bytes.release();
        }
    }

    private void sendPieces(
            ChannelHandlerContext ctx,
            Asked asked,
            HttpAnswer answer,
            Sent sent,
            List<? extends HttpAnswer.Content> pieces) {
        boolean kernel = !http2 && !encrypted(ctx);
        new PieceSender(ctx, files, kernel, pieces, sent, new PieceSender.Frame() {
                    @Override
                    public void whole(ByteBuf content) {
                        write(ctx, response(asked, answer, sent, content), asked.keepAlive());
                    }

                    @Override
                    public void begin() {
                        ResponseWriter.this.begin(ctx, asked, answer, sent);
                    }

                    @Override
                    public void end() {
                        listener.written(ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), asked.keepAlive());
                    }

                    @Override
                    public void missing(@Nullable Throwable cause) {
                        sendGone(ctx, asked, cause);
                    }
                })
                .send();
    }

    private void sendGone(ChannelHandlerContext ctx, Asked asked, @Nullable Throwable cause) {
        LOG.debug("What was there a moment ago cannot be had", cause);
        Throwable why = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        send(
                ctx,
                new Asked(EmptyHttpHeaders.INSTANCE, asked.keepAlive(), false, asked.exclusive()),
                why instanceof NotNowException later ? later.answer() : HttpAnswer.notFound());
    }

    /** Writes the head of an answer whose content follows. */
    private void begin(ChannelHandlerContext ctx, Asked asked, HttpAnswer answer, Sent sent) {
        HttpResponse start = new DefaultHttpResponse(HttpVersion.HTTP_1_1, sent.status(), headers(asked, answer, sent));
        tallies.answered(sent.status(), sent.length());
        HttpUtil.setKeepAlive(start, asked.keepAlive());
        ctx.write(start);
    }

    private FullHttpResponse response(Asked asked, HttpAnswer answer, Sent sent, ByteBuf body) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, sent.status(), body, headers(asked, answer, sent), EmptyHttpHeaders.INSTANCE);
    }

    private HttpHeaders headers(Asked asked, HttpAnswer answer, Sent sent) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        common(headers);
        sent.describe(answer, headers);
        if (asked.exclusive()) {
            exclusive(headers);
        }
        asked.lease()
                .ifPresent(lease -> headers.set(
                                HttpHeaderNames.CACHE_CONTROL, lease.cacheControl(sent.status(), answer.cacheControl()))
                        .set(REFERRER_POLICY, "no-referrer"));
        return headers;
    }

    private static boolean encrypted(ChannelHandlerContext ctx) {
        return ctx.pipeline().get(SslHandler.class) != null;
    }

    private void common(HttpHeaders headers) {
        if (config.crossOrigin()) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                    .set(
                            HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
                            "Content-Length, Content-Range, Date, Location, Millrace-Reason, Retry-After")
                    .set("Cross-Origin-Resource-Policy", "cross-origin");
        }
        headers.set("X-Content-Type-Options", "nosniff").set(HttpHeaderNames.VARY, "Accept-Encoding");
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        tallies.answered(response.status(), response.content().readableBytes());
        HttpUtil.setKeepAlive(response, keepAlive);
        listener.written(ctx.writeAndFlush(response), keepAlive);
    }
}
