// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.AbstractChannelPoolMap;
import io.netty.channel.pool.ChannelHealthChecker;
import io.netty.channel.pool.FixedChannelPool;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The site's own port, and the connections to it. Each event loop has connections of its own, which are used again, so that an exchange never
 * changes its thread. Thread-safe.
 */
final class Site implements AutoCloseable {
    /** On this machine a connection is there at once, or there is nobody. */
    private static final int CONNECT_MILLIS = 5_000;

    /** For a connection, when all are taken. */
    private static final long WAIT_MILLIS = 5_000;

    /** Requests of one loop that wait for one. */
    private static final int MOST_WAITING = 2_000;

    /** Less than the site itself waits for another request: whoever is asked on such a connection is there. */
    private static final int IDLE_SECONDS = 5;

    private static final int MAX_STATUS_LINE = 4_096;
    private static final int MAX_HEADERS = 64 << 10;
    private static final int MAX_CHUNK = 16 << 10;

    private final Class<? extends SocketChannel> socket;
    private final Supplier<Optional<InetSocketAddress>> address;
    private final AbstractChannelPoolMap<EventLoop, FixedChannelPool> connections;
    private final ConcurrentHashMap<EventLoop, BodyPlaces> places = new ConcurrentHashMap<>();
    private final int mostBodies;

    /**
     * For a site that may not listen yet.
     *
     * @param socket of the event loops' kind
     * @param address where the site listens; empty until it does
     * @param most connections of one loop that carry requests
     * @param mostBodies of those, whose bodies still come
     */
    Site(
            Class<? extends SocketChannel> socket,
            Supplier<Optional<InetSocketAddress>> address,
            int most,
            int mostBodies) {
        this.socket = socket;
        this.address = address;
        this.mostBodies = mostBodies;
        this.connections = new AbstractChannelPoolMap<>() {
            @Override
            protected FixedChannelPool newPool(EventLoop loop) {
                return new FixedChannelPool(
                        bootstrap(loop),
                        new AbstractChannelPoolHandler() {
                            @Override
                            public void channelCreated(Channel made) {
                                assemble(made);
                            }
                        },
                        ChannelHealthChecker.ACTIVE,
                        FixedChannelPool.AcquireTimeoutAction.FAIL,
                        WAIT_MILLIS,
                        most,
                        MOST_WAITING);
            }
        };
    }

    private Bootstrap bootstrap(EventLoop loop) {
        return new Bootstrap()
                .group(loop)
                .channel(socket)
                .remoteAddress(address.get().orElseThrow())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    }

    private static void assemble(Channel made) {
        made.pipeline()
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
                .addLast(new HttpClientCodec(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_STATUS_LINE)
                                .setMaxHeaderSize(MAX_HEADERS)
                                .setMaxChunkSize(MAX_CHUNK),
                        false,
                        false))
                .addLast(new SiteConnection());
    }

    /** Whether it listens. */
    boolean there() {
        return address.get().isPresent();
    }

    /** A connection for one exchange with a site that is there; {@link #release} takes it back, whatever became of it. */
    Future<Channel> acquire(EventLoop loop) {
        return connections.get(loop).acquire();
    }

    /** For bodies that still come, of one loop. */
    BodyPlaces places(EventLoop loop) {
        return places.computeIfAbsent(loop, _ -> new BodyPlaces(mostBodies));
    }

    void release(Channel connection) {
        connections.get(connection.eventLoop()).release(connection);
    }

    /** A connection that becomes a socket of somebody's page, and is closed with it: of these there may be as many as clients. */
    ChannelFuture connect(EventLoop loop) {
        return bootstrap(loop)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        assemble(made);
                    }
                })
                .connect();
    }

    @Override
    public void close() {
        connections.close();
    }
}
