// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a connection that was asked for a stream into one that carries nothing else. */
final class StreamUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(StreamUpgrade.class);
    private static final String STREAM = "stream";

    /** Viewers say nothing but pings and goodbyes. */
    private static final int MAX_FRAME = 4_096;

    private StreamUpgrade() {}

    /** Sends the head and lets the source write. HTTP/1.1 needs no handler of HTTP any more; HTTP/2 keeps its own. */
    static void http(ChannelHandlerContext connection, HttpResponse head, boolean http2, HttpStream.Source source) {
        ChannelPipeline pipeline = connection.pipeline();
        pipeline.addLast(STREAM, new StreamSocket());
        ChannelHandlerContext out = pipeline.context(STREAM);
        if (http2) {
            connection.writeAndFlush(head);
            pipeline.remove(HttpServer.BODIES);
            pipeline.remove(connection.name());
            source.begin(out, DefaultHttpContent::new);
            return;
        }
        head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        connection.writeAndFlush(head);
        pipeline.remove(HttpServer.WRITE_TIMEOUT);
        pipeline.remove(HttpServer.BODIES);
        pipeline.remove(HttpServer.CODEC);
        pipeline.remove(connection.name());
        source.begin(out, null);
    }

    static HttpResponse head(String contentType) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                // Proxies must not collect what is meant to leave at once.
                .set("X-Accel-Buffering", "no");
        return head;
    }

    /**
     * Shakes hands and lets the source write frames.
     *
     * @param request borrowed
     * @param exclusive as in {@link Asked}
     */
    static void webSocket(
            ChannelHandlerContext connection, FullHttpRequest request, HttpStream.Source source, boolean exclusive) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(request.uri(), null, false, MAX_FRAME).newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(connection.channel())
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        HttpHeaders more = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        if (exclusive) {
            ResponseWriter.exclusive(more);
        }
        handshaker
                .handshake(connection.channel(), request, more, connection.newPromise())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.close();
                        return;
                    }
                    ChannelPipeline pipeline = connection.pipeline();
                    pipeline.remove(HttpServer.WRITE_TIMEOUT);
                    pipeline.addLast(STREAM, new StreamSocket());
                    ChannelHandlerContext out = pipeline.context(STREAM);
                    pipeline.remove(connection.name());
                    source.begin(out, null);
                });
    }

    /** The end of a stream's pipeline: what the client says counts for nothing but its goodbye. */
    private static final class StreamSocket extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            switch (message) {
                case CloseWebSocketFrame close ->
                    ctx.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
                case PingWebSocketFrame ping ->
                    ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                default -> {
                    // nothing that changes anything
                }
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Channel channel = ctx.channel();
            LOG.debug("Viewer {} left: {}", channel.remoteAddress(), cause.toString());
            channel.close();
        }
    }
}
