// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** The end of a connection to one that may have nothing more. */
public final class Cut {
    private Cut() {}

    /**
     * Closes a channel. What the kernel holds for a peer that reads slowly, some seconds of media, is thrown away and not sent. Of HTTP/2 the
     * stream ends alone. May be called on any thread.
     */
    public static void off(Channel channel) {
        if (channel.eventLoop().inEventLoop()) {
            now(channel);
        } else {
            channel.eventLoop().execute(() -> now(channel));
        }
    }

    private static void now(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException closed) {
            // then there is nothing to throw away
        } finally {
            // From the head of the pipeline: TLS would say goodbye first, and wait for a peer that does not read.
            ChannelHandlerContext first = channel.pipeline().firstContext();
            if (first == null) {
                channel.close();
            } else {
                first.close();
            }
        }
    }
}
