// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import live.millrace.media.endpoint.EndpointContext;
import live.millrace.media.protocol.rtsp.RtspDecoder;
import live.millrace.media.socket.NamedProxies;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes RTSP sockets in and assembles their pipelines. */
final class RtspListener {
    static final String TLS = "tls";
    static final String DECODER = "decoder";
    static final String PLAYOUT = "playout";
    static final String CONNECTION = "connection";

    private static final Logger LOG = LoggerFactory.getLogger(RtspListener.class);

    /**
     * What every connection shares.
     *
     * @param datagrams null where media goes over TCP alone
     */
    record Context(
            RtspConfig config,
            RtspTimes times,
            RtspTallies tallies,
            EndpointContext engine,
            @Nullable DatagramPorts datagrams) {}

    private final Context context;
    private final ChannelGroup connections;

    /** @param connections where accepted sockets are noted until they close */
    RtspListener(Context context, ChannelGroup connections) {
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
        RtspTallies.Connection entry =
                switch (context.engine().publishing().limits().enter(remote.getAddress())) {
                    case WELCOME -> RtspTallies.Connection.ACCEPTED;
                    case FULL -> RtspTallies.Connection.FULL;
                    case TOO_MANY_OF_ADDRESS -> RtspTallies.Connection.TOO_MANY_OF_ADDRESS;
                    case TOO_FAST -> RtspTallies.Connection.TOO_FAST;
                };
        context.tallies().connections().count(entry);
        if (entry != RtspTallies.Connection.ACCEPTED) {
            LOG.debug("No RTSP connection for {}: {}", remote, entry);
            // Without the courtesy of a farewell: a flood must not fill the table of closing sockets.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        channel.closeFuture()
                .addListener(_ -> context.engine().publishing().limits().leave(remote.getAddress()));
        connections.add(channel);
        if (tls != null) {
            SslHandler handler = tls.get().newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(context.times().request().toMillis());
            channel.pipeline().addLast(TLS, handler);
        }
        channel.pipeline()
                .addLast(DECODER, new RtspDecoder())
                // A session that plays puts its PLAYOUT between the two.
                .addLast(CONNECTION, new RtspConnection(channel, remote, context, tls != null));
    }
}
