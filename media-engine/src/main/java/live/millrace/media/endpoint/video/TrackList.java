// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import live.millrace.media.protocol.hls.GrowingPlaylist;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one track as a playlist, which follows its recording. Segments that the track does not have and others do are gaps, so that
 * the lists of all tracks have the same segments under the same numbers: those of the live playlist up to the first break at which segments
 * were lost, where RFC 8216 §6.2.1 lets no number be left out. Not thread-safe.
 */
final class TrackList {
    private static final int TICKS_PER_SECOND = 90_000;

    /** A track that is behind others by so many segments has none to come: {@code Segmenter} ends it sooner. */
    private static final int LATE = 3;

    /** Of a gap of which nobody knows how long it is. */
    private static final long UNKNOWN = 2L * TICKS_PER_SECOND;

    /** Shorter ones say nothing about a bit rate: RFC 8216 §4.3.4.2 looks at half a target duration and more. */
    private static final long MEASURED = TICKS_PER_SECOND;

    private final String track;
    private final GrowingPlaylist playlist = new GrowingPlaylist();
    private long[] sequences = new long[64];
    private Recording recording;
    private long first = -1;
    private int stretch;
    private long next = -1;
    private long lastDuration = UNKNOWN;
    private int format = -1;
    private int ownSegments;
    private long bytes;
    private long duration;
    private long peak;

    /**
     * With what there is.
     *
     * @param track of the recording
     */
    TrackList(String track, Recording recording) {
        this.track = track;
        this.recording = recording;
        follow();
    }

    /** Adds what came since; false when it cannot, because what was there is not any more: then there has to be another list. */
    boolean update(Recording now) {
        if (now.equals(recording)) {
            return true;
        }
        if (recording.endedAt().isPresent() || !beginsAlike(now)) {
            return false;
        }
        recording = now;
        follow();
        return true;
    }

    private boolean beginsAlike(Recording now) {
        List<Stretch> stretches = Stretch.of(now);
        return stretches.size() > stretch && (first < 0 || stretches.getFirst().first() == first);
    }

    /** What it was made of. */
    Recording recording() {
        return recording;
    }

    /** The media sequence number of its first entry. */
    long firstSequence() {
        return Math.max(0, first);
    }

    GrowingPlaylist playlist() {
        return playlist;
    }

    /** The track has segments, and not only gaps. */
    boolean any() {
        return ownSegments > 0;
    }

    /** Bits per second of the largest segment. */
    long peakBandwidth() {
        return Math.max(peak, averageBandwidth());
    }

    long averageBandwidth() {
        return duration == 0 ? 0 : bytes * 8 * TICKS_PER_SECOND / duration;
    }

    /** The first entry whose segment has that number or a higher one; the size of the list if there is none. */
    int entry(long sequence) {
        int found = Arrays.binarySearch(sequences, 0, playlist.size(), sequence);
        return found >= 0 ? found : -found - 1;
    }

    // ---- what comes -------------------------------------------------------------------------------------------

    private void follow() {
        List<Stretch> stretches = Stretch.of(recording);
        if (stretches.isEmpty()) {
            return;
        }
        first = stretches.getFirst().first();
        while (true) {
            boolean newest = stretch == stretches.size() - 1;
            follow(stretches.get(stretch), newest);
            if (newest) {
                return;
            }
            stretch++;
            next = -1;
        }
    }

    private void follow(Stretch now, boolean newest) {
        next = next < 0 ? now.first() : next;
        for (RecordedSpan span : now.of(track)) {
            if (span.segments().lastSequence() < next) {
                continue;
            }
            for (RecordedSegment segment : span.segments().segments()) {
                if (segment.sequence() >= next) {
                    gaps(now, segment.sequence());
                    format = span.format();
                    add(now, span, segment);
                }
            }
        }
        if (!newest) {
            gaps(now, now.last() + 1);
        } else if (recording.endedAt().isEmpty()) {
            gaps(now, now.last() - LATE);
        }
    }

    private void add(Stretch now, RecordedSpan span, RecordedSegment segment) {
        ownSegments++;
        bytes += segment.bytes();
        duration += segment.duration();
        if (segment.duration() >= MEASURED) {
            peak = Math.max(peak, segment.bytes() * 8L * TICKS_PER_SECOND / segment.duration());
        }
        Optional<String> mirror = span.copies() == RecordedSpan.Copies.DISK ? Optional.empty() : recording.mirror();
        entry(
                now,
                segment,
                mirror.map(base -> base + "/" + recording.object(span))
                        .orElse(track + "/" + segment.sequence() + ".m4s"),
                mirror.isPresent() ? segment.bytes() + "@" + segment.offset() : null,
                false);
    }

    private void gaps(Stretch now, long end) {
        while (next < end) {
            RecordedSegment other = now.any(next)
                    .orElseGet(() -> new RecordedSegment(next, 0, 0, lastDuration, true, recording.startedAt()));
            entry(now, other, track + "/" + other.sequence() + ".m4s", null, true);
        }
    }

    private void entry(Stretch now, RecordedSegment segment, String uri, @Nullable String range, boolean gap) {
        int size = playlist.size();
        if (size == sequences.length) {
            sequences = Arrays.copyOf(sequences, size * 2);
        }
        sequences[size] = segment.sequence();
        boolean begins = segment.sequence() == now.first();
        playlist.add(new GrowingPlaylist.Entry(
                uri,
                range,
                track + "/" + shownFormat(now) + ".mp4",
                segment.duration(),
                gap && !begins ? null : segment.programDateTime(),
                begins && stretch > 0,
                segment.independent(),
                gap));
        lastDuration = segment.duration();
        next = segment.sequence() + 1;
    }

    /** Of a gap: the format before it, or the one that comes. */
    private int shownFormat(Stretch now) {
        if (format >= 0) {
            return format;
        }
        Optional<RecordedSpan> coming = now.of(track).stream().findFirst();
        return coming.or(() -> recording.spans(track).stream().findFirst())
                .map(RecordedSpan::format)
                .orElse(0);
    }
}
