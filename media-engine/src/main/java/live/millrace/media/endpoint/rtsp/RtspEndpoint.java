// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.socket.ListeningSockets;
import live.millrace.media.tls.TlsPort;
import org.jspecify.annotations.Nullable;

/** RTSP, and RTSPS on a port of its own: publishers and players, over TCP and over UDP. */
public final class RtspEndpoint implements Endpoint {
    /** The scheme of its addresses. */
    public static final String SCHEME = "rtsp";

    /** The same, encrypted. */
    public static final String TLS_SCHEME = "rtsps";

    /** What the two ports of UDP are called where they cannot be had; no addresses have it. */
    public static final String DATAGRAM_SCHEME = "rtsp-udp";

    private static final long CLOSE_SECONDS = 2;

    private final RtspConfig config;
    private final EndpointContext engine;
    private final Optional<TlsPort> tls;
    private final RtspListener listener;
    private final @Nullable DatagramPorts datagrams;
    private final RtspTallies tallies = RtspTallies.fresh();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ListeningSockets sockets = new ListeningSockets();

    /**
     * Nothing listens yet.
     *
     * @param tls where RTSPS listens, if it does
     */
    public RtspEndpoint(RtspConfig config, EndpointContext engine, Optional<TlsPort> tls) {
        this(config, engine, tls, RtspTimes.USUAL);
    }

    RtspEndpoint(RtspConfig config, EndpointContext engine, Optional<TlsPort> tls, RtspTimes times) {
        this.config = config;
        this.engine = engine;
        this.tls = tls;
        this.datagrams = config.datagrams() ? new DatagramPorts(engine.listening(), tallies) : null;
        this.listener =
                new RtspListener(new RtspListener.Context(config, times, tallies, engine, datagrams), connections);
    }

    @Override
    public String name() {
        return "rtsp";
    }

    @Override
    public void start() {
        sockets.open(SCHEME, bootstrap(null), config.host(), config.port());
        tls.ifPresent(port -> sockets.open(TLS_SCHEME, bootstrap(port.contexts()), config.host(), port.port()));
        if (datagrams != null) {
            datagrams.open(config.host(), config.mediaPort());
        }
    }

    private ServerBootstrap bootstrap(@Nullable Supplier<SslContext> encryption) {
        return engine.listening()
                .bootstrap()
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        listener.initialize(accepted, encryption);
                    }
                });
    }

    @Override
    public Map<String, Integer> ports() {
        return sockets.ports();
    }

    @Override
    public int connections() {
        return connections.size();
    }

    /** What was counted since the start. */
    public RtspTallies tallies() {
        return tallies;
    }

    @Override
    public void meters(Meters meters) {
        meters.gauge("millrace.rtsp.connections.open", "open RTSP sockets", connections, ChannelGroup::size);
        meters.tally("millrace.rtsp.connections", "outcome", "what became of RTSP sockets", tallies.connections());
        meters.bytes("millrace.rtsp.received", "received as media over RTSP", tallies.received());
        meters.tally("millrace.rtsp.packets", "fate", "packets of RTP that came to nothing", tallies.packets());
    }

    /**
     * {@inheritDoc} Nobody can be asked to connect anew in this protocol: publishers are sent away when what they sent has been handed over.
     * Takes no new players either: they come through the same port.
     */
    @Override
    public CompletionStage<Void> drain() {
        stopListening();
        List<CompletableFuture<Void>> leaving = new ArrayList<>();
        for (Channel channel : connections) {
            CompletableFuture<Void> left = new CompletableFuture<>();
            leaving.add(left);
            try {
                channel.eventLoop().execute(() -> {
                    try {
                        RtspConnection connection = channel.pipeline().get(RtspConnection.class);
                        if (connection != null) { // not closed in the meantime
                            connection.sendAwayPublisher();
                        }
                    } finally {
                        left.complete(null);
                    }
                });
            } catch (RejectedExecutionException stopped) {
                left.complete(null);
            }
        }
        return CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new));
    }

    private void stopListening() {
        sockets.close();
    }

    @Override
    public void stopAccepting() {
        stopListening();
    }

    /** {@inheritDoc} The sockets of datagrams go last: those who play need them until then. */
    @Override
    public void disconnect() {
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        if (datagrams != null) {
            datagrams.close();
        }
    }
}
