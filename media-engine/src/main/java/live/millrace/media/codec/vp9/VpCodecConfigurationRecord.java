// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.vp9;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.PictureFormat;

/** The {@code vpcC} record (VP codec ISO media binding §2.2), without the version and flags of its box. */
public final class VpCodecConfigurationRecord {
    private static final int FIXED_BYTES = 8;
    private static final int BOX_HEADER = 4;
    private static final int MAX_BYTES = 1_024;

    /** Level 1, for encoders that do not say. */
    private static final int LOWEST_LEVEL = 10;

    /** The part of an uncompressed header that is read. */
    private static final int MAX_HEADER = 16;

    /** color_space CS_RGB (VP9 bitstream §7.2.2). */
    private static final int RGB = 7;

    /** chromaSubsampling (§2.2). */
    private static final int LOCATED_HALF = 1;

    private static final int HALF_ACROSS = 2;
    private static final int FULL = 3;

    /** Of colours (ISO/IEC 23091-2). */
    private static final int UNSPECIFIED = 2;

    private final byte[] bytes;

    private VpCodecConfigurationRecord(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a record to the end of the buffer, which is borrowed; version and flags before it are skipped.
     *
     * @throws MalformedMediaException if it is no record
     */
    public static VpCodecConfigurationRecord parse(ByteBuf in) {
        int at = in.readerIndex();
        int size = in.readableBytes();
        if (size >= FIXED_BYTES + BOX_HEADER && in.getInt(at) == 0x0100_0000) {
            in.skipBytes(BOX_HEADER);
            size -= BOX_HEADER;
        }
        if (size < FIXED_BYTES || size > MAX_BYTES) {
            throw new MalformedMediaException("VP9 configuration record of " + size + " bytes");
        }
        byte[] bytes = new byte[size];
        in.readBytes(bytes);
        if (bytes[0] < 0 || bytes[0] > 3) {
            throw new MalformedMediaException("VP9 profile " + bytes[0]);
        }
        return new VpCodecConfigurationRecord(bytes);
    }

    /** The record that a key frame's uncompressed header tells (VP9 bitstream §6.2, §7.2.2); empty when it is no key frame's. */
    public static Optional<VpCodecConfigurationRecord> ofKeyFrame(ByteBuf frame) {
        if (Vp9FrameHeader.parse(frame).isEmpty()) {
            return Optional.empty();
        }
        byte[] head = new byte[Math.min(MAX_HEADER, frame.readableBytes())];
        frame.getBytes(frame.readerIndex(), head);
        BitReader in = new BitReader(head);
        in.skip(2); // frame_marker
        int profile = (int) (in.bits(1) | in.bits(1) << 1);
        in.skip(profile == 3 ? 1 : 0);
        in.skip(2 + 2 + 24); // to the sync code's end
        int bitDepth = profile < 2 ? 8 : in.flag() ? 12 : 10;
        boolean rgb = in.bits(3) == RGB;
        int fullRange = rgb || in.flag() ? 1 : 0;
        int subsampling = LOCATED_HALF;
        if (profile == 1 || profile == 3) {
            boolean across = !rgb && in.flag();
            boolean down = !rgb && in.flag();
            subsampling = across ? down ? LOCATED_HALF : HALF_ACROSS : FULL;
        }
        return Optional.of(new VpCodecConfigurationRecord(new byte[] {
            (byte) profile,
            LOWEST_LEVEL,
            (byte) (bitDepth << 4 | subsampling << 1 | fullRange),
            UNSPECIFIED,
            UNSPECIFIED,
            (byte) (rgb ? 0 : UNSPECIFIED),
            0,
            0
        }));
    }

    /** Writes the record. */
    public void write(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** VP codec ISO media binding §3.1: {@code vp09.}profile{@code .}level{@code .}bit depth. */
    public String codecString() {
        return "vp09.%02d.%02d.%02d"
                .formatted(bytes[0] & 0xFF, bytes[1] == 0 ? LOWEST_LEVEL : bytes[1] & 0xFF, (bytes[2] & 0xFF) >> 4);
    }

    /** How samples are laid out (§2.2: chromaSubsampling); VP9 knows no fields. */
    public PictureFormat picture() {
        int subsampling = bytes[2] >> 1 & 7;
        return new PictureFormat(
                Math.max(8, (bytes[2] & 0xFF) >> 4),
                PictureFormat.Chroma.of(subsampling <= 2, subsampling <= 1),
                false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VpCodecConfigurationRecord record && Arrays.equals(bytes, record.bytes);
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
