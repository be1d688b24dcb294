// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;

/**
 * Where the periods of a DASH presentation begin: at each break, and where the encoder's clock has left the wall clock. Inside a period
 * the two cannot be told apart, and neither a period's start nor the presentation's zero may be told anew (ISO/IEC 23009-1 §5.4).
 * Confined to the stream's thread.
 */
final class Periods {
    /** A player leaves out so much, or waits for it, where a period ends. Less than what players skip without a word. */
    static final long DRIFT_MILLIS = 400;

    /** More than a playlist ever lists. */
    private static final int REMEMBERED = 256;

    /**
     * One period.
     *
     * @param number the media sequence number of its first segments
     * @param mediaMillis the media time at its start
     * @param start the wall clock then
     * @param connected it goes on with what the one before had
     */
    record Period(long number, long discontinuitySequence, long mediaMillis, Instant start, boolean connected) {
        String id() {
            return "p" + mediaMillis;
        }
    }

    private final Deque<Period> periods = new ArrayDeque<>();
    private Instant zero = Instant.EPOCH;

    /** The wall clock at the presentation's zero. */
    Instant zero() {
        return zero;
    }

    /** Notes a segment of the leading track. */
    void segment(TrackSegment segment) {
        long millis =
                Timescale.convert(segment.baseDecodeTime(), segment.track().timescale(), Timescale.MILLIS);
        Period last = periods.peekLast();
        if (last == null) {
            zero = segment.programDateTime().minusMillis(millis);
        } else if (!segment.discontinuity() && Math.abs(drift(last, millis, segment)) < DRIFT_MILLIS) {
            return;
        }
        periods.addLast(new Period(
                segment.mediaSequence(),
                segment.discontinuitySequence(),
                millis,
                segment.programDateTime(),
                last != null && !segment.discontinuity()));
        if (periods.size() > REMEMBERED) {
            periods.removeFirst();
        }
    }

    private static long drift(Period last, long millis, TrackSegment segment) {
        Instant expected = last.start().plusMillis(millis - last.mediaMillis());
        return Duration.between(expected, segment.programDateTime()).toMillis();
    }

    /** Those between two breaks, the oldest first. */
    List<Period> of(long discontinuitySequence) {
        List<Period> found = new ArrayList<>();
        for (Period period : periods) {
            if (period.discontinuitySequence() == discontinuitySequence) {
                found.add(period);
            }
        }
        return found;
    }
}
