// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import live.millrace.media.codec.FourCc;

/** The frame of a box (ISO/IEC 14496-12 §4.2): its size is known when its end is. */
final class Box {
    private Box() {}

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
