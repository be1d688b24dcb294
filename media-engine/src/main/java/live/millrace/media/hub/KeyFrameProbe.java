// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/**
 * Looks at the beginning of a broadcast, until the second key frame and for three seconds at most, and decides how long
 * its segments may be: the key frame interval rounded up, or {@value #LONGEST_SECONDS} s when no second key frame came. The answer
 * holds for the broadcast's life, since a playlist's target duration never changes (RFC 8216 §6.2.1).
 *
 * <p>Confined to the stream's thread.
 */
final class KeyFrameProbe {
    static final int SHORTEST_SECONDS = 2;
    static final int LONGEST_SECONDS = 10;

    private static final long PROBING = 3L * Timescale.MPEG;

    /** Key frames that come a little late do not make the target a second longer. */
    private static final long LATE = 5 * Timescale.MPEG / 100;

    /** Sound alone can be cut anywhere: so much of it shows that it goes on. */
    private static final long SOUND_ALONE = Timescale.MPEG / 2;

    private final int known;
    private int targetSeconds;
    private boolean hasVideo;
    private long first = -1;

    /** @param known what it came to the last time, which holds from the first key frame on; 0 to find out */
    KeyFrameProbe(int known) {
        this.known = Math.min(known, LONGEST_SECONDS);
    }

    /** What is looked at; times go on over a change of format. */
    void tracks(List<Track> tracks) {
        boolean video = tracks.stream().anyMatch(Track::isVideo);
        if (video != hasVideo) {
            hasVideo = video;
            first = -1;
        }
    }

    /** 0 until it is decided. */
    int targetSeconds() {
        return targetSeconds;
    }

    /** Looks at a frame; answers whether it brought the decision. */
    boolean decidesOn(MediaFrame frame) {
        if (targetSeconds > 0 || (hasVideo && frame.track().id() != Track.VIDEO)) {
            return false;
        }
        long time = Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MPEG);
        if (known > 0 && frame.randomAccessPoint()) {
            targetSeconds = known;
        } else if (first < 0) {
            first = frame.randomAccessPoint() ? time : -1;
        } else {
            decide(time - first, frame.randomAccessPoint());
        }
        return targetSeconds > 0;
    }

    private void decide(long elapsed, boolean keyFrame) {
        if (!hasVideo) {
            targetSeconds = elapsed >= SOUND_ALONE ? SHORTEST_SECONDS : 0;
        } else if (keyFrame) {
            long seconds = (elapsed + Timescale.MPEG - 1 - LATE) / Timescale.MPEG;
            targetSeconds = Math.clamp(seconds, SHORTEST_SECONDS, LONGEST_SECONDS);
        } else if (elapsed >= PROBING) {
            targetSeconds = LONGEST_SECONDS;
        }
    }
}
