// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.mp3;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;

/**
 * The four bytes before each layer III frame (ISO/IEC 11172-3 §2.4.1.3, 13818-3 §2.4.1.3).
 *
 * @param mpeg1 MPEG-1, whose frames have 1,152 samples; MPEG-2 and 2.5 have 576
 * @param sampleRate in Hz
 * @param frameLength in bytes, header included
 */
public record Mp3FrameHeader(boolean mpeg1, int sampleRate, int channels, int frameLength) {
    public static final int LENGTH = 4;

    private static final int[] MPEG1_KBPS = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] MPEG2_KBPS = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
    private static final int[] MPEG1_RATES = {44_100, 48_000, 32_000};

    public int samples() {
        return mpeg1 ? 1152 : 576;
    }

    /**
     * Reads the header at an index, without moving the buffer's own.
     *
     * @throws MalformedMediaException if there is none
     */
    public static Mp3FrameHeader parse(ByteBuf in, int index) {
        if (in.writerIndex() - index < LENGTH) {
            throw new MalformedMediaException("MP3 frame cut short");
        }
        int header = in.getInt(index);
        int version = (header >>> 19) & 3; // 0: MPEG-2.5, 2: MPEG-2, 3: MPEG-1
        int layer = (header >>> 17) & 3; // 1: layer III
        int bitRate = (header >>> 12) & 15;
        int rate = (header >>> 10) & 3;
        if (header >>> 21 != 0x7FF || version == 1 || layer != 1 || bitRate == 0 || bitRate == 15 || rate == 3) {
            throw new MalformedMediaException("no MP3 frame header");
        }
        boolean mpeg1 = version == 3;
        int sampleRate = MPEG1_RATES[rate] / (mpeg1 ? 1 : version == 2 ? 2 : 4);
        int kbps = (mpeg1 ? MPEG1_KBPS : MPEG2_KBPS)[bitRate];
        int padding = (header >>> 9) & 1;
        int frameLength = (mpeg1 ? 144 : 72) * kbps * 1000 / sampleRate + padding;
        int channels = ((header >>> 6) & 3) == 3 ? 1 : 2;
        return new Mp3FrameHeader(mpeg1, sampleRate, channels, frameLength);
    }
}
