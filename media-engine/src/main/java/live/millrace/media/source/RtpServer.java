// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.socket.Listening;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One port for a sender. All of it is confined to one event loop, but for {@link #view}. */
final class RtpServer {
    private static final Logger LOG = LoggerFactory.getLogger(RtpServer.class);

    /** What a network carries in one piece has less. */
    private static final int LARGEST = 2_048;

    /** A camera opens one; those that it lost may stand for a while. */
    private static final int MOST_CONNECTIONS = 4;

    /** For a free port that has to be free twice. */
    private static final int MOST_TRIES = 16;

    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final long LOOK_MILLIS = 100;

    /** A connection that brings nothing for so long gives its place to another. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Listening listening;
    private final String host;
    private final RtpServers.Opening wish;
    private final EventLoop loop;
    private final RtpReception reception;
    private final List<Channel> ports = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable ScheduledFuture<?> looks;
    private int tries;
    private boolean closed;
    private volatile int port;

    RtpServer(
            StreamRegistry registry,
            Listening listening,
            String host,
            RtpServers.Opening wish,
            EventLoop loop,
            InstantSource clock) {
        this.listening = listening;
        this.host = host;
        this.wish = wish;
        this.loop = loop;
        this.reception = new RtpReception(registry, wish.path(), wish.ssrc(), loop, clock);
    }

    /** Binds; completes with the port on the loop. */
    CompletableFuture<Integer> open() {
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        bind(opened);
        return opened;
    }

    private void bind(CompletableFuture<Integer> opened) {
        ChannelFuture datagrams = new Bootstrap()
                .group(loop)
                .channel(listening.datagramChannel())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST))
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .option(ChannelOption.SO_REUSEADDR, wish.reuse())
                .handler(new Datagrams())
                .bind(host, wish.port());
        datagrams.addListener(_ -> bound(datagrams, opened, () -> {
            if (wish.connections()) {
                listen(opened);
            } else {
                done(opened);
            }
        }));
    }

    private void listen(CompletableFuture<Integer> opened) {
        ChannelFuture server = new ServerBootstrap()
                .group(listening.acceptor(), loop)
                .channel(listening.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new Connection());
                    }
                })
                .bind(host, port);
        server.addListener(_ -> loop.execute(() -> {
            if (!server.isSuccess() && wish.port() == 0 && ++tries < MOST_TRIES) {
                // Free for datagrams, and another program's for connections.
                ports.removeFirst().close().addListener(_ -> bind(opened));
            } else {
                bound(server, opened, () -> done(opened));
            }
        }));
    }

    private void bound(ChannelFuture future, CompletableFuture<Integer> opened, Runnable then) {
        if (!future.isSuccess()) {
            opened.completeExceptionally(future.cause());
            return;
        }
        Channel channel = future.channel();
        if (closed) {
            channel.close();
            opened.completeExceptionally(new IllegalStateException("closed meanwhile"));
            return;
        }
        ports.add(channel);
        port = ((InetSocketAddress) channel.localAddress()).getPort();
        then.run();
    }

    private void done(CompletableFuture<Integer> opened) {
        looks = loop.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        LOG.info("{} may be sent to port {}", wish.path(), port);
        opened.complete(port);
    }

    /** A run that throws would be the timer's last. */
    private void look() {
        try {
            reception.look();
            long now = System.nanoTime();
            List.copyOf(connections).forEach(connection -> connection.look(now));
        } catch (RuntimeException e) {
            LOG.warn("Port {} could not be looked after", port, e);
        }
    }

    RtpServers.Open view() {
        return new RtpServers.Open(wish.id(), wish.path(), port, wish.connections(), reception.live());
    }

    /** From any thread. */
    void close() {
        loop.execute(() -> {
            closed = true;
            ScheduledFuture<?> timer = looks;
            if (timer != null) {
                timer.cancel(false);
            }
            List.copyOf(ports).forEach(Channel::close);
            List.copyOf(connections).forEach(Connection::close);
            reception.close();
        });
    }

    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            reception.datagram(packet.sender(), packet.content());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("Port {}: {}", port, cause.toString());
        }
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        private final RtpFraming framing = new RtpFraming();
        private @Nullable InetSocketAddress remote;
        private @Nullable Channel channel;
        private long lastNanos = System.nanoTime();

        void look(long now) {
            if (now - lastNanos > SILENCE_NANOS) {
                LOG.debug("Port {}: {} brings nothing", port, remote);
                close();
            }
        }

        void close() {
            Channel of = channel;
            if (of != null) {
                of.close();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (connections.size() >= MOST_CONNECTIONS || closed) {
                ctx.close();
                return;
            }
            channel = ctx.channel();
            connections.add(this);
            remote = (InetSocketAddress) ctx.channel().remoteAddress();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            InetSocketAddress from = remote;
            lastNanos = System.nanoTime();
            try {
                if (message instanceof ByteBuf bytes && from != null) {
                    framing.take(bytes, packet -> reception.framed(from, packet));
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            connections.remove(this);
            InetSocketAddress from = remote;
            if (from != null) {
                reception.left(from);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("Port {}: {}", port, cause.toString());
            ctx.close();
        }
    }
}
