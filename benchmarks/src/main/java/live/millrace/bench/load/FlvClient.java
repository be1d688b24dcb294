// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An HTTP-FLV player: asks, skips the head, and reads tags. */
final class FlvClient extends ByteToMessageDecoder {
    private static final int FILE_HEADER = 9 + 4;
    private static final int TAG_HEADER = 11;
    private static final int BACK_POINTER = 4;
    private static final int AUDIO = 8;
    private static final int VIDEO = 9;

    private final String path;
    private final Watched watched;
    private final CompletableFuture<Channel> ready = new CompletableFuture<>();
    private boolean headRead;

    FlvClient(String path, Watched watched) {
        this.path = path;
        this.watched = watched;
    }

    CompletableFuture<Channel> start(EventLoopGroup loops, int port) {
        new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(FlvClient.this);
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
    public void channelActive(ChannelHandlerContext ctx) {
        ByteBuf request = ctx.alloc().buffer();
        request.writeCharSequence("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n", StandardCharsets.US_ASCII);
        ctx.writeAndFlush(request);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!headRead) {
            int end = endOfHead(in);
            if (end < 0 || in.writerIndex() < end + FILE_HEADER) {
                return;
            }
            in.readerIndex(end + FILE_HEADER);
            headRead = true;
            ready.complete(ctx.channel());
        }
        while (in.readableBytes() >= TAG_HEADER) {
            int size = in.getUnsignedMedium(in.readerIndex() + 1);
            if (in.readableBytes() < TAG_HEADER + size + BACK_POINTER) {
                return;
            }
            int type = in.getByte(in.readerIndex());
            in.skipBytes(TAG_HEADER);
            switch (type) {
                case VIDEO -> watched.picture(in.slice(in.readerIndex(), size));
                case AUDIO -> watched.sound();
                default -> {
                    // metadata
                }
            }
            in.skipBytes(size + BACK_POINTER);
        }
    }

    private static int endOfHead(ByteBuf in) {
        for (int i = in.readerIndex(); i + 3 < in.writerIndex(); i++) {
            if (in.getInt(i) == 0x0D0A0D0A) {
                return i + 4;
            }
        }
        return -1;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ready.completeExceptionally(new IllegalStateException("closed"));
        watched.messages.addAndGet(Integer.MIN_VALUE); // a dropped client voids the row
    }
}
