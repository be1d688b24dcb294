// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.util.Comparator;
import java.util.Optional;

/**
 * Segments of a recording, in all tracks, by their media sequence numbers.
 *
 * @param from the first number
 * @param to the number behind the last
 */
public record SegmentRange(long from, long to) {
    /** Everything, and what will come. */
    public static final SegmentRange ALL = new SegmentRange(0, Long.MAX_VALUE);

    private static final int TICKS_PER_MILLI = 90;

    public boolean has(long sequence) {
        return sequence >= from && sequence < to;
    }

    /** The name of the track that says where a range begins: the default picture, or the default sound where there is none. */
    static Optional<String> leading(Recording recording) {
        return recording.spans().stream()
                .filter(span -> span.segments().size() > 0)
                .map(RecordedSpan::track)
                .min(Comparator.comparing((String name) -> !name.startsWith("v"))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * What plays from one position to another, and as much more as decoding needs at the start, and as the last group of pictures has at
     * the end.
     *
     * @param startMillis in media time; negative for the beginning
     * @param endMillis in media time; negative for the end
     */
    public static SegmentRange between(Recording recording, long startMillis, long endMillis) {
        Optional<String> leading = leading(recording);
        if ((startMillis < 0 && endMillis < 0) || leading.isEmpty()) {
            return ALL;
        }
        long from = 0;
        for (RecordedSpan span : recording.spans(leading.get())) {
            if (startMillis < 0 && span.endMillis() < endMillis) {
                continue;
            }
            long ticks = 0;
            for (RecordedSegment segment : span.segments().segments()) {
                long at = span.startMillis() + ticks / TICKS_PER_MILLI;
                if (segment.independent()) {
                    if (endMillis >= 0 && at >= endMillis && segment.sequence() > from) {
                        return new SegmentRange(from, segment.sequence());
                    }
                    if (startMillis >= 0 && at <= startMillis) {
                        from = segment.sequence();
                    }
                }
                ticks += segment.duration();
            }
        }
        return new SegmentRange(from, Long.MAX_VALUE);
    }
}
