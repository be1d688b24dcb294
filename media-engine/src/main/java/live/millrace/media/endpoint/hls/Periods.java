// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;

/**
 * Where the periods of a DASH presentation begin: at each break, where a track falls silent or is heard again, and where the encoder's
 * clock has left the wall clock. Inside a period the two clocks cannot be told apart, and neither a period's start nor the presentation's zero may be told anew (ISO/IEC 23009-1 §5.4).
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
     * @param connected it goes on where the one before ends
     * @param playlists the names of those that it consists of: none joins it later
     */
    record Period(
            long number,
            long discontinuitySequence,
            long mediaMillis,
            Instant start,
            boolean connected,
            Set<String> playlists) {
        String id() {
            return "p" + mediaMillis;
        }
    }

    private final Deque<Period> periods = new ArrayDeque<>();
    private Instant zero = Instant.EPOCH;
    private boolean changed;

    /** Of the leading track's last segment. */
    private long leading = -1;

    /** The newest period began without the leading track. */
    private boolean withoutLeading;

    /** The wall clock at the presentation's zero. */
    Instant zero() {
        return zero;
    }

    /** A playlist ended or began: the next segment begins a period. */
    void tracksChanged() {
        changed = true;
    }

    /**
     * Notes a segment of the leading track.
     *
     * @param playlists the names of those that go on
     */
    void segment(TrackSegment segment, Set<String> playlists) {
        leading = segment.mediaSequence();
        long millis = millis(segment);
        Period last = periods.peekLast();
        if (last == null) {
            zero = segment.programDateTime().minusMillis(millis);
        } else if (!changed
                && !withoutLeading
                && !segment.discontinuity()
                && Math.abs(drift(last, millis, segment)) < DRIFT_MILLIS) {
            return;
        }
        withoutLeading = false;
        begin(segment, millis, playlists);
    }

    /**
     * Notes a segment of another track: while the leading one stands still, it begins the period that is due.
     *
     * @param playlists the names of those that go on, but for the leading track's
     */
    void following(TrackSegment segment, Set<String> playlists) {
        Period last = periods.peekLast();
        if (changed
                && last != null
                && segment.mediaSequence() > leading
                && segment.discontinuitySequence() == last.discontinuitySequence()) {
            withoutLeading = true;
            begin(segment, millis(segment), playlists);
        }
    }

    private static long millis(TrackSegment segment) {
        return Timescale.convert(segment.baseDecodeTime(), segment.track().timescale(), Timescale.MILLIS);
    }

    private void begin(TrackSegment segment, long millis, Set<String> playlists) {
        Period last = periods.peekLast();
        changed = false;
        periods.addLast(new Period(
                segment.mediaSequence(),
                segment.discontinuitySequence(),
                millis,
                segment.programDateTime(),
                last != null && !segment.discontinuity(),
                Set.copyOf(playlists)));
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
