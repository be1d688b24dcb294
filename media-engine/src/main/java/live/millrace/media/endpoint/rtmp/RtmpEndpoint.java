// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

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
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.socket.ReadTurns;
import live.millrace.media.tls.TlsPort;
import org.jspecify.annotations.Nullable;

/** RTMP, and RTMPS on a port of its own: publishers and players. */
public final class RtmpEndpoint implements Endpoint {
    /** The scheme of its addresses. */
    public static final String SCHEME = "rtmp";

    /** The same, encrypted. */
    public static final String TLS_SCHEME = "rtmps";

    private static final long CLOSE_SECONDS = 2;

    private final RtmpConfig config;
    private final EndpointContext engine;
    private final Optional<TlsPort> tls;
    private final NamedProxies proxies;
    private final RtmpListener listener;
    private final RtmpTallies tallies = RtmpTallies.fresh();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ListeningSockets sockets = new ListeningSockets();

    /**
     * Nothing listens yet.
     *
     * @param tls where RTMPS listens, if it does
     * @param proxies that say whom they speak for
     */
    public RtmpEndpoint(RtmpConfig config, EndpointContext engine, Optional<TlsPort> tls, NamedProxies proxies) {
        this.proxies = proxies;
        this.config = config;
        this.engine = engine;
        this.tls = tls;
        this.listener = new RtmpListener(
                new RtmpListener.Context(config, tallies, new ReadTurns(ReadTurns.FEW), engine), connections);
    }

    @Override
    public String name() {
        return "rtmp";
    }

    @Override
    public void start() {
        sockets.open(SCHEME, bootstrap(null), config.host(), config.port());
        tls.ifPresent(port -> sockets.open(TLS_SCHEME, bootstrap(port.contexts()), config.host(), port.port()));
    }

    private ServerBootstrap bootstrap(@Nullable Supplier<SslContext> encryption) {
        return engine.listening()
                .bootstrap()
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        proxies.know(accepted, () -> listener.initialize(accepted, encryption));
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
    public RtmpTallies tallies() {
        return tallies;
    }

    @Override
    public void meters(Meters meters) {
        meters.gauge("millrace.rtmp.connections.open", "open RTMP sockets", connections, ChannelGroup::size);
        meters.tally("millrace.rtmp.connections", "outcome", "what became of RTMP sockets", tallies.connections());
        meters.bytes("millrace.rtmp.received", "received over RTMP", tallies.received());
    }

    /** {@inheritDoc} Takes no new players either: they come through the same port. */
    @Override
    public CompletionStage<Void> drain() {
        stopAccepting();
        List<CompletableFuture<Void>> leaving = new ArrayList<>();
        for (Channel channel : connections) {
            CompletableFuture<Void> left = new CompletableFuture<>();
            leaving.add(left);
            try {
                channel.eventLoop().execute(() -> {
                    RtmpConnection connection = channel.pipeline().get(RtmpConnection.class);
                    if (connection == null) {
                        left.complete(null); // closed in the meantime
                    } else {
                        connection.conversation().requestReconnect().thenRun(() -> left.complete(null));
                    }
                });
            } catch (RejectedExecutionException stopped) {
                left.complete(null);
            }
        }
        return CompletableFuture.allOf(leaving.toArray(CompletableFuture[]::new));
    }

    @Override
    public void stopAccepting() {
        sockets.close();
    }

    @Override
    public void disconnect() {
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
