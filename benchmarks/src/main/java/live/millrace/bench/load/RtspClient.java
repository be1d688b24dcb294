// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import live.millrace.media.protocol.rtsp.RtspDecoder;
import live.millrace.media.protocol.rtsp.RtspHeaders;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.protocol.rtsp.RtspWriter;

/** One RTSP connection of the load, media over TCP. Confined to its event loop. */
abstract class RtspClient extends SimpleChannelInboundHandler<RtspMessage> {
    final String address;
    private final CompletableFuture<Channel> ready = new CompletableFuture<>();
    private final Deque<Consumer<RtspMessage.Response>> waiting = new ArrayDeque<>();
    private int sequence;
    private String session = "";

    RtspClient(String name) {
        address = "rtsp://127.0.0.1:" + Server.RTSP + "/live/" + name;
    }

    /** Begins to talk. */
    abstract void connected(ChannelHandlerContext ctx);

    /** A packet came; borrowed. */
    abstract void packet(int channel, ByteBuf packet);

    public final CompletableFuture<Channel> start(EventLoopGroup loops, int port) {
        new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new RtspDecoder(), RtspClient.this);
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        ready.completeExceptionally(connected.cause());
                    }
                });
        return ready;
    }

    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        connected(ctx);
    }

    final void isReady(Channel channel) {
        ready.complete(channel);
    }

    final void ask(
            ChannelHandlerContext ctx,
            String method,
            String uri,
            RtspHeaders headers,
            String body,
            Consumer<RtspMessage.Response> then) {
        RtspHeaders all = headers.with("CSeq", Integer.toString(++sequence)).with("User-Agent", "bench");
        if (!session.isEmpty()) {
            all = all.with("Session", session);
        }
        ByteBuf out = ctx.alloc().buffer();
        RtspWriter.write(new RtspMessage.Request(method, uri, all, body), out);
        waiting.add(then);
        ctx.writeAndFlush(out);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RtspMessage message) {
        switch (message) {
            case RtspMessage.Interleaved(int channel, ByteBuf payload) -> {
                try {
                    packet(channel, payload);
                } finally {
                    payload.release();
                }
            }
            case RtspMessage.Response response -> {
                if (!response.isSuccess()) {
                    exceptionCaught(ctx, new IllegalStateException(response.status() + " " + response.reason()));
                    return;
                }
                response.headers().get("Session").ifPresent(value -> session = value.split(";", 2)[0]);
                waiting.remove().accept(response);
            }
            case RtspMessage.Request _ -> {
                // servers ask nothing that matters
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ready.completeExceptionally(new IllegalStateException("closed before it was ready"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ready.completeExceptionally(cause);
        ctx.close();
    }
}
