// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.protocol.rtsp.TransportHeader;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.PortInUseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pair of UDP ports that all sessions share: RTP on an even one, RTCP on the next. Two ports can be opened in a firewall, as a port for each
 * session could not. Where the system lets several sockets have one port, each event loop has a pair of its own, so that a session sends
 * on the loop that it lives on, and loops share the work.
 *
 * <p>What comes is known by where it comes from: packets from an address that no session named are dropped, and nothing is remembered or
 * answered. Thread-safe.
 */
final class DatagramPorts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramPorts.class);

    /** Pictures come in bursts. */
    private static final int BUFFER = 1 << 20;

    /** What waits for a socket that is full: the key frames of many players. */
    private static final int UNSENT = 16 << 20;

    /** Datagrams that came on another loop than their session's and wait for it; beyond, they are lost as on the way. */
    private static final int HANDED = 4_096;

    /** For a free pair, where no port is set. */
    private static final int ATTEMPTS = 50;

    private static final long CLOSE_SECONDS = 2;

    /** Takes what comes from one address. */
    interface Receiver {
        /** Where it is called. */
        EventLoop loop();

        /** @param packet borrowed */
        void datagram(ByteBuf packet);
    }

    /** The sockets of one loop. */
    record Sockets(Channel rtp, Channel rtcp) {}

    private record Known(InetSocketAddress address, boolean rtcp) {}

    private final Listening listening;
    private final RtspTallies tallies;
    private final ConcurrentHashMap<Known, Receiver> receivers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<EventLoop, Sockets> byLoop = new ConcurrentHashMap<>();
    private final AtomicInteger handed = new AtomicInteger();
    private final List<Channel> all = new ArrayList<>();
    private volatile @Nullable Sockets first;
    private volatile TransportHeader.@Nullable Pair ports;

    /** Nothing is bound yet. */
    DatagramPorts(Listening listening, RtspTallies tallies) {
        this.listening = listening;
        this.tallies = tallies;
    }

    /**
     * Binds the pair. Blocks until it is done.
     *
     * @param port the even one; 0 picks a free pair
     * @throws PortInUseException if it cannot be had
     */
    synchronized void open(String host, int port) {
        boolean shared = UnixChannel.class.isAssignableFrom(listening.datagramChannel());
        EventLoop loop = listening.workers().next();
        Sockets bound = port == 0 ? freePair(host, loop, shared) : pair(host, port, loop, shared);
        int rtp = ((InetSocketAddress) bound.rtp().localAddress()).getPort();
        ports = new TransportHeader.Pair(rtp, rtp + 1);
        first = bound;
        byLoop.put(loop, bound);
        if (shared) {
            for (EventExecutor each : listening.workers()) {
                if (each instanceof EventLoop other && !other.equals(loop)) {
                    byLoop.put(other, pair(host, rtp, other, true));
                }
            }
        }
        LOG.debug("RTP by UDP on {} and {}, {} sockets", rtp, rtp + 1, all.size());
    }

    private Sockets freePair(String host, EventLoop loop, boolean shared) {
        PortInUseException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            Channel probe = bind(host, 0, false, loop, false);
            int found = ((InetSocketAddress) probe.localAddress()).getPort();
            probe.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
            all.remove(probe);
            try {
                return pair(host, found & ~1, loop, shared);
            } catch (PortInUseException e) {
                last = e;
            }
        }
        throw last == null ? new PortInUseException(RtspEndpoint.DATAGRAM_SCHEME, 0, new BindException()) : last;
    }

    private Sockets pair(String host, int rtpPort, EventLoop loop, boolean shared) {
        Channel rtp = bind(host, rtpPort, false, loop, shared);
        try {
            return new Sockets(rtp, bind(host, rtpPort + 1, true, loop, shared));
        } catch (PortInUseException e) {
            rtp.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
            all.remove(rtp);
            throw e;
        }
    }

    private Channel bind(String host, int port, boolean rtcp, EventLoop loop, boolean shared) {
        Bootstrap bootstrap = listening
                .datagrams()
                .clone(loop)
                .option(ChannelOption.SO_SNDBUF, BUFFER)
                .option(ChannelOption.SO_RCVBUF, BUFFER)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(UNSENT / 2, UNSENT))
                .handler(new Incoming(rtcp));
        if (shared) {
            bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
        }
        ChannelFuture bound = bootstrap.bind(host, port).awaitUninterruptibly();
        switch (bound.cause()) {
            case null -> all.add(bound.channel());
            case IOException taken -> throw new PortInUseException(RtspEndpoint.DATAGRAM_SCHEME, port, taken);
            case RuntimeException unbindable -> throw unbindable;
            case Throwable failure -> throw new IllegalStateException(failure);
        }
        return bound.channel();
    }

    /** The pair of ports, as SETUP answers them. */
    TransportHeader.Pair ports() {
        TransportHeader.Pair bound = ports;
        if (bound == null) {
            throw new IllegalStateException("not bound");
        }
        return bound;
    }

    /** What to send with on a loop; on another one's where there is but one pair. */
    Sockets sockets(EventLoop loop) {
        Sockets one = first;
        if (one == null) {
            throw new IllegalStateException("not bound");
        }
        return byLoop.getOrDefault(loop, one);
    }

    /** Takes what comes from an address to one of the ports; false if that is somebody's already. */
    boolean take(InetSocketAddress from, boolean rtcp, Receiver receiver) {
        return receivers.putIfAbsent(new Known(from, rtcp), receiver) == null;
    }

    /** Takes it no more. */
    void leave(InetSocketAddress from, boolean rtcp, Receiver receiver) {
        receivers.remove(new Known(from, rtcp), receiver);
    }

    @Override
    public synchronized void close() {
        all.forEach(each -> each.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
    }

    @ChannelHandler.Sharable
    private final class Incoming extends SimpleChannelInboundHandler<DatagramPacket> {
        private final boolean rtcp;

        Incoming(boolean rtcp) {
            this.rtcp = rtcp;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            Receiver receiver = receivers.get(new Known(packet.sender(), rtcp));
            if (receiver == null) {
                tallies.packets().count(RtspTallies.Packet.FOREIGN);
            } else if (receiver.loop().inEventLoop()) {
                receiver.datagram(packet.content());
            } else {
                hand(receiver, packet.content().retain());
            }
        }

        private void hand(Receiver receiver, ByteBuf bytes) {
            if (handed.incrementAndGet() > HANDED) {
                tallies.packets().count(RtspTallies.Packet.LOST);
                done(bytes);
                return;
            }
            try {
                receiver.loop().execute(() -> {
                    try {
                        receiver.datagram(bytes);
                    } finally {
                        done(bytes);
                    }
                });
            } catch (RejectedExecutionException closing) {
                done(bytes);
            }
        }

        private void done(ByteBuf bytes) {
            handed.decrementAndGet();
            bytes.release();
        }

        /** An answer of the network to what was sent, that a port is closed mostly; and nothing of ours may close the socket of all. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                LOG.debug("RTP by UDP: {}", cause.getMessage());
            } else {
                LOG.warn("A datagram of RTP failed", cause);
            }
        }
    }
}
