// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.container.mp4.FragmentReader;
import live.millrace.media.container.mp4.MovieHeader;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.Recordings;
import live.millrace.media.segment.StoredBytes;

/**
 * A recording as one MP4 that nobody writes: its index is made of the heads of all fragments, its media data are the spans as they are, heads
 * of fragments included, which nothing points at. Breaks take no time: the last sample before one lasts until all tracks go on.
 *
 * <p>Blocks for the disk while it is made.
 */
final class MovieExport {
    /** Most heads are shorter; one look brings the length and the head. */
    private static final int LOOK = 2_048;

    private final Recording recording;
    private final Recordings store;
    private final SliceReader reader;
    private final List<String> tracks;
    private final long from;
    private final long to;
    private final Map<String, Track> open = new HashMap<>();
    private final List<HttpAnswer.Content> parts = new ArrayList<>();
    private long length;

    /** Media time at which the file begins. */
    private long start;

    /** Reads a stretch of the store for an answer. */
    @FunctionalInterface
    interface SliceReader {
        HttpAnswer.Content.File content(StoredBytes stretch);
    }

    /** A track while it is put together. */
    private static final class Track {
        private final RecordedTrack format;
        private final MovieHeader.Samples samples = new MovieHeader.Samples();
        private long delay;

        /** A decode time in the file, and the same in the spans. */
        private long anchor;

        private long anchorBase;
        private boolean anchored;

        Track(RecordedTrack format) {
            this.format = format;
        }
    }

    /** A segment of a track, where it is and when it plays. */
    private record Piece(RecordedSpan span, RecordedSegment segment, long millis, boolean breaks) {}

    /**
     * What was made.
     *
     * @param weight memory that it takes, about
     */
    record Made(HttpAnswer.Content.Slices content, long weight) {}

    /**
     * For one file.
     *
     * @param tracks names of those that are in it
     * @param from in milliseconds of media time; it begins with the segment that plays there
     * @param to likewise, the end
     */
    MovieExport(Recording recording, Recordings store, SliceReader reader, List<String> tracks, long from, long to) {
        this.recording = recording;
        this.store = store;
        this.reader = reader;
        this.tracks = tracks;
        this.from = from;
        this.to = to;
    }

    Made make() throws IOException {
        List<Piece> pieces = pieces();
        start = pieces.isEmpty() ? 0 : pieces.getFirst().millis();
        for (Piece piece : pieces) {
            add(piece);
        }
        List<MovieHeader.MovieTrack> movie = new ArrayList<>();
        long weight = 0;
        for (String name : tracks) {
            Track track = open.get(name);
            if (track != null) {
                movie.add(new MovieHeader.MovieTrack(
                        track.format.isVideo(),
                        track.format.timescale(),
                        track.format.width(),
                        track.format.height(),
                        MovieHeader.description(track.format.initialization()),
                        track.delay,
                        track.samples));
            }
        }
        ByteBuf head = MovieHeader.write(movie, length).asReadOnly();
        weight += head.readableBytes() + 64L * parts.size();
        List<HttpAnswer.Content> all = new ArrayList<>(parts.size() + 1);
        all.add(new HttpAnswer.Content.Memory(head));
        all.addAll(parts);
        return new Made(new HttpAnswer.Content.Slices(all), weight);
    }

    /** In the order in which they lie in the file: by time, pictures first. */
    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        for (String name : tracks) {
            boolean lead = true;
            for (RecordedSpan span : recording.spans(name)) {
                long ticks = 0;
                boolean first = true;
                for (RecordedSegment segment : span.segments().segments()) {
                    long at = span.startMillis() + ticks / 90;
                    ticks += segment.duration();
                    boolean inside = span.startMillis() + ticks / 90 > from && at < to;
                    if (inside && (!lead || segment.independent() || !name.startsWith("v"))) {
                        lead = false;
                        pieces.add(new Piece(span, segment, at, first && span.discontinuity()));
                    }
                    first = false;
                }
            }
        }
        long begin = pieces.stream()
                .filter(piece -> piece.span().track().startsWith("v"))
                .mapToLong(Piece::millis)
                .min()
                .orElse(0);
        pieces.removeIf(piece -> piece.millis() + piece.segment().duration() / 90 <= begin);
        pieces.sort(Comparator.comparingLong(Piece::millis));
        return pieces;
    }

    private void add(Piece piece) throws IOException {
        RecordedSpan span = piece.span();
        Track track = open.get(span.track());
        boolean first = track == null;
        if (track == null) {
            track = new Track(format(span));
            open.put(span.track(), track);
        }
        RecordedSegment segment = piece.segment();
        long at = segment.offset();
        long end = segment.offset() + segment.bytes();
        while (at < end) {
            FragmentReader.Fragment fragment = fragment(span, at, end);
            place(track, piece, fragment, first);
            first = false;
            track.samples.beginChunk(length
                    + at
                    - segment.offset()
                    + fragment.samples().getFirst().offset());
            for (FragmentReader.FragmentSample sample : fragment.samples()) {
                track.samples.add(sample.bytes(), sample.duration(), sample.compositionTimeOffset(), sample.sync());
            }
            at += fragment.length();
        }
        parts.add(reader.content(store.open(recording, span, segment.offset(), segment.bytes())));
        length += segment.bytes();
    }

    /** Where the fragment's first sample is decoded in the file. */
    private void place(Track track, Piece piece, FragmentReader.Fragment fragment, boolean first) {
        int timescale = track.format.timescale();
        if (!track.anchored || piece.breaks()) {
            long millis = Math.max(0, piece.millis() - start);
            long wanted = millis * timescale / 1_000;
            if (first) {
                track.delay = wanted;
                track.anchor = 0;
            } else {
                track.anchor = Math.max(track.samples.end(), wanted - track.delay);
            }
            track.anchorBase = fragment.baseDecodeTime();
            track.anchored = true;
        }
        long wanted = track.anchor + fragment.baseDecodeTime() - track.anchorBase;
        if (wanted != track.samples.end()) {
            track.samples.stretchTo(wanted);
        }
    }

    private RecordedTrack format(RecordedSpan span) {
        return recording.tracks().stream()
                .filter(each -> each.name().equals(span.track()) && each.format() == span.format())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a span of a format that nobody knows"));
    }

    private FragmentReader.Fragment fragment(RecordedSpan span, long at, long end) throws IOException {
        ByteBuf look = read(span, at, Math.min(LOOK, end - at));
        try {
            int head = FragmentReader.headLength(look);
            Optional<FragmentReader.Fragment> found;
            if (head > look.readableBytes() && head <= end - at) {
                ByteBuf more = read(span, at, head);
                try {
                    found = FragmentReader.read(more);
                } finally {
                    more.release();
                }
            } else {
                found = FragmentReader.read(look);
            }
            return found.filter(fragment -> fragment.length() <= end - at)
                    .orElseThrow(() -> new IOException("a span of " + recording.id() + " is damaged"));
        } finally {
            look.release();
        }
    }

    private ByteBuf read(RecordedSpan span, long at, long bytes) throws IOException {
        return store.open(recording, span, at, bytes).read();
    }
}
