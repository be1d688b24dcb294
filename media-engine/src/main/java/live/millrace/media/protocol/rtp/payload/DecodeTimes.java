// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import java.util.Arrays;

/**
 * Decode times of pictures that come in the order of decoding with their presentation times alone, as RTP has them: with up to n pictures
 * that come before and are shown behind others, the decode time of each is the smallest presentation time that is not used up yet, the
 * first n of which lie before the first picture. Nothing waits.
 *
 * <p>Where pictures turn out to be reordered more than was said, n grows; not thread-safe.
 */
final class DecodeTimes {
    /** No codec reorders more. */
    private static final int MAX_DEPTH = 16;

    /** A larger jump is another time line. */
    private static final long MAX_JUMP = 10L * 90_000;

    private final long[] unused = new long[MAX_DEPTH + 2];
    private int count;
    private int depth;
    private long duration;
    private boolean started;
    private long last;
    private long lastPresentation;

    /** How many pictures may be shown behind one that comes after them, and how long a picture lasts in units. For a line that begins. */
    void depth(int newDepth, long newDuration) {
        if (!started) {
            depth = Math.min(newDepth, MAX_DEPTH);
            duration = newDuration;
        }
    }

    /** The decode time of the next picture: after that of the one before it. */
    long next(long presentation) {
        if (!started || Math.abs(presentation - lastPresentation) > MAX_JUMP) {
            count = 0;
            for (int i = depth; i > 0; i--) {
                insert(presentation - i * duration);
            }
            started = true;
            last = Long.MIN_VALUE;
        }
        lastPresentation = presentation;
        insert(presentation);
        long smallest = unused[0];
        if (smallest <= last && depth < MAX_DEPTH) {
            depth++; // one picture more is on its way than was said: it keeps its time for later
            last++;
            return last;
        }
        System.arraycopy(unused, 1, unused, 0, --count);
        last = Math.max(smallest, last + 1);
        return last;
    }

    private void insert(long time) {
        int at = Arrays.binarySearch(unused, 0, count, time);
        int index = at < 0 ? -at - 1 : at;
        System.arraycopy(unused, index, unused, index + 1, count - index);
        unused[index] = time;
        count++;
    }
}
