// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.List;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;

/**
 * Which segments of a recording are meant, in all tracks.
 *
 * @param from the first number
 * @param to the number behind the last
 */
record Selection(long from, long to) {
    /** Everything, and what will come. */
    static final Selection ALL = new Selection(0, Long.MAX_VALUE);

    private static final int TICKS_PER_MILLI = 90;

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
        if (startMillis < 0 && endMillis < 0) {
            return ALL;
        }
        List<String> tracks = Stretch.tracks(recording);
        if (tracks.isEmpty()) {
            return ALL;
        }
        long from = 0;
        for (RecordedSpan span : recording.spans(tracks.getFirst())) {
            if (startMillis < 0 && span.endMillis() < endMillis) {
                continue;
            }
            long ticks = 0;
            for (RecordedSegment segment : span.segments().segments()) {
                long at = span.startMillis() + ticks / TICKS_PER_MILLI;
                if (segment.independent()) {
                    if (endMillis >= 0 && at >= endMillis && segment.sequence() > from) {
                        return new Selection(from, segment.sequence());
                    }
                    if (startMillis >= 0 && at <= startMillis) {
                        from = segment.sequence();
                    }
                }
                ticks += segment.duration();
            }
        }
        return new Selection(from, Long.MAX_VALUE);
    }
}
