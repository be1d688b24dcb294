// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection, or a stream of HTTP/2, that carries one body without an end and then its answer. Confined to its event loop. */
final class UploadConnection extends ChannelInboundHandlerAdapter implements HttpUpload {
    private static final String UPLOAD = "upload";
    private static final Logger LOG = LoggerFactory.getLogger(UploadConnection.class);

    private final Channel channel;
    private final RequestBodies bodies;
    private final HttpTallies tallies;
    private final boolean http2;
    private final boolean continues;

    private @Nullable Taker taker;

    /** All of the body came, or none of it will any more. */
    private boolean over;

    private boolean answered;
    private long forgotten;

    /** @param continues the client waits to hear that it may go on */
    private UploadConnection(
            ChannelHandlerContext before, RequestBodies bodies, HttpTallies tallies, boolean http2, boolean continues) {
        this.channel = before.channel();
        this.bodies = bodies;
        this.tallies = tallies;
        this.http2 = http2;
        this.continues = continues;
    }

    /**
     * Takes the place of a connection's last handler, and has somebody decide.
     *
     * @param head borrowed
     */
    static void begin(
            ChannelHandlerContext connection,
            FullHttpRequest head,
            HttpRequest request,
            HttpUpload.Handler handler,
            HttpTallies tallies,
            boolean http2) {
        UploadConnection upload = new UploadConnection(
                connection,
                connection.pipeline().get(RequestBodies.class),
                tallies,
                http2,
                HttpUtil.is100ContinueExpected(head));
        // A whole message has no body, or it would have come in parts.
        boolean bodiless = !(head instanceof RequestBodies.UploadHead);
        connection.pipeline().addLast(UPLOAD, upload).remove(connection.name());
        if (bodiless) {
            upload.over = true;
            upload.answer(HttpAnswer.refusal(HttpResponseStatus.LENGTH_REQUIRED, "The media is missing."));
        } else {
            upload.taker = handler.open(request, upload);
        }
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void accept() {
        if (answered || !channel().isActive()) {
            return;
        }
        if (continues) {
            channel.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        bodies.pass(channel.pipeline().context(this));
        channel().config().setAutoRead(true);
    }

    @Override
    public void answer(HttpAnswer answer) {
        if (answered) {
            answer.release();
            return;
        }
        answered = true;
        ByteBuf content =
                answer.content() instanceof HttpAnswer.Content.Memory(ByteBuf bytes) ? bytes : Unpooled.EMPTY_BUFFER;
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), content);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(response.headers()::set);
        HttpUtil.setKeepAlive(response, false);
        tallies.answered(answer.status(), content.readableBytes());
        boolean whole = over;
        taker = null;
        channel().writeAndFlush(response).addListener(written -> {
            if (whole || !written.isSuccess()) {
                channel().close();
            } else {
                linger();
            }
        });
    }

    private void linger() {
        bodies.pass(channel.pipeline().context(this));
        LingeringClose.begin(channel, http2);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!(message instanceof HttpContent content)) {
                return;
            }
            Taker to = taker;
            if (answered || over || to == null) {
                forgotten += content.content().readableBytes();
                if (message instanceof LastHttpContent || forgotten > LingeringClose.NOTICE_BYTES) {
                    ctx.close();
                }
                return;
            }
            if (content.decoderResult().isFailure()) {
                over = true;
                to.gone();
                ctx.close();
                return;
            }
            if (content.content().isReadable()) {
                to.bytes(content.content());
            }
            if (message instanceof LastHttpContent && !answered) {
                over = true;
                to.end();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Half a body is no goodbye. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            gone();
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        try {
            gone();
        } finally {
            ctx.fireChannelInactive();
        }
    }

    private void gone() {
        Taker to = taker;
        if (!over && to != null) {
            over = true;
            to.gone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof CodecException) {
            LOG.debug("Upload from {} was cut: {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.warn("Closing {} after an error of ours", ctx.channel(), cause);
        }
        ctx.close();
    }
}
