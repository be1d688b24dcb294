// SPDX-License-Identifier: Apache-2.0
package live.millrace.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Small pieces of media for tests: 640x360 at 25 frames a second, AAC at 44.1 kHz in stereo. */
public final class SampleMedia {
    /** As x264 wrote it. */
    public static final String SPS = "6742c01eda0280bfe5c044000003000400000300c83c58ba80";

    public static final String PPS = "68ce0fc8";
    public static final String ASC = "1210";

    private SampleMedia() {}

    /** A decoder configuration record. */
    public static ByteBuf avcC() {
        byte[] sps = ByteBufUtil.decodeHexDump(SPS);
        byte[] pps = ByteBufUtil.decodeHexDump(PPS);
        return Unpooled.buffer()
                .writeByte(1)
                .writeBytes(sps, 1, 3)
                .writeByte(0xFF)
                .writeByte(0xE1)
                .writeShort(sps.length)
                .writeBytes(sps)
                .writeByte(1)
                .writeShort(pps.length)
                .writeBytes(pps);
    }

    /** The body of an FLV video tag with the decoder configuration record. */
    public static ByteBuf videoHeader() {
        return Unpooled.buffer().writeByte(0x17).writeByte(0).writeMedium(0).writeBytes(avcC());
    }

    /** The body of an FLV video tag with one picture of some size. */
    public static ByteBuf picture(boolean key, int size) {
        ByteBuf body =
                Unpooled.buffer().writeByte(key ? 0x17 : 0x27).writeByte(1).writeMedium(0);
        return body.writeInt(size).writeByte(key ? 0x65 : 0x41).writeZero(size - 1);
    }

    public static ByteBuf audioHeader() {
        return Unpooled.buffer().writeByte(0xAF).writeByte(0).writeBytes(ByteBufUtil.decodeHexDump(ASC));
    }

    public static ByteBuf sound(int size) {
        return Unpooled.buffer().writeByte(0xAF).writeByte(1).writeZero(size);
    }
}
