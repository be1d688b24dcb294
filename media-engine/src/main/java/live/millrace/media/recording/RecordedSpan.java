// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

/**
 * Minutes of one track in one object of the store: {@code ftyp moov}, then {@code moof mdat} again and again, so that each plays alone. It
 * holds one format and no break.
 *
 * @param track the track's name
 * @param ordinal counts the track's spans from 0; with the track it names the object
 * @param format which of the track's {@linkplain RecordedTrack#format() formats} it holds
 * @param discontinuity it does not continue what the track's span before it held
 * @param startMillis where in the recording it begins, in media time: breaks take none
 * @param baseDecodeTime of its first access unit, in the track's timescale
 * @param bytes of whole segments with the head before them: what follows in the object is unfinished
 * @param segments its whole segments
 * @param closed nothing is added any more
 * @param copies where its bytes are, as far as the index knows; a reader finds them either way
 */
public record RecordedSpan(
        String track,
        int ordinal,
        int format,
        boolean discontinuity,
        long startMillis,
        long baseDecodeTime,
        long bytes,
        SegmentTable segments,
        boolean closed,
        Copies copies) {
    /** Where a span's bytes are. */
    public enum Copies {
        DISK,
        DISK_AND_ARCHIVE,
        /** A {@link SpanArchive} alone has them. */
        ARCHIVE
    }

    /** One whose bytes are on the disk. */
    public RecordedSpan(
            String track,
            int ordinal,
            int format,
            boolean discontinuity,
            long startMillis,
            long baseDecodeTime,
            long bytes,
            SegmentTable segments,
            boolean closed) {
        this(track, ordinal, format, discontinuity, startMillis, baseDecodeTime, bytes, segments, closed, Copies.DISK);
    }

    /** How long it plays. */
    public long durationMillis() {
        return segments.duration() / 90;
    }

    /** Where in the recording it ends. */
    public long endMillis() {
        return startMillis + durationMillis();
    }
}
