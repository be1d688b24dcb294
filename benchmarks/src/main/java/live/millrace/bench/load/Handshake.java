// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** The client's side of the plain handshake (RTMP 1.0 §5.2); leaves the pipeline when it is done. */
final class Handshake extends ByteToMessageDecoder {
    private static final int BLOCK = 1_536;

    private final Runnable done;

    Handshake(Runnable done) {
        this.done = done;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(ctx.alloc().buffer().writeByte(3).writeZero(BLOCK));
        ctx.fireChannelActive();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < 1 + 2 * BLOCK) {
            return;
        }
        in.skipBytes(1);
        ctx.writeAndFlush(in.readRetainedSlice(BLOCK));
        in.skipBytes(BLOCK);
        ctx.pipeline().remove(this);
        done.run();
    }
}
