// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;

/**
 * A message to be written. Counted as its payload is: one that comes to a socket which is closed already takes nothing with it.
 *
 * @param chunkStreamId 2 to 63, so that its header is one byte
 * @param timestamp unsigned 32-bit milliseconds
 * @param payload owned by the message; whoever writes it gives it away
 */
public record OutboundMessage(int chunkStreamId, int typeId, long messageStreamId, long timestamp, ByteBuf payload)
        implements Counted {
    public OutboundMessage {
        if (chunkStreamId < 2 || chunkStreamId > 63) {
            throw new IllegalArgumentException("chunk stream id " + chunkStreamId);
        }
    }
}
