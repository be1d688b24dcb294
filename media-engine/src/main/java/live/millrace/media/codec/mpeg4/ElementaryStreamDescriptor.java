// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.mpeg4;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** The descriptor of an elementary stream of sound, and those inside it (ISO/IEC 14496-1 §7.2.6), as {@code esds} boxes hold it. */
public final class ElementaryStreamDescriptor {
    private static final int ES_DESCRIPTOR = 0x03;
    private static final int DECODER_CONFIGURATION = 0x04;
    private static final int DECODER_SPECIFIC_INFORMATION = 0x05;
    private static final int SYNC_LAYER_CONFIGURATION = 0x06;

    /** A tag, and a size in four bytes. */
    private static final int HEADER = 5;

    private static final int ES_FIELDS = 3;
    private static final int DECODER_FIELDS = 13;

    /** streamType 5, no upstream, and the bit that is always set. */
    private static final int AUDIO_STREAM = 0x15;

    /** SLConfigDescriptor: predefined for MP4 files. */
    private static final int IN_MP4 = 0x02;

    private ElementaryStreamDescriptor() {}

    /** Writes version and flags, and a descriptor for a decoder that needs no more than its kind. */
    public static void write(int objectType, ByteBuf out) {
        begin(objectType, 0, out);
        end(out);
    }

    /**
     * Writes version and flags, and a descriptor with what the decoder has to know.
     *
     * @param objectType objectTypeIndication (table 5)
     * @param length of the decoder's specific information in bytes
     * @param specific writes as many
     */
    public static void write(int objectType, int length, Consumer<ByteBuf> specific, ByteBuf out) {
        begin(objectType, HEADER + length, out);
        header(DECODER_SPECIFIC_INFORMATION, length, out);
        specific.accept(out);
        end(out);
    }

    private static void begin(int objectType, int inside, ByteBuf out) {
        out.writeInt(0); // version, flags
        header(ES_DESCRIPTOR, ES_FIELDS + HEADER + DECODER_FIELDS + inside + HEADER + 1, out);
        out.writeShort(0).writeByte(0); // ES_ID, flags
        header(DECODER_CONFIGURATION, DECODER_FIELDS + inside, out);
        out.writeByte(objectType).writeByte(AUDIO_STREAM).writeZero(3 + 4 + 4); // buffer and bit rates unknown
    }

    private static void end(ByteBuf out) {
        header(SYNC_LAYER_CONFIGURATION, 1, out);
        out.writeByte(IN_MP4);
    }

    private static void header(int tag, int size, ByteBuf out) {
        out.writeByte(tag);
        out.writeByte(0x80 | (size >> 21))
                .writeByte(0x80 | (size >> 14))
                .writeByte(0x80 | (size >> 7))
                .writeByte(size & 0x7F);
    }
}
