// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import live.millrace.media.codec.FourCc;

/** The frame of a box (ISO/IEC 14496-12 §4.2): its size is known when its end is. */
final class Box {
    private Box() {}

    private static final int HEADER = 8;

    /** A box's type as it stands in a file. */
    static int type(String name) {
        int type = 0;
        for (int i = 0; i < 4; i++) {
            type = (type << 8) | name.charAt(i);
        }
        return type;
    }

    /**
     * The content of the first box of a type among some boxes.
     *
     * @param boxes borrowed, its indices stay
     * @throws IndexOutOfBoundsException when they end in the middle
     */
    static Optional<ByteBuf> find(String type, ByteBuf boxes) {
        int wanted = type(type);
        int at = boxes.readerIndex();
        while (at < boxes.writerIndex()) {
            int size = boxes.getInt(at);
            if (size < HEADER) {
                return Optional.empty();
            }
            if (boxes.getInt(at + 4) == wanted) {
                return Optional.of(boxes.slice(at + HEADER, size - HEADER));
            }
            at = Math.addExact(at, size);
        }
        return Optional.empty();
    }

    /** Begins a box; answers what {@link #end} wants. */
    static int begin(String type, ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(0);
        out.writeCharSequence(type, StandardCharsets.US_ASCII);
        return start;
    }

    /** Begins a box of a codec. */
    static int begin(FourCc type, ByteBuf out) {
        int start = out.writerIndex();
        out.writeInt(0);
        type.write(out);
        return start;
    }

    /** Begins a box with version and flags. */
    static int begin(String type, int version, int flags, ByteBuf out) {
        int start = begin(type, out);
        out.writeByte(version).writeMedium(flags);
        return start;
    }

    static void end(int start, ByteBuf out) {
        out.setInt(start, out.writerIndex() - start);
    }
}
