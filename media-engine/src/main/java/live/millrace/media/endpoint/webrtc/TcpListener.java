// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import live.millrace.media.admission.AddressLimits;

/** Takes in connections of peers whose network lets no UDP through. They share the event loop of the socket of UDP. */
final class TcpListener extends ChannelInitializer<Channel> {
    private static final int LENGTH = 2;

    private final WebrtcPort port;
    private final AddressLimits limits;

    TcpListener(WebrtcPort port, AddressLimits limits) {
        this.port = port;
        this.limits = limits;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            channel.close(); // gone between accept and here
            return;
        }
        if (limits.enter(remote.getAddress()) != AddressLimits.Entry.WELCOME) {
            // Without the courtesy of a farewell: a flood must not fill the table of closing sockets.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> limits.leave(remote.getAddress()));
        channel.pipeline()
                .addLast(new LengthFieldBasedFrameDecoder(LENGTH + TcpPath.LONGEST, 0, LENGTH, 0, LENGTH))
                .addLast(new TcpPath(channel, remote, port).handler());
    }
}
