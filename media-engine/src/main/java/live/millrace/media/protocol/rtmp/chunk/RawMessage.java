// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;

/**
 * One whole message as the chunk layer knows it: a type, a stream, a time and bytes. Counted as its payload is, so that a pipeline
 * which nobody reads to the end releases it.
 *
 * @param typeId message type id (RTMP 1.0 §5.4, §7.1)
 * @param messageStreamId 32 bits
 * @param timestamp unsigned 32-bit milliseconds
 * @param payload owned by whoever holds the message
 */
public record RawMessage(int typeId, long messageStreamId, long timestamp, ByteBuf payload)
        implements ReferenceCounted {
    @Override
    public int refCnt() {
        return payload.refCnt();
    }

    @Override
    public RawMessage retain() {
        payload.retain();
        return this;
    }

    @Override
    public RawMessage retain(int increment) {
        payload.retain(increment);
        return this;
    }

    @Override
    public RawMessage touch() {
        payload.touch();
        return this;
    }

    @Override
    public RawMessage touch(Object hint) {
        payload.touch(hint);
        return this;
    }

    @Override
    public boolean release() {
        return payload.release();
    }

    @Override
    public boolean release(int decrement) {
        return payload.release(decrement);
    }
}
