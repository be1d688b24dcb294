// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.IOException;
import java.util.function.LongUnaryOperator;

/**
 * 25 pictures a second with a key frame every two seconds, and AAC at 44.1 kHz, sent as fast as the socket takes them: the engine
 * goes by time stamps. Each track's clock can be bent.
 */
public final class MediaScript {
    private static final int FPS = 25;
    private static final long KEY_EVERY = 50;

    private final RtmpScript script;
    private LongUnaryOperator videoClock = at -> at;
    private LongUnaryOperator audioClock = at -> at;
    private boolean repeatExtended = true;
    private long keyEvery = KEY_EVERY;
    private int pictureBytes = 300;
    private long at;
    private long picture;
    private long sound;

    public MediaScript(RtmpScript script) {
        this.script = script;
    }

    /** From now on both clocks read so. */
    public MediaScript clock(LongUnaryOperator clock) {
        return clocks(clock, clock);
    }

    /** From now on the clocks read so, given the true milliseconds. */
    public MediaScript clocks(LongUnaryOperator video, LongUnaryOperator audio) {
        videoClock = video;
        audioClock = audio;
        return this;
    }

    /** Whether type 3 chunks repeat extended time stamps. */
    public MediaScript repeatExtended(boolean repeat) {
        repeatExtended = repeat;
        return this;
    }

    /** Pictures between key frames. */
    public MediaScript keyEvery(long pictures) {
        keyEvery = pictures;
        return this;
    }

    /** How large a picture is. */
    public MediaScript pictureBytes(int bytes) {
        pictureBytes = bytes;
        return this;
    }

    public MediaScript headers() throws IOException {
        script.chunked(4, 9, 1, stamp(videoClock), SampleMedia.videoHeader(), repeatExtended);
        script.chunked(5, 8, 1, stamp(audioClock), SampleMedia.audioHeader(), repeatExtended);
        return this;
    }

    public MediaScript both(int seconds) throws IOException {
        return run(seconds * 1000L, true, true);
    }

    public MediaScript video(int seconds) throws IOException {
        return run(seconds * 1000L, true, false);
    }

    public MediaScript audio(int seconds) throws IOException {
        return run(seconds * 1000L, false, true);
    }

    /** Sends what is due within some true milliseconds. */
    public MediaScript run(long millis, boolean withVideo, boolean withAudio) throws IOException {
        long end = at + millis;
        while (true) {
            long nextPicture = picture * 1000 / FPS;
            long nextSound = sound * 1024_000 / 44_100;
            long next = Math.min(nextPicture, nextSound);
            if (next >= end) {
                at = end;
                return this;
            }
            at = next;
            if (nextPicture <= nextSound) {
                if (withVideo) {
                    script.chunked(
                            4,
                            9,
                            1,
                            stamp(videoClock),
                            SampleMedia.picture(picture % keyEvery == 0, pictureBytes),
                            repeatExtended);
                }
                picture++;
            } else {
                if (withAudio) {
                    script.chunked(5, 8, 1, stamp(audioClock), SampleMedia.sound(100), repeatExtended);
                }
                sound++;
            }
        }
    }

    private long stamp(LongUnaryOperator clock) {
        return clock.applyAsLong(at) & 0xFFFF_FFFFL;
    }
}
