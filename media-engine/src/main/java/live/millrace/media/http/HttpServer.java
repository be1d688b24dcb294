// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Serves media over HTTP/1.1. */
public final class HttpServer implements AutoCloseable {
    static final String CODEC = "http-codec";
    static final String AGGREGATOR = "aggregator";
    static final String WRITE_TIMEOUT = "write-timeout";
    private static final String CONNECTION = "connection";

    private static final int BACKLOG = 1_024;
    private static final int MAX_REQUEST_LINE = 4_096;
    private static final int MAX_HEADERS = 8_192;
    private static final int MAX_CHUNK = 8_192;

    /** Nothing here takes a body; a small one is read and forgotten, a large one refused. */
    private static final int MAX_BODY = 4_096;

    private static final long CLOSE_SECONDS = 2;

    private final Channel serverChannel;
    private final ChannelGroup connections;

    private final HttpTallies tallies;

    private HttpServer(Channel serverChannel, ChannelGroup connections, HttpTallies tallies) {
        this.serverChannel = serverChannel;
        this.connections = connections;
        this.tallies = tallies;
    }

    /**
     * Binds and listens.
     *
     * @throws java.net.BindException if the port is taken (thrown as it comes from the transport)
     */
    public static HttpServer bind(
            HttpConfig config,
            EventLoopGroup acceptor,
            EventLoopGroup workers,
            Class<? extends ServerChannel> channelType,
            HttpRouter router) {
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        HttpTallies tallies = HttpTallies.fresh();
        ClientLimits limits = new ClientLimits(config);
        Channel channel = new ServerBootstrap()
                .group(acceptor, workers)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // Measured: a fifth less than the adaptive allocator for a thousand publishers.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                // A client may say that it has asked everything, and still read.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        InetSocketAddress remote = (InetSocketAddress) accepted.remoteAddress();
                        if (remote == null) {
                            accepted.close(); // gone between accept and here
                            return;
                        }
                        if (connections.size() >= config.maxConnections() || !limits.enter(remote.getAddress())) {
                            tallies.answers().count(HttpTallies.Answer.FULL);
                            accepted.close();
                            return;
                        }
                        accepted.closeFuture().addListener(_ -> limits.leave(remote.getAddress()));
                        connections.add(accepted);
                        accepted.pipeline()
                                .addLast(CODEC, new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADERS, MAX_CHUNK))
                                .addLast(AGGREGATOR, new HttpObjectAggregator(MAX_BODY, true))
                                // A client that does not read its answer holds memory: it has to go.
                                .addLast(
                                        WRITE_TIMEOUT,
                                        new WriteTimeoutHandler(
                                                config.writeTimeout().toMillis(), TimeUnit.MILLISECONDS))
                                .addLast(CONNECTION, new HttpConnection(router, config, limits, tallies, false));
                    }
                })
                .bind(config.host(), config.port())
                .syncUninterruptibly()
                .channel();
        return new HttpServer(channel, connections, tallies);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) serverChannel.localAddress()).getPort();
    }

    /** Sockets that are open. */
    public int connections() {
        return connections.size();
    }

    /** What was counted since the start. */
    public HttpTallies tallies() {
        return tallies;
    }

    @Override
    public void close() {
        serverChannel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
