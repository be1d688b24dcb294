// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.vp8;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * What stands before the first partition of a VP8 key frame (RFC 6386 §9.1).
 *
 * @param version of the bitstream, 0 to 3, which other specifications call the profile
 * @param width in luma samples
 * @param height likewise
 */
public record Vp8FrameHeader(int version, int width, int height) {
    private static final int BYTES = 10;
    private static final int INTER_FRAME = 1;
    private static final int VERSIONS = 3;
    private static final int START_CODE = 0x9D012A;

    /** Of each dimension; the two bits above it ask for a larger picture to be shown, which no player does. */
    private static final int SIZE_MASK = 0x3FFF;

    /** Reads the header at the reader index, without moving it; empty when it is no key frame's. */
    public static Optional<Vp8FrameHeader> parse(ByteBuf frame) {
        int at = frame.readerIndex();
        if (frame.readableBytes() < BYTES) {
            return Optional.empty();
        }
        int tag = frame.getUnsignedMediumLE(at);
        int version = tag >> 1 & 7;
        int firstPartition = tag >> 5;
        if ((tag & INTER_FRAME) != 0
                || version > VERSIONS
                || firstPartition > frame.readableBytes() - BYTES
                || frame.getUnsignedMedium(at + 3) != START_CODE) {
            return Optional.empty();
        }
        int width = frame.getUnsignedShortLE(at + 6) & SIZE_MASK;
        int height = frame.getUnsignedShortLE(at + 8) & SIZE_MASK;
        return width == 0 || height == 0 ? Optional.empty() : Optional.of(new Vp8FrameHeader(version, width, height));
    }
}
