// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;

/**
 * Messages to chunks, each with a full header (type 0) and, when it is longer than the chunk size, type 3 continuations
 * that repeat the extended time stamp as §5.3.1.3 says. Stateless.
 */
public final class ChunkWriter {
    private static final int EXTENDED = 0xFFFFFF;
    private static final int CONTINUATION = 3 << 6;

    private ChunkWriter() {}

    /**
     * Writes the header of a message.
     *
     * @param chunkStreamId 2 to 63
     * @param timestamp unsigned 32-bit milliseconds
     * @param length of the payload, which the caller writes behind it; no longer than the chunk size
     */
    public static void header(
            int chunkStreamId, long timestamp, int length, int typeId, long messageStreamId, ByteBuf out) {
        boolean extended = timestamp >= EXTENDED;
        out.writeByte(chunkStreamId);
        out.writeMedium(extended ? EXTENDED : (int) timestamp);
        out.writeMedium(length);
        out.writeByte(typeId);
        out.writeIntLE((int) messageStreamId);
        if (extended) {
            out.writeInt((int) timestamp);
        }
    }

    /**
     * Writes a whole message.
     *
     * @param payload read to its end
     */
    public static void message(
            int chunkStreamId,
            long timestamp,
            int typeId,
            long messageStreamId,
            ByteBuf payload,
            int chunkSize,
            ByteBuf out) {
        header(chunkStreamId, timestamp, payload.readableBytes(), typeId, messageStreamId, out);
        out.writeBytes(payload, Math.min(chunkSize, payload.readableBytes()));
        while (payload.isReadable()) {
            out.writeByte(CONTINUATION | chunkStreamId);
            if (timestamp >= EXTENDED) {
                out.writeInt((int) timestamp);
            }
            out.writeBytes(payload, Math.min(chunkSize, payload.readableBytes()));
        }
    }
}
