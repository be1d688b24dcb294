// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.handshake.HandshakeHandler;
import live.millrace.media.socket.NamedProxies;
import live.millrace.media.socket.ReadTurns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes RTMP sockets in and assembles their pipelines. */
public final class RtmpListener {
    static final String TLS = "tls";
    static final String HANDSHAKE = "handshake";
    static final String CHUNK_DECODER = "chunk-decoder";
    static final String CHUNK_ENCODER = "chunk-encoder";
    static final String CONNECTION = "connection";

    private static final Logger LOG = LoggerFactory.getLogger(RtmpListener.class);

    /** What every connection shares. */
    record Context(RtmpConfig config, RtmpTallies tallies, ReadTurns turns, EndpointContext engine) {}

    private final Context context;
    private final ChannelGroup connections;

    /** @param connections where accepted sockets are noted until they close */
    RtmpListener(Context context, ChannelGroup connections) {
        this.context = context;
        this.connections = connections;
    }

    /** Takes in a socket that was just accepted, or closes it. On its event loop. */
    void initialize(Channel channel, @Nullable Supplier<SslContext> tls) {
        InetSocketAddress remote = NamedProxies.clientOf(channel);
        if (remote == null) {
            channel.close(); // gone between accept and here
            return;
        }
        RtmpTallies.Connection entry =
                switch (context.engine().publishing().limits().enter(remote.getAddress())) {
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
        channel.closeFuture()
                .addListener(_ -> context.engine().publishing().limits().leave(remote.getAddress()));
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
}
