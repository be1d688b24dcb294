// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Small pieces of media for tests: 640x360 at 25 frames a second, AAC at 44.1 kHz in stereo. */
public final class SampleMedia {
    /** As x264 wrote it. */
    public static final String SPS = "6742c01eda0280bfe5c044000003000400000300c83c58ba80";

    public static final String PPS = "68ce0fc8";
    public static final String ASC = "1210";

    /** AAC-LC at 48 kHz in 6.1, as FFmpeg wrote it: the channels stand in a program configuration. */
    public static final String SURROUND_ASC = "118004c848002000c4400d4c61766335392e33372e31303056e500";

    /** Of 1280x720 pictures, as x264 wrote it. */
    public static final String WIDE_SPS = "6742c01fd9005005bb011000000300100000030320f1832480";

    /** Layer III, 64 kb/s at 44.1 kHz: 208 bytes a frame. */
    private static final int MP3_HEADER = 0xFFFB5064;

    private static final int MP3_FRAME = 208;

    private SampleMedia() {}

    /** A decoder configuration record. */
    public static ByteBuf avcC() {
        return avcC(SPS);
    }

    private static ByteBuf avcC(String spsHex) {
        byte[] sps = ByteBufUtil.decodeHexDump(spsHex);
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
        return videoHeader(SPS);
    }

    /** The same with another sequence parameter set. */
    public static ByteBuf videoHeader(String spsHex) {
        return Unpooled.buffer().writeByte(0x17).writeByte(0).writeMedium(0).writeBytes(avcC(spsHex));
    }

    /** The body of an FLV audio tag with one frame of MP3. */
    public static ByteBuf mp3() {
        return Unpooled.buffer().writeByte(0x2F).writeInt(MP3_HEADER).writeZero(MP3_FRAME - 4);
    }

    /** The body of an FLV video tag with one picture of some size. */
    public static ByteBuf picture(boolean key, int size) {
        ByteBuf body =
                Unpooled.buffer().writeByte(key ? 0x17 : 0x27).writeByte(1).writeMedium(0);
        return body.writeInt(size).writeByte(key ? 0x65 : 0x41).writeZero(size - 1);
    }

    public static ByteBuf audioHeader() {
        return audioHeader(ASC);
    }

    /** The body of an FLV audio tag with an AudioSpecificConfig. */
    public static ByteBuf audioHeader(String audioSpecificConfig) {
        return Unpooled.buffer()
                .writeByte(0xAF)
                .writeByte(0)
                .writeBytes(ByteBufUtil.decodeHexDump(audioSpecificConfig));
    }

    public static ByteBuf sound(int size) {
        return Unpooled.buffer().writeByte(0xAF).writeByte(1).writeZero(size);
    }
}
