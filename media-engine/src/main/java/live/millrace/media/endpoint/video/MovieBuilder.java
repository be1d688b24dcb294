// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.container.mp4.FragmentReader.Fragment;
import live.millrace.media.container.mp4.MovieSamples;
import live.millrace.media.container.mp4.MovieWriter;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.recording.ArchiveAwayException;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.time.Timescale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the samples of a file out of the heads of its fragments. The media data of the file is that of the spans, segment for segment; what stands
 * between samples there, heads of fragments, no player looks at.
 *
 * <p>Breaks are closed: what follows one begins where the longest track before it ended, and the last sample of the others lasts until then.
 *
 * <p>Blocks for the disk; for one thread, and one file.
 */
final class MovieBuilder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MovieBuilder.class);

    /** A film of a day fits; beside it nothing is kept in memory for long. */
    static final long MOST_HEAD_BYTES = 64L << 20;

    /** A day of them, three a second. */
    private static final int MOST_FRAGMENTS = 300_000;

    /** Makes pieces of spans for an answer. */
    @FunctionalInterface
    interface Pieces {
        HttpAnswer.Content piece(RecordedSpan span, long offset, long length);
    }

    /** Opens spans for their heads. */
    @FunctionalInterface
    interface Heads {
        HeadReader open(RecordedSpan span) throws IOException;
    }

    private final Recording recording;
    private final Heads heads;
    private final Pieces pieces;
    private final Map<String, MovieSamples> samples = new LinkedHashMap<>();
    private final Map<String, RecordedTrack> tracks = new HashMap<>();
    private final List<HttpAnswer.Content> content = new ArrayList<>();
    private long mediaBytes;

    /** Of each track, the span that is being read. */
    private final Map<String, Open> open = new HashMap<>();

    private record Open(RecordedSpan span, Optional<HeadReader> reader) {}

    MovieBuilder(Recording recording, Heads heads, Pieces pieces) {
        this.recording = recording;
        this.heads = heads;
        this.pieces = pieces;
    }

    /**
     * Builds what was planned.
     *
     * @return what stands before the media data, then the media data; empty when there is none
     * @throws ArchiveAwayException when some of it is in the archive, which is away
     * @throws IOException when the disk fails
     * @throws TooLongException when there is too much of it for one file
     */
    List<HttpAnswer.Content> build(MoviePlan plan) throws IOException, TooLongException {
        for (RecordedTrack track : plan.tracks()) {
            tracks.put(track.name(), track);
            samples.put(
                    track.name(),
                    new MovieSamples(
                            samples.size() + 1,
                            track.isVideo(),
                            track.timescale(),
                            track.width(),
                            track.height(),
                            track.initialization()));
        }
        long start = 0;
        for (List<MoviePlan.Batch> stretch : plan.stretches()) {
            start = stretch(stretch, start);
        }
        List<MovieSamples> all =
                samples.values().stream().filter(each -> each.size() > 0).toList();
        if (all.isEmpty()) {
            return List.of();
        }
        ByteBuf head = MovieWriter.write(all, recording.startedAt(), mediaBytes);
        content.addFirst(new HttpAnswer.Content.Memory(
                Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(head).asReadOnly())));
        return content;
    }

    /**
     * The samples of what was planned, of one track, behind each other without a container.
     *
     * @return empty when there is none
     * @throws ArchiveAwayException when some of it is in the archive, which is away
     * @throws IOException when the disk fails
     * @throws TooLongException when there is too much of it for one file
     */
    List<HttpAnswer.Content> frames(MoviePlan plan) throws IOException, TooLongException {
        for (List<MoviePlan.Batch> stretch : plan.stretches()) {
            for (MoviePlan.Batch batch : stretch) {
                Optional<HeadReader> reader = reader(batch.span());
                long at = batch.offset();
                while (reader.isPresent() && at < batch.end()) {
                    Optional<Fragment> fragment =
                            reader.get().at(at, batch.end()).map(HeadReader.Head::fragment);
                    if (fragment.isEmpty()) {
                        LOG.warn("{} of {} is damaged at {}", batch.span().track(), recording.id(), at);
                        break;
                    }
                    Fragment found = fragment.get();
                    int head = found.samples().getFirst().offset();
                    content.add(pieces.piece(batch.span(), at + head, found.length() - head));
                    at += found.length();
                }
                if (content.size() > MOST_FRAGMENTS) {
                    throw new TooLongException();
                }
            }
        }
        return content;
    }

    /** A file would be too large to be listed at once. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1;
    }

    // ---- one stretch ------------------------------------------------------------------------------------------

    /**
     * Adds a stretch.
     *
     * @param start where in the file it begins, at 90 kHz
     * @return where it ends
     */
    private long stretch(List<MoviePlan.Batch> batches, long start) throws IOException, TooLongException {
        Map<String, Long> origins = origins(batches);
        long end = start;
        for (MoviePlan.Batch batch : batches) {
            String name = batch.span().track();
            RecordedTrack track = tracks.get(name);
            MovieSamples list = samples.get(name);
            Long origin = origins.get(name);
            if (track == null
                    || list == null
                    || origin == null
                    || reader(batch.span()).isEmpty()) {
                continue;
            }
            long from = Timescale.convert(start, Timescale.MPEG, track.timescale()) - origin;
            HeadReader reader = reader(batch.span()).get();
            long at = batch.offset();
            while (at < batch.end()) {
                Optional<Fragment> fragment = reader.at(at, batch.end()).map(HeadReader.Head::fragment);
                if (fragment.isEmpty()) {
                    LOG.warn("{} of {} is damaged at {}", name, recording.id(), at);
                    break;
                }
                Fragment found = fragment.get();
                long time = from + found.baseDecodeTime();
                list.chunk(
                        mediaBytes
                                + at
                                - batch.offset()
                                + found.samples().getFirst().offset(),
                        time,
                        found.samples());
                end = Math.max(end, Timescale.convert(time + found.duration(), track.timescale(), Timescale.MPEG));
                at += found.length();
            }
            content.add(pieces.piece(batch.span(), batch.offset(), batch.end() - batch.offset()));
            mediaBytes += batch.end() - batch.offset();
            if (MovieWriter.headBytes(List.copyOf(samples.values())) > MOST_HEAD_BYTES) {
                throw new TooLongException();
            }
        }
        return end;
    }

    /** For each track the decode time at which the stretch begins: that of the track which begins first. */
    private Map<String, Long> origins(List<MoviePlan.Batch> batches) throws IOException {
        Map<String, Long> first = new LinkedHashMap<>();
        for (MoviePlan.Batch batch : batches) {
            String name = batch.span().track();
            if (tracks.containsKey(name) && !first.containsKey(name)) {
                Optional<HeadReader> reader = reader(batch.span());
                if (reader.isPresent()) {
                    reader.get()
                            .at(batch.offset(), batch.end())
                            .ifPresent(head -> first.put(name, head.fragment().baseDecodeTime()));
                }
            }
        }
        String earliest = null;
        for (String name : first.keySet()) {
            if (earliest == null || mpeg(name, first) < mpeg(earliest, first)) {
                earliest = name;
            }
        }
        Map<String, Long> origins = new HashMap<>();
        for (String name : first.keySet()) {
            RecordedTrack track = tracks.get(name);
            RecordedTrack leader = tracks.get(earliest);
            Long time = first.get(earliest);
            if (track != null && leader != null && time != null) {
                origins.put(name, Timescale.convert(time, leader.timescale(), track.timescale()));
            }
        }
        return origins;
    }

    private long mpeg(String name, Map<String, Long> times) {
        RecordedTrack track = tracks.get(name);
        Long time = times.get(name);
        return track == null || time == null
                ? Long.MAX_VALUE
                : Timescale.convert(time, track.timescale(), Timescale.MPEG);
    }

    /** Empty when the span is gone: the file is made without it. */
    private Optional<HeadReader> reader(RecordedSpan span) throws IOException {
        Open known = open.get(span.track());
        if (known != null && known.span().ordinal() == span.ordinal()) {
            return known.reader();
        }
        if (known != null && known.reader().isPresent()) {
            known.reader().get().close();
        }
        Optional<HeadReader> reader = Optional.empty();
        try {
            reader = Optional.of(heads.open(span));
        } catch (ArchiveAwayException away) {
            throw away; // it comes back: a file without it would be wrong then
        } catch (IOException gone) {
            LOG.warn("{}-{} of {} is gone", span.track(), span.ordinal(), recording.id());
            LOG.debug("How", gone);
        }
        open.put(span.track(), new Open(span, reader));
        return reader;
    }

    @Override
    public void close() {
        Releasing.all(
                open.values(),
                each -> each.reader().ifPresent(reader -> {
                    try {
                        reader.close();
                    } catch (IOException e) {
                        LOG.debug("A span was not closed", e);
                    }
                }));
    }
}
