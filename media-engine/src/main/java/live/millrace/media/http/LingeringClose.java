// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * How a connection ends whose client was answered and may still be sending: a socket that is closed with bytes unread takes the answer from
 * its client (RFC 9112 §9.6). What comes meanwhile is for the channel's handlers to read and to forget.
 */
final class LingeringClose {
    /** So long a client has to notice. */
    private static final long NOTICE_MILLIS = 2_000;

    /** So many bytes it may send meanwhile. */
    static final long NOTICE_BYTES = 4L << 20;

    private LingeringClose() {}

    /**
     * Says that nothing more will come, and closes somewhat later. On the channel's event loop, behind the answer.
     *
     * @param stream the channel is one stream of an HTTP/2 connection
     */
    static void begin(Channel channel, boolean stream) {
        if (!stream
                && channel instanceof DuplexChannel socket
                && channel.pipeline().get(SslHandler.class) == null) {
            socket.shutdownOutput();
        }
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> channel.close(), NOTICE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
