// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import live.millrace.media.socket.Listening;
import org.jspecify.annotations.Nullable;

/** Serves media over HTTP/1.1, and with TLS over HTTP/2 as well. */
public final class HttpServer implements AutoCloseable {
    static final String CODEC = "http-codec";
    static final String AGGREGATOR = "aggregator";
    static final String WRITE_TIMEOUT = "write-timeout";
    private static final String TLS = "tls";
    private static final String VERSION = "http-version";
    private static final String CONNECTION = "connection";

    private static final int MAX_REQUEST_LINE = 4_096;
    private static final int MAX_HEADERS = 8_192;
    private static final int MAX_CHUNK = 8_192;

    /** Nothing here takes a body; a small one is read and forgotten, a large one refused. */
    private static final int MAX_BODY = 4_096;

    private static final long CLOSE_SECONDS = 2;

    /** A handshake that takes longer is somebody who keeps a socket for himself. */
    private static final long HANDSHAKE_MILLIS = 10_000;

    private final Channel serverChannel;
    private final @Nullable Channel tlsChannel;
    private final ChannelGroup connections;

    private final HttpTallies tallies;
    private final SharedFiles files;

    private HttpServer(
            Channel serverChannel,
            @Nullable Channel tlsChannel,
            ChannelGroup connections,
            HttpTallies tallies,
            SharedFiles files) {
        this.serverChannel = serverChannel;
        this.tlsChannel = tlsChannel;
        this.connections = connections;
        this.tallies = tallies;
        this.files = files;
    }

    /**
     * Binds and listens.
     *
     * @throws java.net.BindException if the port is taken (thrown as it comes from the transport)
     */
    public static HttpServer bind(HttpConfig config, Listening listening, HttpRouter router) {
        return bind(config, listening, router, null, 0);
    }

    /**
     * Binds and listens, on a port with TLS as well.
     *
     * @param tls asked for each connection; null for none
     * @param tlsPort 0 picks a free one
     * @throws java.net.BindException if a port is taken (thrown as it comes from the transport)
     */
    public static HttpServer bind(
            HttpConfig config,
            Listening listening,
            HttpRouter router,
            @Nullable Supplier<SslContext> tls,
            int tlsPort) {
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        HttpTallies tallies = HttpTallies.fresh();
        ClientLimits limits = new ClientLimits(config);
        IdleConnections idle = new IdleConnections(connections, config.maxConnections());
        listening.shortage().spares(idle::close);
        SharedFiles files = new SharedFiles();
        HttpConnection.Context context = new HttpConnection.Context(router, config, limits, tallies, files);
        Consumer<Channel> plain = accepted -> accepted.pipeline()
                .addLast(CODEC, new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADERS, MAX_CHUNK))
                .addLast(AGGREGATOR, new HttpObjectAggregator(MAX_BODY, true))
                // A client that does not read its answer holds memory: it has to go.
                .addLast(
                        WRITE_TIMEOUT,
                        new WriteTimeoutHandler(config.writeTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(CONNECTION, new HttpConnection(context, false));
        Consumer<Channel> stream = child -> child.pipeline()
                .addLast(AGGREGATOR, new HttpObjectAggregator(MAX_BODY, true))
                .addLast(CONNECTION, new HttpConnection(context, true));
        Entrance entrance = new Entrance(config, limits, tallies, idle);
        Channel open = entrance.listen(listening, config.port(), plain);
        Channel encrypted = null;
        if (tls != null) {
            try {
                encrypted = entrance.listen(listening, tlsPort, accepted -> {
                    SslHandler handler = tls.get().newHandler(accepted.alloc());
                    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
                    // Without half-closed sockets: an encrypted peer says goodbye inside the encryption.
                    accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                    accepted.pipeline().addLast(TLS, handler).addLast(VERSION, new Http1Or2(plain, stream));
                });
            } catch (RuntimeException | Error e) {
                open.close();
                throw e;
            }
        }
        return new HttpServer(open, encrypted, connections, tallies, files);
    }

    /** Who gets in, through whichever port. */
    private record Entrance(HttpConfig config, ClientLimits limits, HttpTallies tallies, IdleConnections idle) {
        Channel listen(Listening listening, int port, Consumer<Channel> assemble) {
            return listening
                    .bootstrap()
                    // A client may say that it has asked everything, and still read.
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel accepted) {
                            enter(accepted, assemble);
                        }
                    })
                    .bind(config.host(), port)
                    .syncUninterruptibly()
                    .channel();
        }

        private void enter(Channel accepted, Consumer<Channel> assemble) {
            InetSocketAddress remote = (InetSocketAddress) accepted.remoteAddress();
            if (remote == null) {
                accepted.close(); // gone between accept and here
                return;
            }
            InetAddress address = remote.getAddress();
            // In this order: whoever has too many already sends nobody idle away.
            if (!limits.enter(address)) {
                turnAway(accepted);
                return;
            }
            accepted.closeFuture().addListener(_ -> limits.leave(address));
            if (!idle.admit(accepted)) {
                turnAway(accepted);
                return;
            }
            assemble.accept(accepted);
        }

        private void turnAway(Channel accepted) {
            tallies.answers().count(HttpTallies.Answer.FULL);
            accepted.close();
        }
    }

    /** The port that is encrypted; 0 when there is none. */
    public int tlsPort() {
        return tlsChannel == null ? 0 : ((InetSocketAddress) tlsChannel.localAddress()).getPort();
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
        if (tlsChannel != null) {
            tlsChannel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        files.close();
    }
}
