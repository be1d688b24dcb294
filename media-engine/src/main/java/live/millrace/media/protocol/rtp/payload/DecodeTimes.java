// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import java.util.Arrays;

/**
 * Decode times of pictures that come in the order of decoding with their presentation times alone, as RTP has them. Where up to n pictures
 * that came before are shown behind one, its decode time is the largest presentation time so far but n; the first n lie before the first
 * picture. Nothing waits.
 *
 * <p>Where pictures turn out to be reordered more than was said, n grows; not thread-safe.
 */
final class DecodeTimes {
    /** No codec reorders more. */
    private static final int MAX_DEPTH = 16;

    /** A larger jump, ahead or back, is another time line and no reordering: 2 s. */
    private static final long MAX_JUMP = 2L * 90_000;

    /** The largest presentation times so far, the smallest of them first. */
    private final long[] largest = new long[MAX_DEPTH + 1];

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
        int shownLater = insert(presentation);
        depth = Math.min(MAX_DEPTH, Math.max(depth, shownLater));
        last = Math.max(largest[Math.max(0, count - 1 - depth)], last + 1);
        return last;
    }

    /** Puts a time among the largest; how many are larger. */
    private int insert(long time) {
        int at = Arrays.binarySearch(largest, 0, count, time);
        int index = at < 0 ? -at - 1 : at;
        int larger = count - index;
        if (count == largest.length) {
            if (index == 0) {
                return MAX_DEPTH;
            }
            index--;
            System.arraycopy(largest, 1, largest, 0, index);
        } else {
            System.arraycopy(largest, index, largest, index + 1, larger);
            count++;
        }
        largest[index] = time;
        return at < 0 ? larger : 0;
    }
}
