// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.av1;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;

/**
 * The part of an AV1 sequence header OBU that a server needs (AV1 §5.5).
 *
 * @param width the largest, in luma samples
 * @param height likewise
 */
public record Av1SequenceHeader(int width, int height) {
    private static final int SEQUENCE_HEADER = 1;

    /** A temporal unit has few OBUs before its sequence header; more is an attack on our loops. */
    private static final int MAX_OBUS = 16;

    /** No sequence header is longer. */
    private static final int MAX_BYTES = 4_096;

    /** BT.709 primaries, the transfer of sRGB, the identity matrix (§6.4.2). */
    private static final int RGB_IN_SRGB = 0x01_0D_00;

    /**
     * Looks for a sequence header among OBUs with sizes. Reads without moving the index.
     *
     * @throws MalformedMediaException if it is there and cut short
     */
    public static Optional<Av1SequenceHeader> find(ByteBuf obus) {
        int at = obus.readerIndex();
        int end = obus.writerIndex();
        for (int i = 0; i < MAX_OBUS && at < end; i++) {
            int header = obus.getUnsignedByte(at++);
            at += (header & 4) == 0 ? 0 : 1; // obu_extension_flag
            long size = 0;
            if ((header & 2) == 0) { // obu_has_size_field
                size = Math.max(0, end - at);
            } else {
                int shift = 0;
                int part;
                do {
                    if (at >= end || shift > 28) {
                        return Optional.empty();
                    }
                    part = obus.getUnsignedByte(at++);
                    size |= (long) (part & 0x7F) << shift;
                    shift += 7;
                } while ((part & 0x80) != 0);
            }
            if (size > end - at) {
                return Optional.empty();
            }
            if (((header >> 3) & 15) == SEQUENCE_HEADER) {
                byte[] payload = new byte[(int) Math.min(size, MAX_BYTES)];
                obus.getBytes(at, payload);
                return Optional.of(parse(payload));
            }
            at += (int) size;
        }
        return Optional.empty();
    }

    private static Av1SequenceHeader parse(byte[] payload) {
        try {
            BitReader in = new BitReader(payload);
            in.skip(4); // seq_profile, still_picture
            if (in.flag()) { // reduced_still_picture_header
                in.skip(5);
            } else {
                skipOperatingPoints(in);
            }
            int widthBits = (int) in.bits(4) + 1;
            int heightBits = (int) in.bits(4) + 1;
            return new Av1SequenceHeader((int) in.bits(widthBits) + 1, (int) in.bits(heightBits) + 1);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("AV1 sequence header cut short");
        }
    }

    /**
     * What a configuration record says of a sequence header (AV1 in ISO base media §2.3.3): its second and third byte.
     *
     * @param payload of the OBU, without its header and size
     * @throws MalformedMediaException if it is cut short
     */
    static int configuration(byte[] payload) {
        try {
            BitReader in = new BitReader(payload);
            int profile = (int) in.bits(3);
            in.skip(1); // still_picture
            boolean reduced = in.flag();
            int level = reduced ? (int) in.bits(5) << 1 : skipOperatingPoints(in);
            int widthBits = (int) in.bits(4) + 1;
            int heightBits = (int) in.bits(4) + 1;
            in.skip(widthBits + heightBits);
            if (!reduced && in.flag()) { // frame_id_numbers_present_flag
                in.skip(4 + 3);
            }
            in.skip(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
            if (!reduced) {
                skipTools(in);
            }
            in.skip(3); // enable_superres, enable_cdef, enable_restoration
            return profile << 13 | level >> 1 << 8 | (level & 1) << 7 | colours(in, profile);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("AV1 sequence header cut short");
        }
    }

    private static void skipTools(BitReader in) {
        in.skip(4); // enable_interintra_compound, enable_masked_compound, enable_warped_motion, enable_dual_filter
        boolean orderHint = in.flag();
        if (orderHint) {
            in.skip(2); // enable_jnt_comp, enable_ref_frame_mvs
        }
        boolean chosenInPictures = in.flag(); // seq_choose_screen_content_tools
        boolean screenContent = chosenInPictures || in.flag(); // seq_force_screen_content_tools
        if (screenContent && !in.flag()) { // seq_choose_integer_mv
            in.skip(1);
        }
        if (orderHint) {
            in.skip(3); // order_hint_bits_minus_1
        }
    }

    /** §5.5.2: high_bitdepth to chroma_sample_position, as the record's third byte has them. */
    private static int colours(BitReader in, int profile) {
        boolean high = in.flag();
        boolean twelve = profile == 2 && high && in.flag();
        boolean monochrome = profile != 1 && in.flag();
        boolean identity = in.flag() && in.bits(24) == RGB_IN_SRGB;
        boolean across = true;
        boolean down = true;
        int position = 0;
        if (identity && !monochrome) {
            across = false;
            down = false;
        } else {
            in.skip(1); // color_range
            if (!monochrome && profile != 0) {
                across = profile == 2 && (!twelve || in.flag());
                down = twelve && across && in.flag();
            }
            if (!monochrome && across && down) {
                position = (int) in.bits(2);
            }
        }
        return (high ? 0x40 : 0)
                | (twelve ? 0x20 : 0)
                | (monochrome ? 0x10 : 0)
                | (across ? 8 : 0)
                | (down ? 4 : 0)
                | position;
    }

    /** Level and tier of the first: {@code level << 1 | tier}. */
    private static int skipOperatingPoints(BitReader in) {
        int first = 0;
        boolean decoderModel = false;
        int delayBits = 0;
        if (in.flag()) { // timing_info_present_flag
            in.skip(64);
            if (in.flag()) { // equal_picture_interval
                in.unsignedExpGolomb(); // uvlc() is read as ue(v) is
            }
            decoderModel = in.flag();
            if (decoderModel) {
                delayBits = (int) in.bits(5) + 1;
                in.skip(32 + 5 + 5);
            }
        }
        boolean displayDelay = in.flag();
        int points = (int) in.bits(5) + 1;
        for (int i = 0; i < points; i++) {
            in.skip(12); // operating_point_idc
            int level = (int) in.bits(5);
            int tier = level > 7 ? (int) in.bits(1) : 0;
            first = i == 0 ? level << 1 | tier : first;
            if (decoderModel && in.flag()) {
                in.skip(2 * delayBits + 1);
            }
            if (displayDelay && in.flag()) {
                in.skip(4);
            }
        }
        return first;
    }
}
