// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import live.millrace.media.time.Timescale;

/**
 * Decides where a segment ends. The target duration is found while probing (until the second key frame, or three seconds)
 * and then fixed for the playlist's life; each segment's duration, rounded, stays within it (RFC 8216 §4.3.3.1). All times are at
 * 90 kHz.
 */
final class CutRule {
    /** Probing ends after this much media without a second key frame. */
    static final long PROBING = 3L * Timescale.MPEG;

    /** Rounding to the nearest second lets a segment be longer than its target by less than half a second. */
    private static final long ROOM = 40 * Timescale.MPEG / 100;

    /** Key frames that come a little early still close a full segment. */
    private static final long EARLY = 5 * Timescale.MPEG / 100;

    private final SegmenterConfig config;
    private int targetSeconds;
    private long lastRandomAccessPoint = -1;
    private long interval;

    CutRule(SegmenterConfig config) {
        this.config = config;
    }

    /** 0 until it is decided. */
    int targetSeconds() {
        return targetSeconds;
    }

    /** Times before a cut of the time line say nothing about those after it. */
    void restart() {
        lastRandomAccessPoint = -1;
    }

    /**
     * Whether a segment ends before this access unit.
     *
     * @param time of the access unit
     * @param elapsed since the segment's beginning
     */
    boolean cutBefore(long time, long elapsed, boolean randomAccessPoint, boolean soundOnly) {
        if (soundOnly) {
            // Each frame is a random access point: cut by time.
            decide(config.minTargetSeconds());
            return elapsed >= (long) targetSeconds * Timescale.MPEG;
        }
        if (randomAccessPoint) {
            if (lastRandomAccessPoint >= 0) {
                interval = time - lastRandomAccessPoint;
                long seconds = (interval + Timescale.MPEG - 1 - EARLY) / Timescale.MPEG;
                decide(Math.clamp(seconds, config.minTargetSeconds(), config.longTargetSeconds()));
            }
            lastRandomAccessPoint = time;
        } else if (elapsed >= PROBING) {
            decide(config.longTargetSeconds());
        }
        if (targetSeconds == 0) {
            return false;
        }
        long target = (long) targetSeconds * Timescale.MPEG;
        if (elapsed >= target + ROOM) {
            return true;
        }
        // A long target is a bound, not a wish: viewers are nearer to live when segments end as soon as they are of
        // use.
        long enough = (long) config.minTargetSeconds() * Timescale.MPEG - EARLY;
        return randomAccessPoint && (elapsed >= enough || elapsed + interval > target + ROOM);
    }

    private void decide(int seconds) {
        if (targetSeconds == 0) {
            targetSeconds = seconds;
        }
    }

    /** A segment that ends early, because the stream does: what was not decided yet is decided now. */
    int targetForEnd() {
        decide(config.longTargetSeconds());
        return targetSeconds;
    }
}
