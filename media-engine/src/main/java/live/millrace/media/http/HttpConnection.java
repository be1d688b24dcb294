// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.socket.Answers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP connection: requests in turn, each answered before the next is looked at. Confined to its event loop. */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** Requests that wait behind the one that is answered; a client that pipelines more is closed. */
    private static final int MAX_PIPELINED = 32;

    private static final int MAX_PARAMETERS = 16;

    /** From this size on, a file is worth a system call of its own. */
    private static final int FILE_REGION_BYTES = 64 << 10;

    /** What all connections of a server share. */
    record Context(HttpRouter router, HttpConfig config, ClientLimits limits, HttpTallies tallies, SharedFiles files) {}

    private final HttpRouter router;
    private final HttpConfig config;
    private final ClientLimits limits;
    private final HttpTallies tallies;
    private final SharedFiles files;
    private final boolean http2;
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean inputClosed;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ChannelHandlerContext context;

    /** Since when it waits for a request; 0 while it answers one. Read by other threads. */
    private volatile long idleSince;

    /** @param http2 the channel is one stream of an HTTP/2 connection */
    HttpConnection(Context context, boolean http2) {
        this.router = context.router();
        this.config = context.config();
        this.limits = context.limits();
        this.tallies = context.tallies();
        this.files = context.files();
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        awaitRequest(ctx);
    }

    /** For how long it has waited for a request; 0 while it answers one. From any thread. */
    long idleNanos(long now) {
        long since = idleSince;
        return since == 0 ? 0 : now - since;
    }

    /**
     * Closes it unless a request came in the meantime. From any thread.
     *
     * @param stays run on its loop if one came
     */
    void closeIfIdle(Runnable stays) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                if (idleSince != 0) {
                    ctx.close();
                } else {
                    stays.run();
                }
            });
        }
    }

    private void awaitRequest(ChannelHandlerContext ctx) {
        long now = System.nanoTime();
        idleSince = now == 0 ? 1 : now;
        deadline = ctx.executor()
                .schedule(() -> ctx.close(), config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (busy) {
            if (waiting.size() >= MAX_PIPELINED) {
                ctx.close();
                return;
            }
            waiting.add(request.retain());
            return;
        }
        serve(ctx, request);
    }

    private void serve(ChannelHandlerContext ctx, FullHttpRequest request) {
        busy = true;
        idleSince = 0;
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        HttpMethod method = request.method();
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()) {
            // Where the next request begins is not known any more.
            send(ctx, headers, unreadable(request.decoderResult().cause()), false, false);
            return;
        }
        if (!limits.allows(remote(ctx).getAddress())) {
            send(ctx, headers, HttpAnswer.tooMany(), keepAlive, false);
            return;
        }
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        if (method.equals(HttpMethod.OPTIONS)) {
            sendOptions(ctx, router.allowed(path), keepAlive);
            return;
        }
        boolean head = method.equals(HttpMethod.HEAD);
        switch (router.match(method, path)) {
            case HttpRouter.Match.Unknown _ -> send(ctx, headers, HttpAnswer.notFound(), keepAlive, head);
            case HttpRouter.Match.OtherMethods _ ->
                send(
                        ctx,
                        headers,
                        HttpAnswer.refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "Not with this method.")
                                .with("Allow", router.allowed(path).orElse("")),
                        keepAlive,
                        head);
            case HttpRouter.Match.Found(HttpRouter.Target target, Map<String, String> names) -> {
                Optional<HttpRequest> query = query(ctx, request, names, mark < 0 ? "" : uri.substring(mark + 1));
                if (query.isEmpty()) {
                    send(
                            ctx,
                            headers,
                            HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, "The query is broken."),
                            keepAlive,
                            head);
                    return;
                }
                switch (target) {
                    case HttpRouter.Target.Answers(HttpRouter.Handler handler) ->
                        Answers.takeAtOnce(
                                ctx.channel(),
                                handler.handle(query.get()),
                                (answer, failure) -> answered(ctx, headers, answer, failure, keepAlive, head));
                    case HttpRouter.Target.Streams(HttpStream.Handler handler) ->
                        stream(ctx, request, query.get(), handler, keepAlive, head);
                }
            }
        }
    }

    private void stream(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpRequest query,
            HttpStream.Handler handler,
            boolean keepAlive,
            boolean head) {
        boolean webSocket = StreamUpgrade.wantsWebSocket(request);
        HttpHeaders headers = request.headers();
        CompletionStage<HttpStream> opening = handler.open(query, webSocket, ctx.channel());
        FullHttpRequest held = request.retain(); // from here on: the handler may throw
        Answers.takeAtOnce(ctx.channel(), opening, (stream, failure) -> {
            try {
                if (stream instanceof HttpStream.Accepted accepted) {
                    begin(ctx, held, accepted, webSocket, head);
                } else {
                    HttpAnswer refusal = stream instanceof HttpStream.Refused(HttpAnswer answer) ? answer : null;
                    answered(ctx, headers, refusal, failure, keepAlive, head);
                }
            } finally {
                held.release();
            }
        });
    }

    /** Turns the connection into the stream. The request is borrowed. */
    private void begin(
            ChannelHandlerContext ctx,
            FullHttpRequest request,
            HttpStream.Accepted accepted,
            boolean webSocket,
            boolean head) {
        if (!ctx.channel().isActive()) {
            return; // the client left in the meantime
        }
        tallies.answered(HttpResponseStatus.OK, 0);
        dropWaiting();
        if (webSocket) {
            StreamUpgrade.webSocket(ctx, request, accepted.source());
            return;
        }
        HttpResponse start = StreamUpgrade.head(accepted.contentType());
        common(start.headers());
        if (head) {
            ctx.writeAndFlush(start).addListener(ChannelFutureListener.CLOSE);
        } else {
            StreamUpgrade.http(ctx, start, http2, accepted.source());
        }
    }

    private void dropWaiting() {
        List<FullHttpRequest> dropped = List.copyOf(waiting);
        waiting.clear();
        Releasing.all(dropped);
    }

    private static HttpAnswer unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                HttpAnswer.refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The address is too long.");
            case TooLongHttpHeaderException _ ->
                HttpAnswer.refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too long.");
            case null, default -> HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, "Not HTTP/1.1.");
        };
    }

    /** Empty when it is broken. */
    private static Optional<HttpRequest> query(
            ChannelHandlerContext ctx, FullHttpRequest request, Map<String, String> names, String rawQuery) {
        if (rawQuery.isEmpty()) {
            return Optional.of(new HttpRequest(names, Map.of(), rawQuery, request.headers(), remote(ctx)));
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, List<String>> entry : new QueryStringDecoder(
                            rawQuery, StandardCharsets.UTF_8, false, MAX_PARAMETERS)
                    .parameters()
                    .entrySet()) {
                parameters.put(entry.getKey(), entry.getValue().getFirst());
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(new HttpRequest(names, parameters, rawQuery, request.headers(), remote(ctx)));
    }

    private static InetSocketAddress remote(ChannelHandlerContext ctx) {
        return (InetSocketAddress) ctx.channel().remoteAddress();
    }

    private void answered(
            ChannelHandlerContext ctx,
            HttpHeaders request,
            @Nullable HttpAnswer answer,
            @Nullable Throwable failure,
            boolean keepAlive,
            boolean head) {
        if (answer == null) {
            LOG.warn("An HTTP request failed", failure);
            send(
                    ctx,
                    request,
                    HttpAnswer.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "This failed, by our fault."),
                    false,
                    head);
        } else {
            send(ctx, request, answer, keepAlive, head);
        }
    }

    private void sendOptions(ChannelHandlerContext ctx, Optional<String> known, boolean keepAlive) {
        String allowed = known.orElse("GET, HEAD, OPTIONS");
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        common(response.headers());
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        if (config.crossOrigin()) {
            response.headers()
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, allowed)
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Range, If-None-Match")
                    .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
        }
        write(ctx, response, keepAlive);
    }

    /** Sends an answer, from the file that holds it when the kernel can do that alone. */
    private void send(
            ChannelHandlerContext ctx, HttpHeaders request, HttpAnswer answer, boolean keepAlive, boolean head) {
        HttpAnswer.Content content = answer.content();
        Sent sent = Sent.of(answer, request);
        boolean bodiless = head || sent.length() == 0;
        if (bodiless && content instanceof HttpAnswer.Content.Memory(ByteBuf bytes)) {
            bytes.release();
        }
        if (bodiless) {
            write(ctx, response(answer, sent, Unpooled.EMPTY_BUFFER), keepAlive);
            return;
        }
        switch (content) {
            case HttpAnswer.Content.Memory(ByteBuf bytes) -> sendBytes(ctx, answer, sent, bytes, keepAlive);
            case HttpAnswer.Content.File file -> {
                if (sent.length() >= FILE_REGION_BYTES && !http2 && !encrypted(ctx)) {
                    sendFile(ctx, answer, sent, file, keepAlive);
                } else {
                    Answers.takeAtOnce(ctx.channel(), file.bytes().get(), (bytes, failure) -> {
                        if (bytes == null) {
                            LOG.debug("A file is gone that was there a moment ago", failure);
                            send(ctx, request, HttpAnswer.notFound(), keepAlive, head);
                        } else {
                            sendBytes(ctx, answer, sent, bytes, keepAlive);
                        }
                    });
                }
            }
        }
    }

    private void sendBytes(ChannelHandlerContext ctx, HttpAnswer answer, Sent sent, ByteBuf bytes, boolean keepAlive) {
        try {
            ByteBuf body = bytes.retainedSlice(bytes.readerIndex() + sent.from(), sent.length());
            write(ctx, response(answer, sent, body), keepAlive);
        } finally {
            bytes.release();
        }
    }

    private void sendFile(
            ChannelHandlerContext ctx, HttpAnswer answer, Sent sent, HttpAnswer.Content.File file, boolean keepAlive) {
        FileRegion region;
        try {
            region = files.region(file.path(), sent.from(), sent.length());
        } catch (IOException gone) {
            LOG.debug("A file is gone that was there a moment ago", gone);
            send(ctx, EmptyHttpHeaders.INSTANCE, HttpAnswer.notFound(), keepAlive, false);
            return;
        }
        HttpResponse start = new DefaultHttpResponse(HttpVersion.HTTP_1_1, sent.status(), headers(answer, sent));
        tallies.answered(sent.status(), sent.length());
        HttpUtil.setKeepAlive(start, keepAlive);
        ctx.write(start);
        ctx.write(region);
        written(ctx, ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), keepAlive);
    }

    private FullHttpResponse response(HttpAnswer answer, Sent sent, ByteBuf body) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, sent.status(), body, headers(answer, sent), EmptyHttpHeaders.INSTANCE);
    }

    private HttpHeaders headers(HttpAnswer answer, Sent sent) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        common(headers);
        sent.describe(answer, headers);
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
                            "Content-Length, Content-Range, Date, Retry-After")
                    .set("Cross-Origin-Resource-Policy", "cross-origin");
        }
        headers.set("X-Content-Type-Options", "nosniff").set(HttpHeaderNames.VARY, "Accept-Encoding");
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        tallies.answered(response.status(), response.content().readableBytes());
        HttpUtil.setKeepAlive(response, keepAlive);
        written(ctx, ctx.writeAndFlush(response), keepAlive);
    }

    /** Goes on with the next request when the answer has left. */
    private void written(ChannelHandlerContext ctx, ChannelFuture answer, boolean keepAlive) {
        answer.addListener(written -> {
            if (!keepAlive || !written.isSuccess()) {
                ctx.close();
                return;
            }
            busy = false;
            FullHttpRequest next = waiting.poll();
            if (next == null) {
                if (inputClosed) {
                    ctx.close();
                } else {
                    awaitRequest(ctx);
                }
                return;
            }
            boolean served = false;
            try {
                serve(ctx, next);
                served = true;
            } finally {
                next.release();
                if (!served) {
                    ctx.close(); // what fails here passes no pipeline
                }
            }
        });
    }

    /** The client has asked all it wanted and may still read: what was asked is answered, then the socket closes. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            if (!busy) {
                ctx.close();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        try {
            dropWaiting();
        } finally {
            ctx.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof WriteTimeoutException) {
            LOG.debug("HTTP client {} does not read", ctx.channel().remoteAddress());
            tallies.answers().count(HttpTallies.Answer.NOT_READING);
            ctx.close();
        } else if (cause instanceof IOException || cause instanceof CodecException) {
            LOG.debug("HTTP connection from {} lost: {}", ctx.channel().remoteAddress(), cause.toString());
            ctx.close();
        } else {
            LOG.warn(
                    "Closing HTTP connection from {} after an error of ours",
                    ctx.channel().remoteAddress(),
                    cause);
            ctx.close();
        }
    }
}
