// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/**
 * The instant at which media was made, for every moment of a broadcast. Encoders count their own seconds: what is ten in a million
 * too fast is a second in the future after a day. So the distance between media time and the wall clock is measured all the time, and
 * followed slowly.
 *
 * <ul>
 *   <li>Nothing comes before it was made. So of a second's frames the earliest counts, and of the last {@value #WINDOW} seconds the
 *       earliest: neither jitter nor a burst after a pause of the network moves it.
 *   <li>Less than {@value #TOLERANCE} ms is left alone. Beyond, a part of the difference is made up over the next second of media, and
 *       never more than {@value #FASTEST} ms: the instants of a line only grow, and differ little from sums of durations.
 *   <li>Nobody's clock is off by a fourth. Media that comes so fast is a file or what a network held back; so slow, it stands.
 *   <li>A correction is for media that has not come yet. What was told once stays while its line lasts, for the last {@value #BENDS}
 *       changes of pace, which is longer than a segment; a new line knows nothing of the one before.
 * </ul>
 *
 * <p>Confined to the stream's thread. All times are milliseconds.
 */
final class WallClock {
    /** Seconds. */
    static final int WINDOW = 6;

    /** Frames of sound and of pictures are not nearer to each other. */
    static final long TOLERANCE = 50;

    /** An encoder may be off by a tenth, and is followed. */
    static final long FASTEST = 150;

    /** In a second. */
    private static final long NO_CLOCK = 250;

    private static final long SECOND = 1_000;

    /** Of the difference beyond the tolerance, in a second. */
    private static final int PART = 2;

    /** So many changes of pace are remembered: more than a second for each that a segment may last. */
    private static final int BENDS = 64;

    /** A bend of the line: from this media time on it runs straight, but for a second in which it makes up {@code correction}. */
    private final long[] media = new long[BENDS];

    private final long[] wall = new long[BENDS];
    private final long[] correction = new long[BENDS];
    private long bends;
    private long newest;

    // Lifetime of a line: the smallest distance in each of its last seconds.
    private final long[] earliest = new long[WINDOW];
    private long seconds;
    private long secondStart;
    private long secondEarliest;

    /** Begins a line with a frame: after a pause, or when the publisher's clock jumped. It is not before the end of the last one. */
    void begin(long mediaMillis, long arrival) {
        long start = bends == 0 ? arrival : Math.max(arrival, at(mediaMillis));
        newest = mediaMillis;
        bends = 0; // a track that begins a little before belongs to this line as well
        bend(mediaMillis, start, 0);
        measureAnew(arrival);
    }

    private void measureAnew(long arrival) {
        seconds = 0;
        secondStart = arrival;
        secondEarliest = Long.MAX_VALUE;
    }

    private void bend(long atMedia, long atWall, long amount) {
        int next = (int) (bends++ % BENDS);
        media[next] = atMedia;
        wall[next] = atWall;
        correction[next] = amount;
    }

    /** Notes that a frame has come. */
    void arrived(long mediaMillis, long arrival) {
        newest = Math.max(newest, mediaMillis);
        long elapsed = arrival - secondStart;
        if (elapsed < 0) {
            measureAnew(arrival); // somebody set the wall clock back
        } else if (elapsed >= SECOND && secondEarliest != Long.MAX_VALUE) {
            secondEnded(elapsed);
            secondStart = arrival;
            secondEarliest = Long.MAX_VALUE;
        }
        secondEarliest = Math.min(secondEarliest, arrival - mediaMillis);
    }

    private void secondEnded(long lasted) {
        boolean isClock = seconds > 0
                && Math.abs(secondEarliest - earliest[(int) ((seconds - 1) % WINDOW)]) * SECOND <= NO_CLOCK * lasted;
        earliest[(int) (seconds++ % WINDOW)] = secondEarliest;
        correct(isClock);
    }

    private void correct(boolean isClock) {
        long distance = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(seconds, WINDOW); i++) {
            distance = Math.min(distance, earliest[i]);
        }
        long now = at(newest);
        long off = distance - (now - newest);
        long beyond = Math.max(0, Math.abs(off) - TOLERANCE);
        long amount = isClock ? Math.min((beyond + PART - 1) / PART, FASTEST) * Long.signum(off) : 0;
        if (amount != 0 || correction[(int) ((bends - 1) % BENDS)] != 0) {
            bend(newest, now, amount);
        }
    }

    /** The instant, in milliseconds of the epoch, at which media was made. */
    long at(long mediaMillis) {
        long oldest = Math.max(0, bends - BENDS);
        for (long i = bends - 1; i >= oldest; i--) {
            int each = (int) (i % BENDS);
            if (media[each] <= mediaMillis || i == oldest) {
                long since = mediaMillis - media[each];
                long made = correction[each] * Math.clamp(since, 0, SECOND) / SECOND;
                return wall[each] + since + made;
            }
        }
        return mediaMillis;
    }
}
