// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;
import java.util.Optional;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * How long somebody who comes now waits for a picture: not at all while the frames since the last key frame are kept, and else until the
 * next one, which comes as late as the last one did. Told on the stream's thread, asked from any.
 */
final class PictureWait {
    private static final long NONE = -1;
    private static final long UNKNOWN = 0;

    /** When the next key frame is due, in milliseconds of the epoch. */
    private volatile long due = NONE;

    private long lastKeyFrame = NONE;

    /**
     * Notes a frame that went out.
     *
     * @param kept a subscriber that comes now has something to begin with
     * @param intervalMillis between the last two key frames; 0 while unknown
     * @param arrival in milliseconds of the epoch
     */
    void frame(MediaFrame frame, boolean kept, long intervalMillis, long arrival) {
        if (frame.track().id() == Track.VIDEO && frame.randomAccessPoint()) {
            lastKeyFrame = arrival;
        }
        if (kept) {
            if (due != NONE) {
                due = NONE;
            }
        } else if (due == NONE) {
            due = intervalMillis > 0 && lastKeyFrame != NONE ? lastKeyFrame + intervalMillis : UNKNOWN;
        }
    }

    /** Nothing comes. */
    void pause() {
        due = NONE;
        lastKeyFrame = NONE;
    }

    /** Empty when nobody waits; zero when it is not known how long. */
    Optional<Duration> at(long now) {
        long then = due;
        return then == NONE ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(0, then - now)));
    }
}
