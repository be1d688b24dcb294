// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * The media of a publisher as frames of the engine: 25 pictures and 43 frames of sound a second, each at its time, the same sizes as
 * {@link PublishClient} has. Confined to one thread.
 */
final class FrameClock {
    static final Track VIDEO = new Track(
            Track.VIDEO,
            new H264.Format(AvcDecoderConfigurationRecord.parse(hex(
                    "0142c01effe10019" + "6742c01eda0280bfe5c044000003000400000300c83c58ba80" + "01000468ce0fc8"))));
    static final Track AUDIO = new Track(Track.AUDIO, new Aac.Format(AudioSpecificConfig.parse(hex("1210"))));
    static final List<Track> TRACKS = List.of(VIDEO, AUDIO);

    private static final int KEY_FRAME_EVERY = 50;
    private static final long PICTURE_NANOS = 40_000_000;
    private static final long SOUND_NANOS = 1_024 * 1_000_000_000L / 44_100;
    private static final long PICTURE_TICKS = 3_600;

    /** Takes a frame, which is borrowed. */
    @FunctionalInterface
    interface Taker {
        void take(MediaFrame frame);
    }

    private final int pictureBytes;
    private final ByteBuf sound;
    private long nextPicture;
    private long nextSound;
    private int pictures;
    private int sounds;

    /** @param bitrate bits per second */
    FrameClock(int bitrate) {
        int soundRate = Math.min(8_000, bitrate / 8 / 4);
        pictureBytes = Math.max(64, (bitrate / 8 - soundRate) / 25);
        sound = Unpooled.wrappedBuffer(new byte[Math.max(32, soundRate / 43)]);
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text));
    }

    void begin(long firstNanos) {
        nextPicture = firstNanos;
        nextSound = firstNanos;
    }

    /** Makes what is due. */
    void due(long now, Taker taker) {
        while (nextPicture <= now || nextSound <= now) {
            MediaFrame frame;
            if (nextPicture <= nextSound) {
                boolean key = pictures % KEY_FRAME_EVERY == 0;
                ByteBuf picture = Unpooled.directBuffer(pictureBytes);
                picture.writeInt(pictureBytes - 4).writeByte(key ? 0x65 : 0x41).writeZero(pictureBytes - 5);
                frame = new MediaFrame(VIDEO, pictures * PICTURE_TICKS, 0, key, picture);
                pictures++;
                nextPicture += PICTURE_NANOS;
            } else {
                frame = new MediaFrame(AUDIO, sounds * 1_024L, 0, true, sound.retainedDuplicate());
                sounds++;
                nextSound += SOUND_NANOS;
            }
            try {
                taker.take(frame);
            } finally {
                frame.release();
            }
        }
    }

    int made() {
        return pictures + sounds;
    }
}
