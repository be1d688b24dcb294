// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

/**
 * What a span's journal says of it first: enough to find everything else in the object itself.
 *
 * @param track what it holds; its initialization section is the object's first bytes
 * @param ordinal counts the track's spans
 * @param discontinuity it does not continue what was before
 * @param startMillis where in the recording it begins
 * @param baseDecodeTime of its first access unit, in the track's timescale
 * @param firstSequence media sequence number of its first segment
 * @param startedAt wall clock at its first access unit, in milliseconds of the epoch
 */
record SpanHead(
        RecordedTrack track,
        int ordinal,
        boolean discontinuity,
        long startMillis,
        long baseDecodeTime,
        long firstSequence,
        long startedAt) {
    /** Where the first segment begins in the object. */
    int bytes() {
        return track.initialization().readableBytes();
    }

    /** The span with so many whole segments. */
    RecordedSpan span(SegmentTable segments, boolean closed) {
        return new RecordedSpan(
                track.name(),
                ordinal,
                track.format(),
                discontinuity,
                startMillis,
                baseDecodeTime,
                segments.size() == 0 ? bytes() : segments.end(),
                segments,
                closed);
    }
}
