// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.amf.Amf0Reader;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.RtmpMessageType;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkLimits;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessageWriter;

/** One RTMP connection of the load: connects, creates a stream, and takes a role. */
abstract class Client extends SimpleChannelInboundHandler<RawMessage> {
    static final int CHUNK_SIZE = 65_536;

    private final String app;
    private final ChunkDecoder decoder = new ChunkDecoder();
    private final ChunkEncoder encoder = new ChunkEncoder();
    private final CompletableFuture<Channel> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    Client(String app) {
        this.app = app;
    }

    /** Takes the role: the stream was created. */
    abstract void created(ChannelHandlerContext ctx);

    /** A status came. */
    abstract void status(ChannelHandlerContext ctx, String code);

    /** A message that is no command came; borrowed. */
    abstract void media(RawMessage message);

    public final CompletableFuture<Channel> start(EventLoopGroup loops, int port) {
        new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new Handshake(() -> connect(channel)), decoder, encoder, Client.this);
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

    /** Completes when the server closed the connection. */
    final CompletableFuture<Void> closed() {
        return closed;
    }

    final void isReady(Channel channel) {
        ready.complete(channel);
    }

    private void connect(Channel channel) {
        decoder.limits(ChunkLimits.PUBLISHER);
        channel.write(RtmpMessageWriter.setChunkSize(channel.alloc(), CHUNK_SIZE));
        encoder.chunkSize(CHUNK_SIZE);
        channel.writeAndFlush(RtmpMessageWriter.command(
                channel.alloc(),
                0,
                "connect",
                1,
                AmfValue.object("app", AmfValue.of(app), "flashVer", AmfValue.of("bench"))));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RawMessage message) {
        if (message.type() != RtmpMessageType.COMMAND_AMF0) {
            media(message);
            return;
        }
        List<AmfValue> values = new Amf0Reader(message.payload()).readAll();
        String name = values.getFirst() instanceof AmfValue.Str(String text) ? text : "";
        double transaction = values.get(1) instanceof AmfValue.Num(double number) ? number : 0;
        if (name.equals("_result") && transaction == 1) {
            ctx.writeAndFlush(RtmpMessageWriter.command(ctx.alloc(), 0, "createStream", 2, AmfValue.NULL));
        } else if (name.equals("_result") && transaction == 2) {
            created(ctx);
        } else if (name.equals("onStatus") && values.getLast() instanceof AmfValue.Obj status) {
            status(ctx, status.text("code").orElse(""));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed.complete(null);
        ready.completeExceptionally(new IllegalStateException("closed before it was ready"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ready.completeExceptionally(cause);
        ctx.close();
    }
}
