// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtmp.chunk;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What the decoder remembers of one chunk stream: the fields that later headers leave out. */
final class ChunkStream {
    /** A type 0 stamp taken as a delta (§5.3.1.2.4) that jumps further than this is an encoder's habit, not a pause. */
    private static final long IMPLAUSIBLE_DELTA_MILLIS = 10_000;

    // Lifetime of the connection: the last header's fields.
    boolean known;
    long timestamp;
    int length;
    int typeId;
    long messageStreamId;
    boolean extended;
    long extendedValue;
    private long delta;
    private boolean deltaIsType0Stamp;
    private long lastTrueDelta;

    // Lifetime of one message.
    @Nullable
    ByteBuf partial;

    boolean unfinished() {
        return partial != null;
    }

    int missing() {
        return partial == null ? length : length - partial.readableBytes();
    }

    void absolute(long stamp) {
        timestamp = stamp;
        delta = stamp;
        deltaIsType0Stamp = true;
    }

    void advance(long newDelta) {
        delta = newDelta;
        lastTrueDelta = newDelta;
        deltaIsType0Stamp = false;
        timestamp = timestamp + delta & 0xFFFF_FFFFL;
    }

    /** A type 3 header that starts a message repeats the delta; after a type 0 that is the stamp itself (§5.3.1.2.4). */
    void repeat() {
        boolean implausible = deltaIsType0Stamp && delta > IMPLAUSIBLE_DELTA_MILLIS;
        timestamp = timestamp + (implausible ? lastTrueDelta : delta) & 0xFFFF_FFFFL;
    }
}
