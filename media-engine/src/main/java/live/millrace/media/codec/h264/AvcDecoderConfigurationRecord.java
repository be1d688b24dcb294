// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h264;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.codec.MalformedMediaException;

/**
 * The {@code avcC} record (ISO/IEC 14496-15 §5.3.3.1): how NAL units are framed, and the parameter sets. Immutable; equal
 * when its bytes are equal, so that an encoder that repeats it each second changes nothing.
 */
public final class AvcDecoderConfigurationRecord {
    /** A real record has tens of bytes; a huge one is somebody's experiment. */
    private static final int MAX_BYTES = 64 << 10;

    private static final int VERSION = 1;

    private final byte[] bytes;
    private final int lengthSize;
    private final List<byte[]> parameterSets;
    private final SequenceParameterSet sequenceParameterSet;

    private AvcDecoderConfigurationRecord(byte[] bytes, int lengthSize, List<byte[]> parameterSets) {
        this.bytes = bytes;
        this.lengthSize = lengthSize;
        this.parameterSets = parameterSets;
        this.sequenceParameterSet = SequenceParameterSet.parse(parameterSets.getFirst());
    }

    /**
     * Reads a record to the end of the buffer, which is borrowed.
     *
     * @throws MalformedMediaException if it is no record, or one without a parameter set
     */
    public static AvcDecoderConfigurationRecord parse(ByteBuf in) {
        if (in.readableBytes() > MAX_BYTES) {
            throw new MalformedMediaException("decoder configuration record of " + in.readableBytes() + " bytes");
        }
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        if (bytes.length < 7 || bytes[0] != VERSION) {
            throw new MalformedMediaException("not a decoder configuration record of version 1");
        }
        int lengthSize = (bytes[4] & 3) + 1;
        if (lengthSize == 3) {
            throw new MalformedMediaException("NAL unit lengths of 3 bytes");
        }
        List<byte[]> sets = new ArrayList<>();
        int at = readSets(bytes, 6, bytes[5] & 0x1F, NalUnitType.SEQUENCE_PARAMETER_SET, sets);
        if (at >= bytes.length) {
            throw new MalformedMediaException("decoder configuration record cut short");
        }
        readSets(bytes, at + 1, bytes[at] & 0xFF, NalUnitType.PICTURE_PARAMETER_SET, sets);
        if (sets.isEmpty() || NalUnitType.of(sets.getFirst()[0]) != NalUnitType.SEQUENCE_PARAMETER_SET) {
            throw new MalformedMediaException("decoder configuration record without a sequence parameter set");
        }
        return new AvcDecoderConfigurationRecord(bytes, lengthSize, List.copyOf(sets));
    }

    /**
     * The record of parameter sets that came without one, for NAL units behind lengths of four bytes.
     *
     * @param sequenceParameterSets NAL units with their headers; the first tells what the pictures are
     * @throws MalformedMediaException if they are none
     */
    public static AvcDecoderConfigurationRecord of(
            List<byte[]> sequenceParameterSets, List<byte[]> pictureParameterSets) {
        SequenceParameterSet first = SequenceParameterSet.parse(sequenceParameterSets.getFirst());
        ByteBuf record = Unpooled.buffer();
        record.writeByte(VERSION).writeByte(first.profileIdc()).writeByte(first.constraintFlags());
        record.writeByte(first.levelIdc()).writeByte(0xFF); // reserved, lengthSizeMinusOne 3
        record.writeByte(0xE0 | sequenceParameterSets.size());
        sequenceParameterSets.forEach(set -> record.writeShort(set.length).writeBytes(set));
        record.writeByte(pictureParameterSets.size());
        pictureParameterSets.forEach(set -> record.writeShort(set.length).writeBytes(set));
        switch (first.profileIdc()) {
            case 100, 110, 122, 144 ->
                record.writeByte(0xFC | first.picture().chroma().formatIdc())
                        .writeByte(0xF8 | (first.picture().bitDepth() - 8))
                        .writeByte(0xF8 | (first.picture().bitDepth() - 8))
                        .writeByte(0); // numOfSequenceParameterSetExt
            default -> {
                // §5.3.3.1.2: the other profiles say nothing of chroma
            }
        }
        return parse(record);
    }

    private static int readSets(byte[] bytes, int from, int count, int type, List<byte[]> into) {
        int at = from;
        for (int i = 0; i < count; i++) {
            if (at + 2 > bytes.length) {
                throw new MalformedMediaException("decoder configuration record cut short");
            }
            int length = (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
            at += 2;
            if (length == 0 || at + length > bytes.length) {
                throw new MalformedMediaException("parameter set longer than its record");
            }
            byte[] set = Arrays.copyOfRange(bytes, at, at + length);
            if (NalUnitType.of(set[0]) != type) {
                throw new MalformedMediaException("parameter set of NAL unit type " + NalUnitType.of(set[0]));
            }
            into.add(set);
            at += length;
        }
        return at;
    }

    /** Bytes of each NAL unit's length field: 1, 2 or 4. */
    public int lengthSize() {
        return lengthSize;
    }

    /** SPS first, then PPS; the arrays are shared and must not be changed. */
    public List<byte[]> parameterSets() {
        return parameterSets;
    }

    public SequenceParameterSet sequenceParameterSet() {
        return sequenceParameterSet;
    }

    /** Writes the record. */
    public void write(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** RFC 6381: {@code avc1.PPCCLL} in hexadecimal. */
    public String codecString() {
        return "avc1.%02X%02X%02X".formatted(bytes[1] & 0xFF, bytes[2] & 0xFF, bytes[3] & 0xFF);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AvcDecoderConfigurationRecord record && Arrays.equals(bytes, record.bytes);
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
