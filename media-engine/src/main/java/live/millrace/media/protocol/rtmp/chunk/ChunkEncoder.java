// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;

/**
 * {@link OutboundMessage}s to chunks, each with a full header (type 0) and, when it is longer than the chunk size, type 3
 * continuations that repeat the extended time stamp as §5.3.1.3 says.
 */
public final class ChunkEncoder extends MessageToByteEncoder<OutboundMessage> {
    private static final int EXTENDED = 0xFFFFFF;

    private int chunkSize = ChunkLimits.DEFAULT_CHUNK_SIZE;

    /** The chunk size for what is written after a Set Chunk Size message. On the channel's event loop. */
    public void chunkSize(int size) {
        chunkSize = size;
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, OutboundMessage message, ByteBuf out) {
        ByteBuf payload = message.payload();
        try {
            boolean extended = message.timestamp() >= EXTENDED;
            out.writeByte(message.chunkStreamId());
            out.writeMedium(extended ? EXTENDED : (int) message.timestamp());
            out.writeMedium(payload.readableBytes());
            out.writeByte(message.typeId());
            out.writeIntLE((int) message.messageStreamId());
            if (extended) {
                out.writeInt((int) message.timestamp());
            }
            out.writeBytes(payload, Math.min(chunkSize, payload.readableBytes()));
            while (payload.isReadable()) {
                out.writeByte(3 << 6 | message.chunkStreamId());
                if (extended) {
                    out.writeInt((int) message.timestamp());
                }
                out.writeBytes(payload, Math.min(chunkSize, payload.readableBytes()));
            }
        } finally {
            payload.release();
        }
    }
}
