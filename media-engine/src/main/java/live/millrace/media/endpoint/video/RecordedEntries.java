// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import live.millrace.media.protocol.hls.RecordPlaylist;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;

/**
 * The entries of a track's playlist. A track that paused has gaps where the others have segments, so that a number is the same moment in all
 * of them.
 */
final class RecordedEntries {
    private static final int TICKS_PER_MILLI = 90;
    private static final int TICKS_PER_SECOND = 90_000;

    private final Recording recording;
    private final String track;
    private final String query;

    /** What of a playlist is not text. */
    record Listed(List<RecordPlaylist.Entry> entries, long mediaSequence, int targetSeconds, long discontinuities) {}

    /** @param query what children inherit, with its question mark; may be empty */
    RecordedEntries(Recording recording, String track, String query) {
        this.recording = recording;
        this.track = track;
        this.query = query;
    }

    /**
     * Those that play in a stretch of the recording.
     *
     * @param from in milliseconds of media time
     * @param to behind it nothing is listed
     */
    Listed between(long from, long to) {
        List<RecordPlaylist.Entry> entries = new ArrayList<>();
        long mediaSequence = 0;
        long next = -1;
        long longest = 0;
        long discontinuities = 0;
        for (RecordedSpan span : recording.spans(track)) {
            long at = span.startMillis() * TICKS_PER_MILLI;
            boolean first = true;
            for (RecordedSegment segment : span.segments().segments()) {
                long end = at + segment.duration();
                longest = Math.max(longest, segment.duration());
                boolean breaks = span.discontinuity() && first;
                boolean after = at / TICKS_PER_MILLI >= to;
                boolean before = end / TICKS_PER_MILLI <= from;
                if (before) {
                    discontinuities += breaks ? 1 : 0;
                } else if (!after) {
                    String map = track + "/" + span.format() + ".mp4" + query;
                    if (entries.isEmpty()) {
                        mediaSequence = segment.sequence();
                    } else if (!breaks) {
                        fill(next, segment, map, entries);
                    }
                    entries.add(new RecordPlaylist.Entry(
                            track + "/" + segment.sequence() + ".m4s" + query,
                            segment.duration(),
                            segment.programDateTime(),
                            breaks && !entries.isEmpty(),
                            map,
                            false));
                    next = segment.sequence() + 1;
                }
                first = false;
                at = end;
            }
        }
        return new Listed(
                entries,
                mediaSequence,
                (int) Math.max(1, (longest + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND),
                discontinuities);
    }

    /** The track has nothing where others go on. */
    private void fill(long next, RecordedSegment until, String map, List<RecordPlaylist.Entry> entries) {
        if (until.sequence() <= next) {
            return;
        }
        Map<Long, RecordedSegment> others = others(next, until.sequence());
        others.forEach((number, segment) -> entries.add(new RecordPlaylist.Entry(
                track + "/" + number + ".m4s" + query,
                segment.duration(),
                segment.programDateTime(),
                false,
                map,
                true)));
    }

    private Map<Long, RecordedSegment> others(long from, long to) {
        Map<Long, RecordedSegment> found = new TreeMap<>();
        for (RecordedSpan span : recording.spans()) {
            boolean near = span.segments().size() > 0
                    && span.segments().firstSequence() < to
                    && span.segments().lastSequence() >= from;
            if (near && !span.track().equals(track)) {
                for (RecordedSegment segment : span.segments().segments()) {
                    if (segment.sequence() >= from && segment.sequence() < to) {
                        found.putIfAbsent(segment.sequence(), segment);
                    }
                }
            }
        }
        return found;
    }
}
