// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.time.Instant;
import live.millrace.media.segment.TrackSegment;

/**
 * A media segment inside a span.
 *
 * @param sequence its media sequence number, the one that it was live under
 * @param offset of its first byte in the span
 * @param bytes its length
 * @param duration in units of 90 kHz
 * @param independent it starts with a random access point
 * @param programDateTime the wall clock at its first access unit, to the millisecond
 */
public record RecordedSegment(
        long sequence, long offset, int bytes, long duration, boolean independent, Instant programDateTime) {
    /** What is said of a segment before it has a place in a span. */
    static RecordedSegment said(TrackSegment segment) {
        return new RecordedSegment(
                segment.mediaSequence(),
                0,
                0,
                segment.duration(),
                segment.independent(),
                Instant.ofEpochMilli(segment.programDateTime().toEpochMilli()));
    }
}
