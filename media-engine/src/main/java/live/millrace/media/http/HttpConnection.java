// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP connection: requests in turn, each answered before the next is looked at. Confined to its event loop. */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** Requests that wait behind the one that is answered; a client that pipelines more is closed. */
    private static final int MAX_PIPELINED = 32;

    private static final int MAX_PARAMETERS = 16;
    private static final String ALLOWED = "GET, HEAD, OPTIONS";

    private final HttpRouter router;
    private final long requestTimeoutMillis;
    private final Deque<FullHttpRequest> waiting = new ArrayDeque<>();
    private boolean busy;
    private @Nullable ScheduledFuture<?> deadline;

    HttpConnection(HttpRouter router, long requestTimeoutMillis) {
        this.router = router;
        this.requestTimeoutMillis = requestTimeoutMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        awaitRequest(ctx);
    }

    private void awaitRequest(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), requestTimeoutMillis, TimeUnit.MILLISECONDS);
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
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        HttpMethod method = request.method();
        HttpHeaders headers = request.headers();
        if (request.decoderResult().isFailure()) {
            send(ctx, headers, HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, "Not HTTP/1.1."), false, false);
        } else if (method.equals(HttpMethod.OPTIONS)) {
            sendOptions(ctx, keepAlive);
        } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            send(
                    ctx,
                    headers,
                    HttpAnswer.refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "Only " + ALLOWED + "."),
                    keepAlive,
                    false);
        } else {
            boolean head = method.equals(HttpMethod.HEAD);
            route(ctx, request)
                    .ifPresentOrElse(
                            stage -> stage.whenComplete((answer, failure) -> {
                                if (ctx.executor().inEventLoop()) {
                                    answered(ctx, headers, answer, failure, keepAlive, head);
                                } else {
                                    ctx.executor()
                                            .execute(() -> answered(ctx, headers, answer, failure, keepAlive, head));
                                }
                            }),
                            () -> send(ctx, headers, HttpAnswer.notFound(), keepAlive, head));
        }
    }

    private Optional<CompletionStage<HttpAnswer>> route(ChannelHandlerContext ctx, FullHttpRequest request) {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        return router.match(path).map(match -> {
            Map<String, String> parameters = new LinkedHashMap<>();
            if (mark >= 0) {
                try {
                    for (Map.Entry<String, List<String>> entry : new QueryStringDecoder(
                                    uri.substring(mark), StandardCharsets.UTF_8, true, MAX_PARAMETERS)
                            .parameters()
                            .entrySet()) {
                        parameters.put(entry.getKey(), entry.getValue().getFirst());
                    }
                } catch (IllegalArgumentException e) {
                    return CompletableFuture.completedStage(
                            HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, "The query is broken."));
                }
            }
            return match.handler()
                    .handle(new HttpQuery(match.names(), parameters, request.headers(), (InetSocketAddress)
                            ctx.channel().remoteAddress()));
        });
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

    private void sendOptions(ChannelHandlerContext ctx, boolean keepAlive) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER);
        common(response.headers());
        response.headers()
                .set(HttpHeaderNames.ALLOW, ALLOWED)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, ALLOWED)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Range, If-None-Match")
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
        write(ctx, response, keepAlive);
    }

    private void send(
            ChannelHandlerContext ctx, HttpHeaders request, HttpAnswer answer, boolean keepAlive, boolean head) {
        ByteBuf content = answer.content();
        HttpResponseStatus status = answer.status();
        int size = content.readableBytes();
        Optional<ByteRange> range = Optional.empty();
        boolean unchanged = answer.entityTag()
                .filter(tag -> matches(request.get(HttpHeaderNames.IF_NONE_MATCH), tag))
                .isPresent();
        if (unchanged) {
            status = HttpResponseStatus.NOT_MODIFIED;
        } else if (answer.ranges() && request.contains(HttpHeaderNames.RANGE)) {
            range = ByteRange.parse(request.get(HttpHeaderNames.RANGE), size);
            if (range.isPresent()) {
                status = range.get().length() == 0
                        ? HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE
                        : HttpResponseStatus.PARTIAL_CONTENT;
            }
        }
        int from = range.map(ByteRange::first).orElse(0);
        int length = unchanged ? 0 : range.map(ByteRange::length).orElse(size);
        ByteBuf body = head || length == 0
                ? Unpooled.EMPTY_BUFFER
                : content.retainedSlice(content.readerIndex() + from, length);
        content.release();
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        HttpHeaders headers = response.headers();
        common(headers);
        headers.set(HttpHeaderNames.CACHE_CONTROL, answer.cacheControl());
        answer.entityTag().ifPresent(tag -> headers.set(HttpHeaderNames.ETAG, tag));
        if (!unchanged) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
            headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
            answer.encoding().ifPresent(encoding -> headers.set(HttpHeaderNames.CONTENT_ENCODING, encoding));
        }
        if (answer.ranges()) {
            headers.set(HttpHeaderNames.ACCEPT_RANGES, HttpHeaderValues.BYTES);
        }
        if (status.equals(HttpResponseStatus.PARTIAL_CONTENT)) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + from + "-" + (from + length - 1) + "/" + size);
        } else if (status.equals(HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE)) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + size);
        } else if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            headers.set(HttpHeaderNames.ALLOW, ALLOWED);
        }
        write(ctx, response, keepAlive);
    }

    private static boolean matches(@Nullable String header, String tag) {
        return header != null
                && (header.strip().equals("*")
                        || List.of(header.split("\\s*,\\s*", -1)).contains(tag));
    }

    private static void common(HttpHeaders headers) {
        headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "Content-Length, Content-Range, Date")
                .set("X-Content-Type-Options", "nosniff")
                .set("Cross-Origin-Resource-Policy", "cross-origin")
                .set(HttpHeaderNames.VARY, "Accept-Encoding");
    }

    private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        HttpUtil.setKeepAlive(response, keepAlive);
        ctx.writeAndFlush(response).addListener(written -> {
            if (!keepAlive || !written.isSuccess()) {
                ctx.close();
                return;
            }
            busy = false;
            FullHttpRequest next = waiting.poll();
            if (next == null) {
                awaitRequest(ctx);
                return;
            }
            try {
                serve(ctx, next);
            } finally {
                next.release();
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = deadline;
        if (timer != null) {
            timer.cancel(false);
        }
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof io.netty.handler.timeout.WriteTimeoutException) {
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
