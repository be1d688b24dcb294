// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import live.millrace.media.access.PublishAuthorizer;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.audience.Audience;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.hub.Arrivals;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.handshake.HandshakeHandler;
import live.millrace.media.socket.Listening;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts RTMP sockets and assembles their pipelines. */
public final class RtmpListener implements AutoCloseable {
    static final String TLS = "tls";
    static final String HANDSHAKE = "handshake";
    static final String CHUNK_DECODER = "chunk-decoder";
    static final String CHUNK_ENCODER = "chunk-encoder";
    static final String CONNECTION = "connection";

    private static final Logger LOG = LoggerFactory.getLogger(RtmpListener.class);
    private static final long CLOSE_SECONDS = 2;

    /** What players need. */
    public record Playing(Audience audience, Arrivals arrivals, Feeds feeds) {}

    /** What every connection shares. */
    record Context(
            RtmpConfig config,
            AddressLimits limits,
            RtmpTallies tallies,
            StreamRegistry registry,
            PublishAuthorizer authorizer,
            PublishObserver observer,
            Playing playing) {
        Audience audience() {
            return playing.audience();
        }

        Arrivals arrivals() {
            return playing.arrivals();
        }

        Feeds feeds() {
            return playing.feeds();
        }
    }

    private final Channel serverChannel;
    private final @Nullable Channel tlsChannel;
    private final ChannelGroup connections;
    private final RtmpTallies tallies;

    private RtmpListener(
            Channel serverChannel, @Nullable Channel tlsChannel, ChannelGroup connections, RtmpTallies tallies) {
        this.serverChannel = serverChannel;
        this.tlsChannel = tlsChannel;
        this.connections = connections;
        this.tallies = tallies;
    }

    /**
     * Binds and listens.
     *
     * @param tls asked for each connection of RTMPS; null for none
     * @param tlsPort where RTMPS listens; 0 picks a free one
     * @throws java.net.BindException if the port is taken (thrown as it comes from the transport)
     */
    public static RtmpListener bind(
            RtmpConfig config,
            Listening listening,
            StreamRegistry registry,
            PublishAuthorizer authorizer,
            PublishObserver observer,
            Playing playing,
            @Nullable Supplier<SslContext> tls,
            int tlsPort) {
        Context context = new Context(
                config,
                new AddressLimits(config.limits()),
                RtmpTallies.fresh(),
                registry,
                authorizer,
                observer,
                playing);
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        Channel open = listen(listening, config.host(), config.port(), context, connections, null);
        Channel encrypted = null;
        if (tls != null) {
            try {
                encrypted = listen(listening, config.host(), tlsPort, context, connections, tls);
            } catch (RuntimeException | Error e) {
                open.close();
                throw e;
            }
        }
        return new RtmpListener(open, encrypted, connections, context.tallies());
    }

    private static Channel listen(
            Listening listening,
            String host,
            int port,
            Context context,
            ChannelGroup connections,
            @Nullable Supplier<SslContext> tls) {
        return listening
                .bootstrap()
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        initialize(accepted, context, connections, tls);
                    }
                })
                .bind(host, port)
                .syncUninterruptibly()
                .channel();
    }

    private static void initialize(
            Channel channel, Context context, ChannelGroup connections, @Nullable Supplier<SslContext> tls) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null) {
            channel.close(); // gone between accept and here
            return;
        }
        RtmpTallies.Connection entry = switch (context.limits().enter(remote.getAddress())) {
            case WELCOME -> RtmpTallies.Connection.ACCEPTED;
            case FULL -> RtmpTallies.Connection.FULL;
            case TOO_MANY_OF_ADDRESS -> RtmpTallies.Connection.TOO_MANY_OF_ADDRESS;
            case TOO_FAST -> RtmpTallies.Connection.TOO_FAST;
        };
        context.tallies().connections().count(entry);
        if (entry != RtmpTallies.Connection.ACCEPTED) {
            LOG.debug("No RTMP connection for {}: {}", remote, entry);
            // Without the courtesy of a farewell: a flood must not fill the table of closing sockets.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> context.limits().leave(remote.getAddress()));
        connections.add(channel);
        ChunkEncoder encoder = new ChunkEncoder();
        RtmpConnection connection = new RtmpConnection(channel, remote, context, encoder);
        ChunkDecoder decoder = new ChunkDecoder(connection::received);
        connection.reads(decoder);
        if (tls != null) {
            SslHandler handler = tls.get().newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(
                    context.config().timeouts().connect().toMillis());
            channel.pipeline().addLast(TLS, handler);
        }
        channel.pipeline()
                // Leaves when it is done, so that chunks pass no dead handler.
                .addLast(HANDSHAKE, new HandshakeHandler())
                .addLast(CHUNK_DECODER, decoder)
                .addLast(CHUNK_ENCODER, encoder)
                .addLast(CONNECTION, connection);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) serverChannel.localAddress()).getPort();
    }

    /** The port for RTMPS; 0 when there is none. */
    public int tlsPort() {
        return tlsChannel == null ? 0 : ((InetSocketAddress) tlsChannel.localAddress()).getPort();
    }

    /** Sockets that are open. */
    public int connections() {
        return connections.size();
    }

    /** What was counted since the start. */
    public RtmpTallies tallies() {
        return tallies;
    }

    /** Asks all peers that can to connect anew; ends when those of them that publish have left. */
    public CompletableFuture<Void> requestReconnects() {
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

    /** Accepts no more. */
    public void stopAccepting() {
        serverChannel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        if (tlsChannel != null) {
            tlsChannel.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        stopAccepting();
        connections.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
