// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;

/** {@link OutboundMessage}s to chunks. */
public final class ChunkEncoder extends MessageToByteEncoder<OutboundMessage> {
    private int chunkSize = ChunkLimits.DEFAULT_CHUNK_SIZE;

    /** The chunk size for what is written after a Set Chunk Size message. On the channel's event loop. */
    public void chunkSize(int size) {
        chunkSize = size;
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, OutboundMessage message, ByteBuf out) {
        ChunkWriter.message(
                message.chunkStreamId(),
                message.timestamp(),
                message.typeId(),
                message.messageStreamId(),
                message.payload(),
                chunkSize,
                out);
    }
}
