// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.IntConsumer;

/** Tells how many bytes came, as acknowledgements count them (RTMP 1.0 §5.4.3). */
final class ReceivedBytes extends ChannelInboundHandlerAdapter {
    private final IntConsumer counter;

    ReceivedBytes(IntConsumer counter) {
        this.counter = counter;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            counter.accept(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }
}
