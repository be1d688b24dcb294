// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes on with the version of HTTP that the TLS handshake agreed on (RFC 7301, RFC 9113 §3.2). */
final class Http1Or2 extends ApplicationProtocolNegotiationHandler {
    /** A page of a player asks for a handful at a time. */
    private static final Logger LOG = LoggerFactory.getLogger(Http1Or2.class);

    private static final int MAX_CONCURRENT_STREAMS = 100;

    private static final int MAX_HEADER_LIST = 8_192;

    /** Above what may wait for a viewer of an endless stream, so that its own rule decides. */
    private static final WriteBufferWaterMark STREAM_WATER_MARK = new WriteBufferWaterMark(1 << 20, 32 << 20);

    private final Consumer<Channel> http1;
    private final Consumer<Channel> http2Stream;
    private final HttpConfig config;
    private final HttpTallies tallies;

    /**
     * For one connection.
     *
     * @param http1 assembles the connection's pipeline for HTTP/1.1
     * @param http2Stream assembles the pipeline of each stream, behind the codec that makes HTTP objects of its frames
     */
    Http1Or2(Consumer<Channel> http1, Consumer<Channel> http2Stream, HttpConfig config, HttpTallies tallies) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.http1 = http1;
        this.http2Stream = http2Stream;
        this.config = config;
        this.tallies = tallies;
    }

    /** Whoever knocks without TLS, or with what we do not speak: no matter for a warning. */
    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("No TLS with {}: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
        switch (protocol) {
            case ApplicationProtocolNames.HTTP_1_1 -> http1.accept(ctx.channel());
            case ApplicationProtocolNames.HTTP_2 -> http2(ctx);
            // The handshake showed what its peer came for (RFC 8737 §3).
            default -> ctx.close();
        }
    }

    private void http2(ChannelHandlerContext ctx) {
        Http2Idle idle = new Http2Idle(config.arrivalTimeout(), config.requestTimeout(), tallies);
        ctx.pipeline()
                .addLast(Http2FrameCodecBuilder.forServer()
                        .initialSettings(Http2Settings.defaultSettings()
                                .maxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                                .maxHeaderListSize(MAX_HEADER_LIST))
                        .build())
                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        idle.joined(stream);
                        stream.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, STREAM_WATER_MARK);
                        stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                        http2Stream.accept(stream);
                    }
                }))
                .addLast(idle);
    }
}
