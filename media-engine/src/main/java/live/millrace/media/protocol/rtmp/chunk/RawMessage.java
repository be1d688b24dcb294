// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import live.millrace.media.protocol.rtmp.RtmpMessageType;

/**
 * One whole message as the chunk layer knows it: a type, a stream, a time and bytes. Counted as its payload is.
 *
 * @param typeId message type id (RTMP 1.0 §5.4, §7.1)
 * @param messageStreamId 32 bits
 * @param timestamp unsigned 32-bit milliseconds
 * @param payload owned by whoever holds the message
 */
public record RawMessage(int typeId, long messageStreamId, long timestamp, ByteBuf payload) implements Counted {
    public RtmpMessageType type() {
        return RtmpMessageType.of(typeId);
    }
}
