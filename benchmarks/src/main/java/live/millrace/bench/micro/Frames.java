// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/** Two seconds of a stream of 1 Mb/s: 50 pictures, the first a key frame, and the sound between them. */
final class Frames {
    private static final int PICTURES = 50;
    private static final int PICTURE_BYTES = 4_600;
    private static final int SOUND_BYTES = 190;
    private static final int SAMPLES = 1_024;
    private static final int SAMPLE_RATE = 44_100;

    static final Track VIDEO = new Track(
            Track.VIDEO,
            new H264.Format(AvcDecoderConfigurationRecord.parse(hex(
                    "0142c01effe10019" + "6742c01eda0280bfe5c044000003000400000300c83c58ba80" + "01000468ce0fc8"))));
    static final Track AUDIO = new Track(Track.AUDIO, new Aac.Format(AudioSpecificConfig.parse(hex("1210"))));
    static final List<Track> TRACKS = List.of(VIDEO, AUDIO);

    private Frames() {}

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text));
    }

    static List<MediaFrame> twoSeconds() {
        List<MediaFrame> frames = new ArrayList<>();
        long samples = 0;
        for (int i = 0; i < PICTURES; i++) {
            frames.add(new MediaFrame(VIDEO, i * 3_600L, 0, i == 0, picture(i == 0)));
            for (; samples * 25 < (i + 1L) * SAMPLE_RATE; samples += SAMPLES) {
                frames.add(new MediaFrame(
                        AUDIO, samples, 0, true, Unpooled.directBuffer().writeZero(SOUND_BYTES)));
            }
        }
        return frames;
    }

    private static ByteBuf picture(boolean key) {
        ByteBuf payload = Unpooled.directBuffer(PICTURE_BYTES);
        payload.writeInt(PICTURE_BYTES - 4).writeByte(key ? 0x65 : 0x41);
        return payload.writeZero(PICTURE_BYTES - 5);
    }
}
