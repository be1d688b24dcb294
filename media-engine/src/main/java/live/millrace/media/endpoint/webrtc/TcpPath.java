// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection by which packets of a peer come and go, in place of an address of UDP: for networks that let nothing else through (RFC 6544, of
 * which we are the passive side). Each packet has its length before it (RFC 4571 §2). Whoever does not prove with the first one whose it is is
 * closed. Confined to the event loop of the port.
 */
final class TcpPath extends SocketAddress {
    @Serial
    private static final long serialVersionUID = 1;

    /** The longest packet, as of UDP. */
    static final int LONGEST = 2_048;

    private static final Logger LOG = LoggerFactory.getLogger(TcpPath.class);

    private static final int LENGTH = 2;

    /** For the first packet. */
    private static final long PROOF_SECONDS = 10;

    private final transient Channel channel;
    private final transient WebrtcPort port;
    private final InetSocketAddress remote;
    private boolean dirty;

    TcpPath(Channel channel, InetSocketAddress remote, WebrtcPort port) {
        this.channel = channel;
        this.remote = remote;
        this.port = port;
    }

    /** Where the peer is. */
    InetSocketAddress remote() {
        return remote;
    }

    /** Whether it takes another packet: not so while too much waits. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /** Writes a packet, taken over. */
    void send(ByteBuf packet) {
        channel.write(channel.alloc().buffer(LENGTH).writeShort(packet.readableBytes()), channel.voidPromise());
        channel.write(packet, channel.voidPromise());
    }

    /** Notes that something was written; answers whether that was so already. */
    boolean written() {
        boolean before = dirty;
        dirty = true;
        return before;
    }

    void flush() {
        dirty = false;
        channel.flush();
    }

    /** Ends it when what was written has gone. Idempotent. */
    void close() {
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public String toString() {
        return "tcp " + remote;
    }

    /** Behind what takes the packets apart. */
    ChannelInboundHandlerAdapter handler() {
        return new Packets();
    }

    private final class Packets extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.executor()
                    .schedule(
                            () -> {
                                if (!port.knows(TcpPath.this)) {
                                    ctx.close();
                                }
                            },
                            PROOF_SECONDS,
                            TimeUnit.SECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!(message instanceof ByteBuf packet)) {
                ctx.fireChannelRead(message);
                return;
            }
            try {
                port.take(packet, TcpPath.this);
            } finally {
                packet.release();
            }
            if (!port.knows(TcpPath.this)) {
                close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            port.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            port.gone(TcpPath.this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                LOG.debug("{}: {}", TcpPath.this, cause.getMessage());
            } else {
                LOG.debug("{} sends what is none of WebRTC", TcpPath.this, cause);
            }
            ctx.close();
        }
    }
}
