// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * What elementary streams of sound share: frames one behind the other, wherever packets end. A packet may hold many, of which the first
 * has the packet's time and each of the others that of the one before and its duration.
 */
abstract class SoundStream extends ElementaryStream {
    /** What {@link #length} answers where no frame begins. */
    static final int NO_FRAME = -1;

    /** What {@link #length} answers while too little is there to tell. */
    static final int MORE = 0;

    /** So many frames in a row in another format are a change, and no broken head. */
    private static final int CHANGES_AFTER = 3;

    private TrackFormat.@Nullable Audio format;
    private int strays;
    private long next = NO_TIME;
    private boolean searching;

    SoundStream(Units units) {
        super(units);
    }

    @Override
    public final boolean video() {
        return false;
    }

    /** The bytes of the frame at the reader index, its head included; or one of the two constants. */
    abstract int length(ByteBuf bytes);

    /** Takes a frame that is there as a whole: calls {@link #sound}. The index is not moved. */
    abstract void frame(ByteBuf bytes, int length);

    @Override
    void read(ByteBuf bytes) {
        while (bytes.isReadable()) {
            int length = length(bytes);
            if (length == NO_FRAME) {
                if (!searching) {
                    searching = true;
                    units.broken("sound without a head");
                }
                bytes.skipBytes(1);
            } else if (length == MORE || length > bytes.readableBytes()) {
                return;
            } else {
                searching = false;
                frame(bytes, length);
                bytes.skipBytes(length);
            }
        }
    }

    /**
     * Hands over a frame.
     *
     * @param at where it begins, with its head
     * @param from where its payload begins
     */
    final void sound(TrackFormat.Audio now, ByteBuf bytes, int at, int from, int length) {
        if (length == 0) {
            return;
        }
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.buffer(length);
        try {
            sound(now, inPacket(bytes, at) >= 0, payload.writeBytes(bytes, from, length));
        } finally {
            payload.release();
        }
    }

    /** @param inPacket it begins in the packet under way */
    final void sound(TrackFormat.Audio now, boolean inPacket, ByteBuf payload) {
        TrackFormat.Audio known = format;
        if (known == null) {
            known = now;
        } else if (now.continues(known)) {
            strays = 0;
        } else if (++strays < CHANGES_AFTER) {
            units.broken("a frame of another format");
            return;
        } else {
            strays = 0;
            if (next != NO_TIME) {
                next = Timescale.convert(next, known.timescale(), now.timescale());
            }
            known = now;
        }
        format = known;
        if (inPacket && presentation() != NO_TIME) {
            next = Timescale.convert(presentation(), Timescale.MPEG, known.timescale());
            stampsTaken();
        }
        if (next == NO_TIME) {
            return;
        }
        long time = next;
        next += known.samples(payload);
        units.unit(known, time, time, true, payload);
    }

    @Override
    void dropped() {
        searching = false;
        next = NO_TIME;
    }
}
