// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;

/** Counted as its payload is, so that a pipeline which nobody reads or writes to the end releases it. */
interface Counted extends ReferenceCounted {
    ByteBuf payload();

    @Override
    default int refCnt() {
        return payload().refCnt();
    }

    @Override
    default ReferenceCounted retain() {
        payload().retain();
        return this;
    }

    @Override
    default ReferenceCounted retain(int increment) {
        payload().retain(increment);
        return this;
    }

    @Override
    default ReferenceCounted touch() {
        payload().touch();
        return this;
    }

    @Override
    default ReferenceCounted touch(Object hint) {
        payload().touch(hint);
        return this;
    }

    @Override
    default boolean release() {
        return payload().release();
    }

    @Override
    default boolean release(int decrement) {
        return payload().release(decrement);
    }
}
