// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.bytes.Releasing;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the body of a request, as much of it as its route takes, and hands both on as one. A body that nobody wants is read and
 * forgotten while it is small, so that the connection can go on. What cannot be handed on comes as a request that failed to be read,
 * in its turn, and nothing comes after it. Confined to its event loop.
 */
final class RequestBodies extends ChannelInboundHandlerAdapter {
    /** So much is read of a body that the route does not want. */
    static final int MAX_UNWANTED = 4_096;

    /** Why a request came without its body. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final HttpResponseStatus status;

        private RefusedException(HttpResponseStatus status) {
            super(status.reasonPhrase(), null, false, false);
            this.status = status;
        }

        HttpResponseStatus status() {
            return status;
        }
    }

    private final HttpRouter router;

    // ---- of one request ----
    private @Nullable HttpRequest head;

    /** Null when nothing is to be kept. On the heap. */
    private @Nullable ByteBuf body;

    /** How many bytes may come. */
    private int limit;

    private long received;

    // ---- of the connection ----

    /** The body of a request that is no more than its head to us: an upload, and what of it came too early. */
    private @Nullable List<HttpContent> upload;

    private boolean passes;

    /** Where the next request begins is not known any more, or of no interest. */
    private boolean failed;

    /** The head of a request whose body comes later, as it is sent. */
    static final class UploadHead extends DefaultFullHttpRequest {
        private UploadHead(HttpRequest request) {
            super(
                    request.protocolVersion(),
                    request.method(),
                    request.uri(),
                    Unpooled.EMPTY_BUFFER,
                    request.headers(),
                    EmptyHttpHeaders.INSTANCE);
        }
    }

    /** @param router tells how much a route takes */
    RequestBodies(HttpRouter router) {
        this.router = router;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HttpObject) || (message instanceof FullHttpRequest && !failed)) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            if (failed) {
                forget(ctx, message);
                return;
            }
            if (upload != null) {
                piece(ctx, message);
                return;
            }
            if (message instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (message instanceof HttpContent content && head != null) {
                append(ctx, head, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Somebody sends on who was told that it is not read. */
    private void forget(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpContent content) {
            received += content.content().readableBytes();
            if (received > LingeringClose.NOTICE_BYTES) {
                ctx.close();
            }
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        forget();
        head = request;
        if (request.decoderResult().isFailure()) {
            fail(ctx, request, request.decoderResult().cause());
            return;
        }
        if (router.takesUpload(request.method(), request.uri())) {
            head = null;
            upload = new ArrayList<>();
            ctx.channel().config().setAutoRead(false); // until somebody wants it
            ctx.fireChannelRead(new UploadHead(request));
            return;
        }
        long announced = announced(request);
        if (announced == 0 && !request.headers().contains(HttpHeaderNames.EXPECT)) {
            limit = -1; // nothing is expected, so there is no need to look
            return;
        }
        look(request);
        if (announced > limit) {
            fail(ctx, request, new RefusedException(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE));
        } else if (HttpUtil.is100ContinueExpected(request)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        } else if (request.headers().contains(HttpHeaderNames.EXPECT)) {
            fail(ctx, request, new RefusedException(HttpResponseStatus.EXPECTATION_FAILED));
        }
    }

    /** Of what was read together with the head some is here before it is wanted. */
    private void piece(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpContent content) {
            List<HttpContent> early = upload;
            if (passes || early == null) {
                ctx.fireChannelRead(content.retain());
            } else {
                early.add(content.retain());
            }
        }
    }

    /** The upload is wanted: passes on what is there, and all that comes. */
    void pass(ChannelHandlerContext connection) {
        List<HttpContent> early = upload;
        if (passes || early == null) {
            return;
        }
        passes = true;
        upload = new ArrayList<>(0);
        ChannelHandlerContext own = connection.pipeline().context(this);
        Releasing.handOver(early, own::fireChannelRead, HttpContent::release);
    }

    private void look(HttpRequest request) {
        int wanted = router.bodyLimit(request.method(), request.uri());
        limit = wanted > 0 ? wanted : MAX_UNWANTED;
        body = wanted > 0 ? Unpooled.buffer(0, wanted) : null;
    }

    /** What the headers say; 0 when they say nothing. */
    private static long announced(HttpRequest request) {
        String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null) {
            return 0;
        }
        try {
            return Long.parseLong(length.strip());
        } catch (NumberFormatException ofHttp2) {
            return 0; // what comes is counted
        }
    }

    private void append(ChannelHandlerContext ctx, HttpRequest request, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            fail(ctx, request, content.decoderResult().cause());
            return;
        }
        int more = content.content().readableBytes();
        if (more > 0) {
            if (limit < 0) {
                look(request);
            }
            received += more;
            if (received > limit) {
                fail(ctx, request, new RefusedException(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE));
                return;
            }
            if (body != null) {
                body.writeBytes(content.content());
            }
        }
        if (content instanceof LastHttpContent) {
            ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : body;
            body = null;
            forget();
            ctx.fireChannelRead(whole(request, whole));
        }
    }

    private void fail(ChannelHandlerContext ctx, HttpRequest request, Throwable cause) {
        failed = true;
        forget();
        FullHttpRequest broken = whole(request, Unpooled.EMPTY_BUFFER);
        broken.setDecoderResult(DecoderResult.failure(cause));
        ctx.fireChannelRead(broken);
    }

    private static FullHttpRequest whole(HttpRequest request, ByteBuf body) {
        return new DefaultFullHttpRequest(
                request.protocolVersion(),
                request.method(),
                request.uri(),
                body,
                request.headers(),
                EmptyHttpHeaders.INSTANCE);
    }

    /** What is answered to a request that could not be read. */
    static HttpAnswer unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                HttpAnswer.refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The address is too long.");
            case TooLongHttpHeaderException _ ->
                HttpAnswer.refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too long.");
            case RefusedException refused ->
                HttpAnswer.refusal(
                        refused.status(),
                        refused.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)
                                ? "The body is too large."
                                : "Nothing but 100-continue can be expected.");
            case null, default -> HttpAnswer.refusal(HttpResponseStatus.BAD_REQUEST, "Not HTTP/1.1.");
        };
    }

    private void forget() {
        head = null;
        received = 0;
        limit = 0;
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        forget();
        List<HttpContent> early = upload;
        upload = early == null ? null : List.of();
        if (early != null) {
            Releasing.all(early);
        }
    }
}
