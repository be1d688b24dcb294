// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h265;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.nal.NalUnits;

/**
 * The {@code hvcC} record (ISO/IEC 14496-15 §8.3.3.1): profile, level, framing and parameter sets. Immutable; equal when its bytes
 * are equal.
 */
public final class HevcDecoderConfigurationRecord {
    private static final int MAX_BYTES = 64 << 10;
    private static final int FIXED_BYTES = 23;

    /** Where general_profile_space stands in a sequence parameter set, and the bytes to general_level_idc (§7.3.2.2.1). */
    private static final int SEQUENCE_PROFILE = 3;

    private static final int PROFILE_BYTES = 12;

    /** Level 8.5 is unlimited; no side of a real picture is longer than this. */
    private static final int MAX_SIDE = 16_888;

    /** A decoder holds no more pictures (§A.4.2). */
    private static final int MAX_REORDERED = 16;

    private final byte[] bytes;
    private final List<byte[]> parameterSets;
    private final Geometry geometry;

    /** What a sequence parameter set says of the pictures: their sides in luma samples, cropped. */
    private record Geometry(int width, int height, PictureFormat picture, int reorderedPictures) {}

    private HevcDecoderConfigurationRecord(byte[] bytes, List<byte[]> parameterSets, Geometry geometry) {
        this.bytes = bytes;
        this.parameterSets = parameterSets;
        this.geometry = geometry;
    }

    /**
     * Reads a record to the end of the buffer, which is borrowed.
     *
     * @throws MalformedMediaException if it is no record, or one without a sequence parameter set
     */
    public static HevcDecoderConfigurationRecord parse(ByteBuf in) {
        if (in.readableBytes() > MAX_BYTES) {
            throw new MalformedMediaException("decoder configuration record of " + in.readableBytes() + " bytes");
        }
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        // Version 1; early encoders of phones and cameras wrote 0.
        if (bytes.length < FIXED_BYTES || bytes[0] > 1 || bytes[0] < 0) {
            throw new MalformedMediaException("not a decoder configuration record of H.265");
        }
        if ((bytes[21] & 3) == 2) {
            throw new MalformedMediaException("NAL unit lengths of 3 bytes");
        }
        List<byte[]> sets = new ArrayList<>();
        byte[] sequence = null;
        int at = FIXED_BYTES;
        for (int array = bytes[22] & 0xFF; array > 0; array--) {
            if (at + 3 > bytes.length) {
                throw new MalformedMediaException("decoder configuration record cut short");
            }
            int type = bytes[at] & 0x3F;
            int count = (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF);
            at += 3;
            for (int i = 0; i < count; i++) {
                int length = at + 2 > bytes.length ? 0 : (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
                at += 2;
                if (length == 0 || at + length > bytes.length) {
                    throw new MalformedMediaException("parameter set longer than its record");
                }
                byte[] set = Arrays.copyOfRange(bytes, at, at + length);
                at += length;
                if (type >= HevcNalUnitType.VIDEO_PARAMETER_SET && type <= HevcNalUnitType.PICTURE_PARAMETER_SET) {
                    sets.add(set);
                }
                if (type == HevcNalUnitType.SEQUENCE_PARAMETER_SET && sequence == null) {
                    sequence = set;
                }
            }
        }
        if (sequence == null) {
            throw new MalformedMediaException("decoder configuration record without a sequence parameter set");
        }
        // §7.3.3: general_progressive_source_flag and general_interlaced_source_flag
        boolean interlaced = (bytes[6] & 0xC0) == 0x40;
        return new HevcDecoderConfigurationRecord(bytes, List.copyOf(sets), geometry(sequence, interlaced));
    }

    /**
     * The record of parameter sets that came without one, for NAL units behind lengths of four bytes (§8.3.3.1.2).
     *
     * @param sequenceParameterSets NAL units with their headers; the first tells what the pictures are
     * @throws MalformedMediaException if they are none
     */
    public static HevcDecoderConfigurationRecord of(
            List<byte[]> videoParameterSets, List<byte[]> sequenceParameterSets, List<byte[]> pictureParameterSets) {
        byte[] sequence = NalUnits.withoutEmulationPrevention(sequenceParameterSets.getFirst());
        if (sequence.length < SEQUENCE_PROFILE + PROFILE_BYTES) {
            throw new MalformedMediaException("sequence parameter set cut short");
        }
        PictureFormat picture =
                geometry(sequenceParameterSets.getFirst(), false).picture();
        ByteBuf record = Unpooled.buffer();
        record.writeByte(1).writeBytes(sequence, SEQUENCE_PROFILE, PROFILE_BYTES); // profile, tier, level
        record.writeShort(0xF000).writeByte(0xFC); // min_spatial_segmentation_idc, parallelismType: unknown
        record.writeByte(0xFC | picture.chroma().formatIdc());
        record.writeByte(0xF8 | (picture.bitDepth() - 8)).writeByte(0xF8 | (picture.bitDepth() - 8));
        record.writeShort(0); // avgFrameRate: unknown
        int layers = (sequence[2] >> 1 & 7) + 1;
        int nested = sequence[2] & 1;
        record.writeByte(layers << 3 | nested << 2 | 3); // lengthSizeMinusOne 3
        record.writeByte(3);
        writeArray(HevcNalUnitType.VIDEO_PARAMETER_SET, videoParameterSets, record);
        writeArray(HevcNalUnitType.SEQUENCE_PARAMETER_SET, sequenceParameterSets, record);
        writeArray(HevcNalUnitType.PICTURE_PARAMETER_SET, pictureParameterSets, record);
        return parse(record);
    }

    /** All sets of a type stand here: array_completeness. */
    private static void writeArray(int type, List<byte[]> sets, ByteBuf out) {
        out.writeByte(0x80 | type).writeShort(sets.size());
        sets.forEach(set -> out.writeShort(set.length).writeBytes(set));
    }

    /** H.265 §7.3.2.2.1, as far as sps_max_num_reorder_pics. */
    private static Geometry geometry(byte[] sequenceParameterSet, boolean interlaced) {
        try {
            BitReader in = new BitReader(NalUnits.withoutEmulationPrevention(sequenceParameterSet));
            in.skip(16); // nal_unit_header
            in.skip(4); // sps_video_parameter_set_id
            int subLayers = (int) in.bits(3);
            in.skip(1); // sps_temporal_id_nesting_flag
            skipProfileTierLevel(in, subLayers);
            in.unsignedExpGolomb(); // sps_seq_parameter_set_id
            long chromaFormat = in.unsignedExpGolomb();
            boolean separatePlanes = chromaFormat == 3 && in.flag();
            long width = in.unsignedExpGolomb();
            long height = in.unsignedExpGolomb();
            if (in.flag()) {
                long across = !separatePlanes && (chromaFormat == 1 || chromaFormat == 2) ? 2 : 1;
                long down = !separatePlanes && chromaFormat == 1 ? 2 : 1;
                width -= across * (in.unsignedExpGolomb() + in.unsignedExpGolomb());
                height -= down * (in.unsignedExpGolomb() + in.unsignedExpGolomb());
            }
            if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
                throw new MalformedMediaException("a picture of " + width + " x " + height);
            }
            int bitDepth = PictureFormat.bitDepth(in.unsignedExpGolomb(), in.unsignedExpGolomb());
            return new Geometry(
                    (int) width,
                    (int) height,
                    new PictureFormat(bitDepth, PictureFormat.Chroma.of(chromaFormat), interlaced),
                    reorderedPictures(in, subLayers));
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("sequence parameter set cut short");
        }
    }

    /** What the highest sub-layer says: sps_max_num_reorder_pics. One that is cut short leaves the rest of the set good. */
    private static int reorderedPictures(BitReader in, int subLayers) {
        long reordered = 0;
        try {
            in.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
            for (int i = in.flag() ? 0 : subLayers; i <= subLayers; i++) {
                in.unsignedExpGolomb(); // sps_max_dec_pic_buffering_minus1
                reordered = in.unsignedExpGolomb();
                in.unsignedExpGolomb(); // sps_max_latency_increase_plus1
            }
        } catch (IndexOutOfBoundsException e) {
            return 0;
        }
        return (int) Math.min(MAX_REORDERED, reordered);
    }

    /** §7.3.3 */
    private static void skipProfileTierLevel(BitReader in, int subLayers) {
        in.skip(88); // general profile
        in.skip(8); // general_level_idc
        boolean[] profile = new boolean[subLayers];
        boolean[] level = new boolean[subLayers];
        for (int i = 0; i < subLayers; i++) {
            profile[i] = in.flag();
            level[i] = in.flag();
        }
        if (subLayers > 0) {
            in.skip(2 * (8 - subLayers));
        }
        for (int i = 0; i < subLayers; i++) {
            in.skip((profile[i] ? 88 : 0) + (level[i] ? 8 : 0));
        }
    }

    /** Bytes of each NAL unit's length field: 1, 2 or 4. */
    public int lengthSize() {
        return (bytes[21] & 3) + 1;
    }

    /** VPS, SPS and PPS in the record's order; the arrays are shared and must not be changed. */
    public List<byte[]> parameterSets() {
        return parameterSets;
    }

    /** How many pictures may come before one in the stream and behind it on the screen. */
    public int reorderedPictures() {
        return geometry.reorderedPictures();
    }

    public int width() {
        return geometry.width();
    }

    public int height() {
        return geometry.height();
    }

    /** How samples are laid out. */
    public PictureFormat picture() {
        return geometry.picture();
    }

    /** Writes the record. */
    public void write(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** ISO/IEC 14496-15 annex E.3: {@code hvc1.}profile{@code .}compatibility{@code .}tier and level{@code .}constraints. */
    public String codecString() {
        int space = (bytes[1] >> 6) & 3;
        int compatibility =
                (bytes[2] & 0xFF) << 24 | (bytes[3] & 0xFF) << 16 | (bytes[4] & 0xFF) << 8 | (bytes[5] & 0xFF);
        StringBuilder text = new StringBuilder("hvc1.");
        if (space > 0) {
            text.append((char) ('A' + space - 1));
        }
        text.append(bytes[1] & 0x1F)
                .append('.')
                .append(Integer.toHexString(Integer.reverse(compatibility)).toUpperCase(java.util.Locale.ROOT))
                .append((bytes[1] & 0x20) == 0 ? ".L" : ".H")
                .append(bytes[12] & 0xFF);
        int last = 11;
        while (last >= 6 && bytes[last] == 0) {
            last--;
        }
        for (int i = 6; i <= last; i++) {
            text.append('.').append(Integer.toHexString(bytes[i] & 0xFF).toUpperCase(java.util.Locale.ROOT));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HevcDecoderConfigurationRecord record && Arrays.equals(bytes, record.bytes);
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
