// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.vp9;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.vp.VpCodecConfigurationRecord;
import live.millrace.media.codec.vp.VpCodecConfigurationRecord.Subsampling;

/**
 * What the uncompressed header of a VP9 key frame tells (VP9 bitstream §6.2, §7.2.2).
 *
 * @param configuration as a record
 * @param width in luma samples
 * @param height likewise
 */
public record Vp9FrameHeader(VpCodecConfigurationRecord configuration, int width, int height) {
    private static final int MAX_HEADER = 16;
    private static final int SYNC_CODE = 0x498342;
    private static final int RGB = 7;

    /** Reads the header at the reader index, without moving it; empty when it is no key frame's. */
    public static Optional<Vp9FrameHeader> parse(ByteBuf frame) {
        byte[] head = new byte[Math.min(MAX_HEADER, frame.readableBytes())];
        frame.getBytes(frame.readerIndex(), head);
        try {
            BitReader in = new BitReader(head);
            if (in.bits(2) != 2) { // frame_marker
                return Optional.empty();
            }
            int profile = (int) (in.bits(1) | in.bits(1) << 1);
            if (profile == 3) {
                in.skip(1);
            }
            if (in.bits(2) != 0) { // show_existing_frame, or frame_type NON_KEY_FRAME
                return Optional.empty();
            }
            in.skip(2); // show_frame, error_resilient_mode
            if (in.bits(24) != SYNC_CODE) {
                return Optional.empty();
            }
            int bitDepth = profile < 2 ? 8 : in.flag() ? 12 : 10;
            boolean rgb = in.bits(3) == RGB;
            boolean fullRange = rgb || in.flag(); // color_range
            Subsampling subsampling = Subsampling.HALF;
            if (profile == 1 || profile == 3) {
                boolean across = !rgb && in.flag();
                boolean down = !rgb && in.flag();
                in.skip(1); // reserved_zero
                subsampling = across ? down ? Subsampling.HALF : Subsampling.HALF_ACROSS : Subsampling.FULL;
            }
            VpCodecConfigurationRecord configuration =
                    VpCodecConfigurationRecord.of(profile, bitDepth, subsampling, fullRange, rgb);
            return Optional.of(new Vp9FrameHeader(configuration, (int) in.bits(16) + 1, (int) in.bits(16) + 1));
        } catch (IndexOutOfBoundsException cutShort) {
            return Optional.empty();
        }
    }
}
