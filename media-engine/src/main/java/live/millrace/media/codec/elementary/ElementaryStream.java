// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import org.jspecify.annotations.Nullable;

/**
 * One elementary stream of MPEG systems, whose packets come one after the other in any cuts, to access units. A packet's stamps belong to
 * the first access unit that begins in it (ISO/IEC 13818-1 §2.4.3.7); what has none goes on where the one before ended.
 *
 * <p>What is broken costs the access unit that it is in, and is told; nothing is thrown. Buffers are borrowed. Not thread-safe; give it
 * back with {@link #release}.
 */
public abstract class ElementaryStream {
    /** No stamp. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** No access unit of sound, and no picture, is longer than this: 4 MiB. */
    public static final int MAX_UNIT = 4 << 20;

    /** Takes what a stream holds. */
    public interface Units {
        /**
         * Takes an access unit.
         *
         * @param decodeTime in units of the format, on a clock that never wraps
         * @param presentationTime the same
         * @param payload in the form of {@code frame.MediaFrame}: borrowed for the length of the call, not written to afterwards
         */
        void unit(
                TrackFormat format, long decodeTime, long presentationTime, boolean randomAccessPoint, ByteBuf payload);

        /**
         * Something was thrown away, because it is broken.
         *
         * @param what in a few words
         */
        void broken(String what);

        /**
         * The stream is of a kind that is not carried. Told as often as it comes.
         *
         * @param what the codec, by the name that people know
         */
        void unsupported(String what);
    }

    final Units units;

    /** What came and is no access unit yet; read from its reader index. */
    private @Nullable ByteBuf pending;

    /** Where in the stream {@link #pending} ends, and where the packet under way began. */
    private long position;

    private long packetStart;
    private long presentation = NO_TIME;
    private long decode = NO_TIME;

    /** Something of the packet under way is lost: the rest of it is worth nothing. */
    private boolean skipping = true;

    ElementaryStream(Units units) {
        this.units = units;
    }

    /** Pictures, or sound. */
    public abstract boolean video();

    /**
     * A packet begins.
     *
     * @param presentationTime at 90 kHz, on a clock that never wraps, or {@link #NO_TIME}
     * @param decodeTime the same
     */
    public final void begin(long presentationTime, long decodeTime) {
        skipping = false;
        packetStart = position;
        presentation = presentationTime;
        decode = decodeTime;
        try {
            began();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** Takes bytes of the packet under way, to the end of the buffer. */
    public final void bytes(ByteBuf chunk) {
        if (skipping) {
            return;
        }
        position += chunk.readableBytes();
        ByteBuf all = pending;
        if (all == null) {
            all = PooledByteBufAllocator.DEFAULT.buffer(Math.max(chunk.readableBytes(), 4 << 10));
            pending = all;
        }
        all.writeBytes(chunk);
        try {
            read(all);
        } catch (RuntimeException e) {
            failed(e);
        }
        if (pending != null) {
            if (all.isReadable()) {
                compact(all);
            } else {
                drop();
            }
        }
    }

    /** Bytes that were read are given up where that is cheap. */
    void compact(ByteBuf bytes) {
        bytes.discardSomeReadBytes();
    }

    /** The packet under way is whole: it said its length. */
    public final void end() {
        if (!skipping) {
            try {
                ended();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** Nothing comes for the moment, and it looks as if the packet were whole: so is what it holds. */
    public final void flush() {
        if (!skipping) {
            try {
                flushed();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** Nothing comes any more: hands over what is under way, and gives back the rest. */
    public final void finish() {
        if (!skipping) {
            try {
                finished();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
        lost();
    }

    /** Bytes are missing here. */
    public final void lost() {
        skipping = true;
        drop();
        dropped();
    }

    /** Gives back what it holds. */
    public final void release() {
        lost();
    }

    /** Media that is broken costs what is under way; a mistake of ours is one. */
    private void failed(RuntimeException e) {
        lost();
        switch (e) {
            case MalformedMediaException malformed -> units.broken(String.valueOf(malformed.getMessage()));
            case UnsupportedMediaException unsupported -> units.unsupported(String.valueOf(unsupported.getMessage()));
            case IndexOutOfBoundsException cut -> units.broken("cut short");
            default -> throw e;
        }
    }

    private void drop() {
        ByteBuf bytes = pending;
        pending = null;
        if (bytes != null) {
            bytes.release();
        }
    }

    // ---- for those below --------------------------------------------------------------------------------------

    /** A packet has begun. */
    void began() {}

    /** Takes what is whole out of the bytes; those it leaves come again with more behind them. */
    abstract void read(ByteBuf bytes);

    /** The packet is whole. */
    void ended() {}

    /** The packet looks whole, and the next one is not there yet. */
    void flushed() {
        ended();
    }

    /** Nothing comes any more. */
    void finished() {
        ended();
    }

    /** What was under way is worth nothing. */
    abstract void dropped();

    /** What is there of an access unit; null for nothing. */
    final @Nullable ByteBuf pending() {
        return pending;
    }

    /** How far behind the beginning of the packet under way a byte that is pending stands; negative when it came in an earlier one. */
    final long inPacket(ByteBuf bytes, int index) {
        return position - (bytes.writerIndex() - index) - packetStart;
    }

    /** The presentation time of the packet, for the access unit that takes it. */
    final long presentation() {
        return presentation;
    }

    final long decode() {
        return decode;
    }

    /** The stamps have found their access unit. */
    final void stampsTaken() {
        presentation = NO_TIME;
        decode = NO_TIME;
    }
}
