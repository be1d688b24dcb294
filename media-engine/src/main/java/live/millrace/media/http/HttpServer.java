// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import live.millrace.media.socket.Listening;
import live.millrace.media.socket.ListeningSockets;
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.socket.PortInUseException;
import live.millrace.media.tls.TlsPort;

/** Serves media over HTTP/1.1, and with TLS over HTTP/2 as well. */
public final class HttpServer implements AutoCloseable {
    static final String CODEC = "http-codec";
    static final String ARRIVAL = "arrival";
    static final String BODIES = "bodies";
    static final String WRITE_TIMEOUT = "write-timeout";
    private static final String PLAIN = "unencrypted";
    private static final String TLS = "tls";
    private static final String VERSION = "http-version";
    private static final String CONNECTION = "connection";
    private static final String CROSSING = "crossing";

    /** What the port is called that leads elsewhere as well. */
    public static final String SHARED = "front";

    private static final int MAX_REQUEST_LINE = 4_096;
    private static final int MAX_HEADERS = 8_192;
    private static final int MAX_CHUNK = 8_192;

    private static final long CLOSE_SECONDS = 2;

    /** A handshake that takes longer is somebody who keeps a socket for himself. */
    private static final long HANDSHAKE_MILLIS = 10_000;

    /** What is negotiated on an encrypted port. */
    public static final List<String> APPLICATION_PROTOCOLS =
            List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private final String scheme;
    private final HttpConfig config;
    private final Listening listening;
    private final Optional<TlsPort> tls;
    private final NamedProxies proxies;

    /** A port that leads elsewhere as well. */
    private record Shared(TlsPort port, Crossing crossing, Supplier<Optional<String>> origin) {}

    private Optional<Shared> shared = Optional.empty();
    private final HttpConnection.Context context;
    private final Entrance entrance;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ListeningSockets sockets = new ListeningSockets();
    private final HttpTallies tallies = HttpTallies.fresh();
    private final SharedFiles files = new SharedFiles();

    /**
     * A server that does not listen yet.
     *
     * @param scheme what its ports are called; the encrypted one has an s behind it
     * @param tls where connections are encrypted, if they are anywhere
     */
    public HttpServer(String scheme, HttpConfig config, Listening listening, HttpRouter router, Optional<TlsPort> tls) {
        this(scheme, config, listening, router, tls, NamedProxies.none());
    }

    /** The same behind proxies that say whom they speak for. */
    public HttpServer(
            String scheme,
            HttpConfig config,
            Listening listening,
            HttpRouter router,
            Optional<TlsPort> tls,
            NamedProxies proxies) {
        this.proxies = proxies;
        this.scheme = scheme;
        this.config = config;
        this.listening = listening;
        this.tls = tls;
        ClientLimits limits = new ClientLimits(config);
        IdleConnections idle = new IdleConnections(connections, config.maxConnections());
        listening.shortage().spares(idle::close);
        this.context = new HttpConnection.Context(router, config, limits, tallies, files);
        this.entrance = new Entrance(limits, tallies, idle);
    }

    /**
     * A server that listens, without encryption.
     *
     * @throws PortInUseException if the port cannot be had
     */
    public static HttpServer bind(String scheme, HttpConfig config, Listening listening, HttpRouter router) {
        HttpServer server = new HttpServer(scheme, config, listening, router, Optional.empty());
        try {
            server.start();
            return server;
        } catch (PortInUseException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Listens on another encrypted port, which leads elsewhere as well; before the start.
     *
     * @param origin where the world reaches that port, as {@code https://live.example.org}, asked whenever somebody comes there without encryption;
     *     empty where it is not known
     */
    public void share(TlsPort port, Crossing crossing, Supplier<Optional<String>> origin) {
        shared = Optional.of(new Shared(port, crossing, origin));
    }

    /**
     * Binds and listens.
     *
     * @throws PortInUseException if a port cannot be had
     */
    public void start() {
        sockets.open(scheme, bootstrap(plain -> assemble(plain, Optional.empty())), config.host(), config.port());
        tls.ifPresent(port -> {
            Unencrypted plain = unencrypted(Optional::empty);
            sockets.open(
                    scheme + "s",
                    bootstrap(accepted -> encrypt(accepted, port, Optional.empty(), plain)),
                    config.host(),
                    port.port());
        });
        shared.ifPresent(both -> {
            Unencrypted plain = unencrypted(both.origin());
            sockets.open(
                    SHARED,
                    bootstrap(accepted -> encrypt(accepted, both.port(), Optional.of(both.crossing()), plain)),
                    config.host(),
                    both.port().port());
        });
    }

    private Unencrypted unencrypted(Supplier<Optional<String>> origin) {
        return new Unencrypted(List.of(VERSION, TLS), HttpServer::codec, origin, tallies);
    }

    private static HttpServerCodec codec() {
        return new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADERS, MAX_CHUNK);
    }

    private ServerBootstrap bootstrap(Consumer<Channel> assemble) {
        return listening
                .bootstrap()
                // A client may say that it has asked everything, and still read.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        proxies.know(accepted, () -> {
                            if (entrance.admits(accepted)) {
                                assemble.accept(accepted);
                            }
                        });
                    }
                });
    }

    private void assemble(Channel accepted, Optional<Crossing> crossing) {
        HttpConnection connection = new HttpConnection(context, false);
        accepted.pipeline()
                .addLast(ARRIVAL, new Arrival(connection, config.arrivalTimeout(), tallies))
                .addLast(CODEC, codec())
                .addLast(BODIES, new RequestBodies(context.router()))
                // A client that does not read its answer holds memory: it has to go.
                .addLast(
                        WRITE_TIMEOUT,
                        new WriteTimeoutHandler(config.writeTimeout().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(CONNECTION, connection);
        crossing.ifPresent(elsewhere -> accepted.pipeline().addAfter(CODEC, CROSSING, elsewhere.handler(false)));
    }

    private void assembleStream(Channel child, Optional<Crossing> crossing) {
        crossing.ifPresent(elsewhere -> child.pipeline().addLast(CROSSING, elsewhere.handler(true)));
        child.pipeline()
                .addLast(BODIES, new RequestBodies(context.router()))
                .addLast(CONNECTION, new HttpConnection(context, true));
    }

    private void encrypt(Channel accepted, TlsPort port, Optional<Crossing> crossing, Unencrypted plain) {
        SslHandler handler = port.contexts().get().newHandler(accepted.alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        // Without half-closed sockets: an encrypted peer says goodbye inside the encryption.
        accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        accepted.pipeline()
                .addLast(PLAIN, plain)
                .addLast(TLS, handler)
                .addLast(
                        VERSION,
                        new Http1Or2(
                                connection -> assemble(connection, crossing),
                                stream -> assembleStream(stream, crossing),
                                config,
                                tallies));
    }

    /** Who gets in, through whichever port. */
    private record Entrance(ClientLimits limits, HttpTallies tallies, IdleConnections idle) {
        boolean admits(Channel accepted) {
            InetSocketAddress remote = NamedProxies.clientOf(accepted);
            if (remote == null) {
                accepted.close(); // gone between accept and here
                return false;
            }
            InetAddress address = remote.getAddress();
            // In this order: whoever has too many already sends nobody idle away.
            if (!limits.enter(address)) {
                turnAway(accepted);
                return false;
            }
            accepted.closeFuture().addListener(_ -> limits.leave(address));
            if (!idle.admit(accepted)) {
                turnAway(accepted);
                return false;
            }
            return true;
        }

        private void turnAway(Channel accepted) {
            tallies.answers().count(HttpTallies.Answer.FULL);
            accepted.close();
        }
    }

    /** The ports that are listened on, by scheme. */
    public Map<String, Integer> ports() {
        return sockets.ports();
    }

    /** The port without encryption; 0 before the start. */
    public int port() {
        return ports().getOrDefault(scheme, 0);
    }

    /** Sockets that are open. */
    public int connections() {
        return connections.size();
    }

    /** What was counted since the start. */
    public HttpTallies tallies() {
        return tallies;
    }

    /** Takes no new connections. */
    public void stopAccepting() {
        sockets.close();
    }

    /** Closes all connections. */
    public void disconnect() {
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        stopAccepting();
        disconnect();
        files.close();
    }
}
