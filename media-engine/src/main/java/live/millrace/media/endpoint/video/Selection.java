// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import live.millrace.media.recording.Recording;
import live.millrace.media.recording.SegmentRange;

/**
 * Which segments of a recording are meant, in all tracks.
 *
 * @param from the first number
 * @param to the number behind the last
 */
record Selection(long from, long to) {
    /** Everything, and what will come. */
    static final Selection ALL = new Selection(0, Long.MAX_VALUE);

    boolean has(long sequence) {
        return sequence >= from && sequence < to;
    }

    Selection and(Selection other) {
        return new Selection(Math.max(from, other.from), Math.min(to, other.to));
    }

    /**
     * What plays from one position to another, and as much more as decoding needs at the start, and as the last group of pictures has at
     * the end.
     *
     * @param startMillis in media time; negative for the beginning
     * @param endMillis in media time; negative for the end
     */
    static Selection between(Recording recording, long startMillis, long endMillis) {
        SegmentRange range = SegmentRange.between(recording, startMillis, endMillis);
        return new Selection(range.from(), range.to());
    }
}
