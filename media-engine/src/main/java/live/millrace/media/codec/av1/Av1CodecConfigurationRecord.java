// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.av1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Optional;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.PictureFormat;

/** The {@code av1C} record (AV1 in ISO base media §2.3.3). Immutable; equal when its bytes are equal. */
public final class Av1CodecConfigurationRecord {
    private static final int MAX_BYTES = 16 << 10;
    private static final int FIXED_BYTES = 4;
    private static final int MARKER_AND_VERSION = 0x81;

    /** obu_type and obu_has_size_field of an OBU's header. */
    private static final int SEQUENCE_HEADER_WITH_SIZE = 0x0A;

    private final byte[] bytes;

    private Av1CodecConfigurationRecord(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a record to the end of the buffer, which is borrowed.
     *
     * @throws MalformedMediaException if it is no record of version 1
     */
    public static Av1CodecConfigurationRecord parse(ByteBuf in) {
        if (in.readableBytes() > MAX_BYTES || in.readableBytes() < FIXED_BYTES) {
            throw new MalformedMediaException("AV1 configuration record of " + in.readableBytes() + " bytes");
        }
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        if ((bytes[0] & 0xFF) != MARKER_AND_VERSION) {
            throw new MalformedMediaException("not an AV1 configuration record of version 1");
        }
        return new Av1CodecConfigurationRecord(bytes);
    }

    /**
     * The record of a sequence header that came without one.
     *
     * @param sequenceHeader the OBU's payload, without its header and size
     * @throws MalformedMediaException if it is none
     */
    public static Av1CodecConfigurationRecord of(byte[] sequenceHeader) {
        ByteBuf record = Unpooled.buffer();
        record.writeByte(MARKER_AND_VERSION).writeShort(Av1SequenceHeader.configuration(sequenceHeader));
        record.writeByte(0); // initial_presentation_delay_present
        record.writeByte(SEQUENCE_HEADER_WITH_SIZE);
        int rest = sequenceHeader.length;
        for (; rest >= 0x80; rest >>= 7) {
            record.writeByte(0x80 | (rest & 0x7F));
        }
        record.writeByte(rest).writeBytes(sequenceHeader);
        return parse(record);
    }

    /** The sequence header among its OBUs; encoders may leave it to the first key frame. */
    public Optional<Av1SequenceHeader> sequenceHeader() {
        return Av1SequenceHeader.find(
                io.netty.buffer.Unpooled.wrappedBuffer(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES));
    }

    /** Writes the record. */
    public void write(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** AV1 in ISO base media §5: {@code av01.}profile{@code .}level and tier{@code .}bit depth. */
    public String codecString() {
        return "av01.%d.%02d%s.%02d"
                .formatted((bytes[1] & 0xFF) >> 5, bytes[1] & 0x1F, (bytes[2] & 0x80) == 0 ? "M" : "H", bitDepth());
    }

    private int bitDepth() {
        boolean high = (bytes[2] & 0x40) != 0;
        boolean twelve = (bytes[2] & 0x20) != 0;
        return twelve ? 12 : high ? 10 : 8;
    }

    /** How samples are laid out; AV1 knows no fields. */
    public PictureFormat picture() {
        boolean monochrome = (bytes[2] & 0x10) != 0;
        return new PictureFormat(
                bitDepth(),
                monochrome
                        ? PictureFormat.Chroma.MONOCHROME
                        : PictureFormat.Chroma.of((bytes[2] & 8) != 0, (bytes[2] & 4) != 0),
                false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Av1CodecConfigurationRecord record && Arrays.equals(bytes, record.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return codecString();
    }
}
