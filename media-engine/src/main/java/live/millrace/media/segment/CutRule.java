// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.function.IntSupplier;
import live.millrace.media.time.Timescale;

/**
 * Decides where a segment ends, so that its duration, rounded, stays within the target (RFC 8216 §4.3.3.1). All times are at
 * 90 kHz.
 */
final class CutRule {
    /** Rounding to the nearest second lets a segment be longer than its target by less than half a second. */
    private static final long ROOM = 40 * Timescale.MPEG / 100;

    /** Key frames that come a little early still close a full segment. */
    private static final long EARLY = 5 * Timescale.MPEG / 100;

    /** Segments that are of use to a player: shorter ones cost more requests than they save time. */
    private static final long ENOUGH = 2L * Timescale.MPEG - EARLY;

    private final IntSupplier targetSeconds;
    private long lastRandomAccessPoint = -1;
    private long interval;

    /** @param targetSeconds the target duration; 0 while it is not decided, and nothing is cut */
    CutRule(IntSupplier targetSeconds) {
        this.targetSeconds = targetSeconds;
    }

    /** Times before a cut of the time line say nothing about those after it. */
    void restart() {
        lastRandomAccessPoint = -1;
        interval = 0;
    }

    /**
     * Whether a segment ends before this access unit of the leading track.
     *
     * @param elapsed since the segment's beginning
     */
    boolean cutBefore(long time, long elapsed, boolean randomAccessPoint, boolean soundOnly) {
        long target = (long) targetSeconds.getAsInt() * Timescale.MPEG;
        if (soundOnly && target > 0) {
            return elapsed >= target; // each frame is a random access point: cut by time
        }
        if (randomAccessPoint) {
            interval = lastRandomAccessPoint < 0 ? interval : time - lastRandomAccessPoint;
            lastRandomAccessPoint = time;
        }
        if (target == 0) {
            return false;
        }
        if (elapsed >= target + ROOM) {
            return true;
        }
        // A long target is a bound, not a wish: viewers are nearer to live when segments end as soon as they are of
        // use.
        return randomAccessPoint && (elapsed >= ENOUGH || elapsed + interval > target + ROOM);
    }
}
