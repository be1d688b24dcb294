// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h264;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.nal.NalUnits;

/**
 * What a server wants of an SPS (H.264 §7.3.2.1.1).
 *
 * @param width in luma samples, cropped
 * @param height in luma samples, cropped
 * @param picture how its samples are laid out
 * @param frameRate in frames per second, when the stream says that it is fixed or at least tells a time base
 * @param reorderedFrames how many frames may come before one in the stream and behind it on the screen (max_num_reorder_frames), when the
 *     stream tells
 */
public record SequenceParameterSet(
        int profileIdc,
        int constraintFlags,
        int levelIdc,
        int width,
        int height,
        PictureFormat picture,
        OptionalDouble frameRate,
        OptionalInt reorderedFrames) {

    /** Level 6.2 allows 139,264 macroblocks; no side is longer than this. */
    private static final int MAX_SIDE = 16_888;

    /** pic_order_cnt_type 1 lists at most so many offsets (§7.4.2.1.1). */
    private static final int MAX_ORDER_COUNT_CYCLE = 255;

    private static final int BASELINE = 66;

    /**
     * Parses an SPS NAL unit, its header byte included, emulation prevention still inside.
     *
     * @throws MalformedMediaException if it is cut short or says what cannot be
     */
    public static SequenceParameterSet parse(byte[] nalUnit) {
        try {
            return read(new BitReader(NalUnits.withoutEmulationPrevention(nalUnit)));
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("sequence parameter set cut short");
        }
    }

    private static SequenceParameterSet read(BitReader in) {
        in.skip(8); // forbidden_zero_bit, nal_ref_idc, nal_unit_type
        int profile = (int) in.bits(8);
        int constraints = (int) in.bits(8);
        int level = (int) in.bits(8);
        in.unsignedExpGolomb(); // seq_parameter_set_id
        long chromaFormat = 1;
        int bitDepth = 8;
        boolean separateColourPlanes = false;
        switch (profile) {
            case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> {
                chromaFormat = in.unsignedExpGolomb();
                if (chromaFormat == 3) {
                    separateColourPlanes = in.flag();
                }
                bitDepth = PictureFormat.bitDepth(in.unsignedExpGolomb(), in.unsignedExpGolomb());
                in.skip(1); // qpprime_y_zero_transform_bypass_flag
                if (in.flag()) {
                    for (int i = 0; i < (chromaFormat == 3 ? 12 : 8); i++) {
                        if (in.flag()) {
                            skipScalingList(in, i < 6 ? 16 : 64);
                        }
                    }
                }
            }
            default -> {
                // §7.3.2.1.1: the other profiles carry no chroma fields
            }
        }
        in.unsignedExpGolomb(); // log2_max_frame_num_minus4
        long orderCountType = in.unsignedExpGolomb();
        if (orderCountType == 0) {
            in.unsignedExpGolomb(); // log2_max_pic_order_cnt_lsb_minus4
        } else if (orderCountType == 1) {
            in.skip(1); // delta_pic_order_always_zero_flag
            in.signedExpGolomb(); // offset_for_non_ref_pic
            in.signedExpGolomb(); // offset_for_top_to_bottom_field
            long cycle = in.unsignedExpGolomb();
            if (cycle > MAX_ORDER_COUNT_CYCLE) {
                throw new MalformedMediaException("picture order count cycle of " + cycle);
            }
            for (int i = 0; i < cycle; i++) {
                in.signedExpGolomb();
            }
        }
        in.unsignedExpGolomb(); // max_num_ref_frames
        in.skip(1); // gaps_in_frame_num_value_allowed_flag
        long widthInMacroblocks = in.unsignedExpGolomb() + 1;
        long heightInMapUnits = in.unsignedExpGolomb() + 1;
        boolean framesOnly = in.flag();
        if (!framesOnly) {
            in.skip(1); // mb_adaptive_frame_field_flag
        }
        in.skip(1); // direct_8x8_inference_flag
        long cropHorizontal = 0;
        long cropVertical = 0;
        if (in.flag()) {
            cropHorizontal = in.unsignedExpGolomb() + in.unsignedExpGolomb();
            cropVertical = in.unsignedExpGolomb() + in.unsignedExpGolomb();
        }
        // §7.4.2.1.1, equations 7-19 to 7-22
        boolean subsampledAcross = !separateColourPlanes && (chromaFormat == 1 || chromaFormat == 2);
        boolean subsampledDown = !separateColourPlanes && chromaFormat == 1;
        int fieldFactor = framesOnly ? 1 : 2;
        long width = widthInMacroblocks * 16 - cropHorizontal * (subsampledAcross ? 2 : 1);
        long height = heightInMapUnits * 16 * fieldFactor - cropVertical * (subsampledDown ? 2 : 1) * fieldFactor;
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new MalformedMediaException("a picture of " + width + " x " + height);
        }
        Vui vui = Vui.read(in, framesOnly);
        return new SequenceParameterSet(
                profile,
                constraints,
                level,
                (int) width,
                (int) height,
                new PictureFormat(bitDepth, PictureFormat.Chroma.of(chromaFormat), !framesOnly),
                vui.frameRate,
                // Annex A.2.1: Baseline has no B slices; §8.2.1.3: pic_order_cnt_type 2 has no other order
                profile == BASELINE || orderCountType == 2 ? OptionalInt.of(0) : vui.reorderedFrames);
    }

    private static void skipScalingList(BitReader in, int size) {
        long last = 8;
        long next = 8;
        for (int i = 0; i < size; i++) {
            if (next != 0) {
                next = Math.floorMod(last + in.signedExpGolomb(), 256L);
            }
            last = next == 0 ? last : next;
        }
    }

    /** Annex E.1.1. One that is cut short leaves the rest of the SPS good, and what was read of itself. */
    private static final class Vui {
        /** A decoder holds no more frames (§A.3.1). */
        private static final int MAX_REORDERED = 16;

        /** §E.2.2: cpb_cnt_minus1 is at most 31. */
        private static final int MAX_BUFFERS = 31;

        private OptionalDouble frameRate = OptionalDouble.empty();
        private OptionalInt reorderedFrames = OptionalInt.empty();

        static Vui read(BitReader in, boolean framesOnly) {
            Vui vui = new Vui();
            try {
                if (in.flag()) {
                    vui.parameters(in, framesOnly);
                }
            } catch (IndexOutOfBoundsException e) {
                // what was read stands
            }
            return vui;
        }

        private void parameters(BitReader in, boolean framesOnly) {
            if (in.flag() && in.bits(8) == 255) { // aspect_ratio_idc Extended_SAR
                in.skip(32);
            }
            if (in.flag()) {
                in.skip(1); // overscan_appropriate_flag
            }
            if (in.flag()) {
                in.skip(4); // video_format, video_full_range_flag
                if (in.flag()) {
                    in.skip(24); // colour description
                }
            }
            if (in.flag()) {
                in.unsignedExpGolomb(); // chroma_sample_loc_type_top_field
                in.unsignedExpGolomb(); // chroma_sample_loc_type_bottom_field
            }
            if (in.flag()) {
                long unitsInTick = in.bits(32);
                long timeScale = in.bits(32);
                double rate = unitsInTick == 0 ? 0 : timeScale / (2.0 * unitsInTick);
                frameRate = rate >= 1 && rate <= 240 && framesOnly ? OptionalDouble.of(rate) : OptionalDouble.empty();
                in.skip(1); // fixed_frame_rate_flag
            }
            boolean nalHrd = in.flag();
            if (nalHrd) {
                skipHrd(in);
            }
            boolean vclHrd = in.flag();
            if (vclHrd) {
                skipHrd(in);
            }
            if (nalHrd || vclHrd) {
                in.skip(1); // low_delay_hrd_flag
            }
            in.skip(1); // pic_struct_present_flag
            if (in.flag()) { // bitstream_restriction_flag
                in.skip(1); // motion_vectors_over_pic_boundaries_flag
                for (int i = 0; i < 4; i++) {
                    in.unsignedExpGolomb(); // sizes, and lengths of motion vectors
                }
                reorderedFrames = OptionalInt.of((int) Math.min(MAX_REORDERED, in.unsignedExpGolomb()));
            }
        }

        /** Annex E.1.2 */
        private static void skipHrd(BitReader in) {
            long buffers = in.unsignedExpGolomb();
            if (buffers > MAX_BUFFERS) {
                throw new IndexOutOfBoundsException("too many buffers");
            }
            in.skip(8); // bit_rate_scale, cpb_size_scale
            for (int i = 0; i <= buffers; i++) {
                in.unsignedExpGolomb(); // bit_rate_value_minus1
                in.unsignedExpGolomb(); // cpb_size_value_minus1
                in.skip(1); // cbr_flag
            }
            in.skip(20); // lengths of delays
        }
    }
}
