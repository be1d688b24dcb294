// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.mpeg4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import live.millrace.media.codec.MalformedMediaException;

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

    // Flags of a stream's descriptor, each with a field behind them.
    private static final int DEPENDS = 0x80;
    private static final int URL = 0x40;
    private static final int CLOCK = 0x20;

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

    /**
     * What a box says (ISO/IEC 14496-1 §7.2.6).
     *
     * @param objectType objectTypeIndication (table 5)
     * @param specific the decoder's specific information, a slice of the box; empty when there is none
     */
    public record Said(int objectType, ByteBuf specific) {}

    /**
     * Reads a box; its index is not moved.
     *
     * @throws MalformedMediaException if it is none
     */
    public static Said read(ByteBuf box) {
        try {
            ByteBuf in = box.duplicate();
            in.skipBytes(4); // version, flags
            ByteBuf stream = content(in, ES_DESCRIPTOR);
            stream.skipBytes(2);
            int flags = stream.readUnsignedByte();
            stream.skipBytes((flags & DEPENDS) != 0 ? 2 : 0);
            stream.skipBytes((flags & URL) != 0 ? stream.readUnsignedByte() : 0);
            stream.skipBytes((flags & CLOCK) != 0 ? 2 : 0);
            ByteBuf decoder = content(stream, DECODER_CONFIGURATION);
            int objectType = decoder.readUnsignedByte();
            decoder.skipBytes(DECODER_FIELDS - 1);
            return new Said(
                    objectType,
                    decoder.isReadable() ? content(decoder, DECODER_SPECIFIC_INFORMATION) : Unpooled.EMPTY_BUFFER);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("a descriptor that ends in the middle");
        }
    }

    /** A size is one to four bytes of seven bits (ISO/IEC 14496-1 §8.3.3). */
    private static ByteBuf content(ByteBuf in, int tag) {
        if (in.readUnsignedByte() != tag) {
            throw new MalformedMediaException("a descriptor of another kind");
        }
        int size = 0;
        int next = 0x80;
        for (int i = 0; i < 4 && (next & 0x80) != 0; i++) {
            next = in.readUnsignedByte();
            size = (size << 7) | (next & 0x7F);
        }
        return in.readSlice(size);
    }
}
