// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.flac;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;

/** The STREAMINFO block (RFC 9639 §8.2). Immutable; equal when its bytes are equal. */
public final class FlacStreamInfo {
    private static final int MARKER = 0x664C_6143; // fLaC
    private static final int BLOCK_HEADER = 4;
    private static final int BYTES = 34;
    private static final int FRAME_SYNC = 0x3FFE;

    private final byte[] bytes;
    private final int maxBlock;
    private final int sampleRate;
    private final int channels;

    private FlacStreamInfo(byte[] bytes) {
        this.bytes = bytes;
        BitReader in = new BitReader(bytes);
        in.skip(16);
        maxBlock = (int) in.bits(16);
        in.skip(48);
        sampleRate = (int) in.bits(20);
        channels = (int) in.bits(3) + 1;
    }

    /**
     * Reads the marker and the first metadata block. Enhanced RTMP wants both; FFmpeg 8.0 sends the block's contents alone.
     *
     * @throws MalformedMediaException if it is no STREAMINFO
     */
    public static FlacStreamInfo parse(ByteBuf in) {
        if (in.readableBytes() != BYTES) {
            if (in.readableBytes() < 4 + BLOCK_HEADER + BYTES || in.readInt() != MARKER) {
                throw new MalformedMediaException("not the start of a FLAC stream");
            }
            header(in);
        }
        return info(in);
    }

    /**
     * Reads the box of a file: version, flags, and the first metadata block.
     *
     * @throws MalformedMediaException if it is no STREAMINFO
     */
    public static FlacStreamInfo parseBox(ByteBuf in) {
        if (in.readableBytes() < 4 + BLOCK_HEADER + BYTES) {
            throw new MalformedMediaException("not the box of a FLAC stream");
        }
        in.skipBytes(4);
        header(in);
        return info(in);
    }

    private static void header(ByteBuf in) {
        if ((in.readUnsignedByte() & 0x7F) != 0 || in.readUnsignedMedium() != BYTES) {
            throw new MalformedMediaException("FLAC without STREAMINFO");
        }
    }

    private static FlacStreamInfo info(ByteBuf in) {
        byte[] bytes = new byte[BYTES];
        in.readBytes(bytes);
        FlacStreamInfo info = new FlacStreamInfo(bytes);
        if (info.sampleRate == 0 || info.maxBlock < 16) {
            throw new MalformedMediaException("FLAC of " + info.sampleRate + " Hz");
        }
        return info;
    }

    public int sampleRate() {
        return sampleRate;
    }

    public int channels() {
        return channels;
    }

    /** The largest number of samples in a frame. */
    public int maxBlock() {
        return maxBlock;
    }

    /** Writes STREAMINFO as the only metadata block, header included. */
    public void writeBlock(ByteBuf out) {
        out.writeByte(0x80).writeMedium(BYTES).writeBytes(bytes);
    }

    /** Writes the marker and the block. */
    public void write(ByteBuf out) {
        out.writeInt(MARKER);
        writeBlock(out);
    }

    /** Samples of a frame, from its header (RFC 9639 §9.1.1); the largest block when it tells nothing sensible. */
    public int samples(ByteBuf frame) {
        int at = frame.readerIndex();
        int end = frame.writerIndex();
        if (end - at < 6 || frame.getUnsignedShort(at) >> 2 != FRAME_SYNC) {
            return maxBlock;
        }
        int code = frame.getUnsignedByte(at + 2) >> 4;
        if (code == 6 || code == 7) {
            int number = frame.getUnsignedByte(at + 4);
            int numberBytes = number < 0x80 ? 1 : Integer.numberOfLeadingZeros(~number << 24);
            int size = at + 4 + numberBytes;
            if (size + 2 > end) {
                return maxBlock;
            }
            return (code == 6 ? frame.getUnsignedByte(size) : frame.getUnsignedShort(size)) + 1;
        }
        return switch (code) {
            case 0 -> maxBlock;
            case 1 -> 192;
            case 2, 3, 4, 5 -> 144 << code;
            default -> 1 << code;
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlacStreamInfo info && Arrays.equals(bytes, info.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
