// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import live.millrace.media.protocol.rtsp.TransportHeader;
import live.millrace.media.source.SourceProtocol;
import org.jspecify.annotations.Nullable;

/** Two ports in a row, the first of them even, for the packets of one track (RFC 3550 §11). Confined to one event loop. */
final class DatagramPair {
    private static final int MOST_TRIES = 16;

    /** What a network carries in one piece has less. */
    private static final int LARGEST = 2_048;

    private final SourceProtocol.Request request;
    private final InetAddress local;
    private final Consumer<ByteBuf> taker;

    private @Nullable Channel media;
    private @Nullable Channel reports;
    private @Nullable InetSocketAddress reportsTo;
    private boolean closed;

    /**
     * @param local the address that the other side knows us by
     * @param taker borrows each packet of either port
     */
    DatagramPair(SourceProtocol.Request request, InetAddress local, Consumer<ByteBuf> taker) {
        this.request = request;
        this.local = local;
        this.taker = taker;
    }

    /** Takes two ports that are free; answers the first, or −1 when there are none. */
    void bind(IntConsumer then) {
        bind(MOST_TRIES, then);
    }

    private void bind(int tries, IntConsumer then) {
        if (tries == 0) {
            then.accept(-1);
            return;
        }
        open(0, first -> {
            int port = first == null ? -1 : port(first);
            if (first == null || (port & 1) == 1) {
                close(first);
                bind(tries - 1, then);
                return;
            }
            open(port + 1, second -> {
                if (second == null) {
                    close(first);
                    bind(tries - 1, then);
                    return;
                }
                media = first;
                reports = second;
                if (closed) {
                    close();
                } else {
                    then.accept(port);
                }
            });
        });
    }

    private static int port(Channel channel) {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private void open(int port, Consumer<@Nullable Channel> then) {
        ChannelFuture bound = new Bootstrap()
                .group(request.loop())
                .channel(request.sockets().datagrams())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST))
                .handler(new Reader())
                .bind(new InetSocketAddress(local, port));
        // One that could not even be opened is told of elsewhere than on the loop.
        bound.addListener(_ -> request.loop().execute(() -> then.accept(bound.isSuccess() ? bound.channel() : null)));
    }

    /** Whoever is not the camera is not heard: anybody can send to a port. */
    private final class Reader extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            if (packet.sender().getAddress().equals(request.at().getAddress())) {
                taker.accept(packet.content());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A port of theirs that is closed: silence is looked at elsewhere.
            if (!(cause instanceof IOException)) {
                ctx.fireExceptionCaught(cause);
            }
        }
    }

    /** Opens the way through routers on ours to both of theirs. */
    void punch(TransportHeader.Pair theirs, ByteBuf report) {
        reportsTo = new InetSocketAddress(request.at().getAddress(), theirs.rtcp());
        Channel from = media;
        if (from != null) {
            // A packet of no media: version 2, and nothing else.
            ByteBuf empty = from.alloc().buffer(12).writeByte(0x80).writeZero(11);
            var _ = from.writeAndFlush(
                    new DatagramPacket(empty, new InetSocketAddress(request.at().getAddress(), theirs.rtp())));
        }
        report(report);
    }

    /** @param report is released */
    void report(ByteBuf report) {
        Channel from = reports;
        InetSocketAddress to = reportsTo;
        if (from == null || to == null) {
            report.release();
        } else {
            var _ = from.writeAndFlush(new DatagramPacket(report, to));
        }
    }

    void close() {
        closed = true;
        close(media);
        close(reports);
        media = null;
        reports = null;
    }

    private static void close(@Nullable Channel channel) {
        if (channel != null) {
            channel.close();
        }
    }
}
