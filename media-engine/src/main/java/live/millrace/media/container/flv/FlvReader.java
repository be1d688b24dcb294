// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.time.SerialTime;

/**
 * The tags of an FLV file (FLV 10.1 §E.2, §E.4) that comes in any cuts. One instance for each file; not thread-safe. Buffers are borrowed.
 */
public final class FlvReader {
    /** Takes tags. */
    @FunctionalInterface
    public interface Tags {
        /**
         * Takes a tag.
         *
         * @param type as {@link #AUDIO} and its like
         * @param millis its time, unwrapped
         * @param body borrowed; the index may be moved
         */
        void tag(int type, long millis, ByteBuf body);
    }

    public static final int AUDIO = 8;
    public static final int VIDEO = 9;
    public static final int SCRIPT = 18;

    /** No picture is larger. */
    public static final int MAX_TAG = 8 << 20;

    private static final int SIGNATURE = 0x464C56; // FLV
    private static final int FILE_HEADER = 9;
    private static final int TAG_HEADER = 11;
    private static final int BACK_POINTER = 4;
    private static final int TYPE = 0x1F;

    /** TagType's bit that says that the body is encrypted. */
    private static final int FILTER = 0x20;

    private final Tags tags;
    private final SerialTime clock = new SerialTime();

    /** What waits for the rest of its tag. On the heap, so that there is nothing to give back. */
    private final ByteBuf held = Unpooled.buffer(4 << 10);

    private boolean begun;
    private int skip;

    public FlvReader(Tags tags) {
        this.tags = tags;
    }

    /** Whether it began as an FLV file does. */
    public boolean hasBegun() {
        return begun;
    }

    /**
     * Takes bytes to the end of the buffer.
     *
     * @throws MalformedMediaException if it is no such file, or its tags are broken: where the next begins is not known any more
     */
    public void take(ByteBuf in) {
        if (held.isReadable()) {
            held.writeBytes(in);
            read(held);
            held.discardReadBytes();
            if (held.capacity() > MAX_TAG / 8 && held.readableBytes() < (4 << 10)) {
                held.capacity(Math.max(held.writerIndex(), 4 << 10));
            }
        } else {
            read(in);
            held.clear();
            held.writeBytes(in);
        }
    }

    private void read(ByteBuf in) {
        while (in.isReadable()) {
            if (skip > 0) {
                int skipped = Math.min(skip, in.readableBytes());
                in.skipBytes(skipped);
                skip -= skipped;
            } else if (!(begun ? tag(in) : fileHeader(in))) {
                return;
            }
        }
    }

    private boolean fileHeader(ByteBuf in) {
        int at = in.readerIndex();
        int there = Math.min(3, in.readableBytes());
        for (int i = 0; i < there; i++) {
            if (in.getUnsignedByte(at + i) != ((SIGNATURE >> (8 * (2 - i))) & 0xFF)) {
                throw new MalformedMediaException("this is no FLV");
            }
        }
        if (in.readableBytes() < FILE_HEADER) {
            return false;
        }
        long offset = in.getUnsignedInt(at + 5);
        if (offset < FILE_HEADER || offset > MAX_TAG) {
            throw new MalformedMediaException("an FLV header of " + offset + " bytes");
        }
        begun = true;
        skip = (int) offset + BACK_POINTER;
        return true;
    }

    private boolean tag(ByteBuf in) {
        if (in.readableBytes() < TAG_HEADER) {
            return false;
        }
        int at = in.readerIndex();
        int type = in.getUnsignedByte(at);
        int size = in.getUnsignedMedium(at + 1);
        int kind = type & TYPE;
        if ((type & ~(TYPE | FILTER)) != 0 || (kind != AUDIO && kind != VIDEO && kind != SCRIPT) || size > MAX_TAG) {
            throw new MalformedMediaException("an FLV tag of type " + type + " and " + size + " bytes");
        }
        if (in.readableBytes() < TAG_HEADER + size) {
            return false;
        }
        long stamp = in.getUnsignedMedium(at + 4) | (long) in.getUnsignedByte(at + 7) << 24;
        in.skipBytes(TAG_HEADER);
        ByteBuf body = in.readSlice(size);
        skip = BACK_POINTER;
        if ((type & FILTER) == 0) {
            tags.tag(kind, clock.unwrap(stamp), body);
        }
        return true;
    }
}
