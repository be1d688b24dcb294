// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.vp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.PictureFormat;

/** The {@code vpcC} record (VP codec ISO media binding §2.2), without the version and flags of its box. */
public final class VpCodecConfigurationRecord {
    private static final int FIXED_BYTES = 8;
    private static final int BOX_HEADER = 4;
    private static final int MAX_BYTES = 1_024;

    /** Level 1, for encoders that do not say. */
    private static final int LOWEST_LEVEL = 10;

    /** Of colours (ISO/IEC 23091-2). */
    private static final int UNSPECIFIED = 2;

    /** chromaSubsampling (§2.2). */
    public enum Subsampling {
        /** 4:2:0, located with the luma samples. */
        HALF(1),
        /** 4:2:2. */
        HALF_ACROSS(2),
        /** 4:4:4. */
        FULL(3);

        private final int code;

        Subsampling(int code) {
            this.code = code;
        }
    }

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
            throw new MalformedMediaException("VP codec configuration record of " + size + " bytes");
        }
        byte[] bytes = new byte[size];
        in.readBytes(bytes);
        if (bytes[0] < 0 || bytes[0] > 3) {
            throw new MalformedMediaException("VP codec profile " + bytes[0]);
        }
        return new VpCodecConfigurationRecord(bytes);
    }

    /** The record that a key frame tells of itself: the least level, colours that nobody names. */
    public static VpCodecConfigurationRecord of(
            int profile, int bitDepth, Subsampling subsampling, boolean fullRange, boolean rgb) {
        return new VpCodecConfigurationRecord(new byte[] {
            (byte) profile,
            LOWEST_LEVEL,
            (byte) (bitDepth << 4 | subsampling.code << 1 | (fullRange ? 1 : 0)),
            UNSPECIFIED,
            UNSPECIFIED,
            (byte) (rgb ? 0 : UNSPECIFIED),
            0,
            0
        });
    }

    /** Writes the record. */
    public void write(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** §3.1: the sample entry's name{@code .}profile{@code .}level{@code .}bit depth. */
    public String codecString(FourCc sampleEntry) {
        return "%s.%02d.%02d.%02d"
                .formatted(
                        sampleEntry.text(),
                        bytes[0] & 0xFF,
                        bytes[1] == 0 ? LOWEST_LEVEL : bytes[1] & 0xFF,
                        (bytes[2] & 0xFF) >> 4);
    }

    /** How samples are laid out (§2.2: chromaSubsampling); none of these codecs knows fields. */
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
        return "vpcC " + ByteBufUtil.hexDump(bytes);
    }
}
