// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.container.mp4.FragmentReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one recording: its spans, one after the other in each track, and what the index is told of them. A <i>stretch</i> is what was cut
 * without a break; each begins in the recording where the one before ended.
 *
 * <p>Confined to the thread that writes, but for what says otherwise.
 */
final class RecordingWriter {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingWriter.class);

    /** What is shorter was a slip, and leaves nothing. */
    private static final long LEAST_MILLIS = 2_000;

    /** A break that lost less is none that anybody would miss. */
    private static final long LEAST_GAP_MILLIS = 100;

    private static final int TICKS_PER_MILLI = 90;

    /** A track's newest span, and how far it is. */
    private static final class Open {
        private final SpanFile file;
        private final Path path;
        private final long stretch;

        Open(SpanFile file, Path path, long stretch) {
            this.file = file;
            this.path = path;
            this.stretch = stretch;
        }
    }

    private final RecordingConfig config;
    private final IndexTeller index;
    private final String id;
    private final String folder;
    private final UUID broadcast;
    private final String stream;

    private final Map<String, Open> open = new HashMap<>();
    private final Map<String, Integer> nextOrdinal = new HashMap<>();
    private final List<RecordedTrack> tracks = new ArrayList<>();
    private final List<RecordedSpan> closed = new ArrayList<>();
    private final List<RecordingGap> gaps = new ArrayList<>();
    private @Nullable Instant startedAt;
    private boolean told;
    private boolean over;

    // The stretch.
    private long stretch = -1;
    private long stretchStart;
    private long stretchBaseMillis;

    /** Where the recording's last whole segment ends, in media time and by the wall clock. */
    private long endMillis;

    private @Nullable Instant endedAt;
    private RecordingGap.@Nullable Cause gapCause;

    /** Something was lost here that whoever cuts may not know of: what comes next does not go on with what there is. */
    private boolean interrupted;

    /** Why nothing is written now; set on the thread that writes, or by whoever pauses, read anywhere. */
    private volatile RecordingGap.@Nullable Cause suspended;

    private volatile Optional<Recording> snapshot = Optional.empty();
    private final LongAdder bytesWritten = new LongAdder();

    RecordingWriter(
            RecordingConfig config, IndexTeller index, String id, UUID broadcast, String stream, String folder) {
        this.config = config;
        this.index = index;
        this.id = id;
        this.broadcast = broadcast;
        this.stream = stream;
        this.folder = folder;
    }

    /** Goes on with what an earlier process left. */
    static RecordingWriter resumed(RecordingConfig config, IndexTeller index, Recording before) {
        RecordingWriter writer =
                new RecordingWriter(config, index, before.id(), before.broadcast(), before.stream(), before.folder());
        writer.tracks.addAll(before.tracks());
        writer.closed.addAll(before.spans());
        writer.gaps.addAll(before.gaps());
        writer.startedAt = before.startedAt();
        writer.told = true;
        writer.gapCause = RecordingGap.Cause.PROCESS;
        writer.endMillis = before.durationMillis();
        for (RecordedSpan span : before.spans()) {
            writer.nextOrdinal.merge(span.track(), span.ordinal() + 1, Math::max);
            List<RecordedSegment> segments = span.segments().segments();
            if (!segments.isEmpty()) {
                RecordedSegment last = segments.getLast();
                writer.noteEnd(span.endMillis(), last);
            }
        }
        writer.publish();
        return writer;
    }

    String id() {
        return id;
    }

    /** What there is, from any thread; empty while it is too short to be kept. */
    Optional<Recording> snapshot() {
        return snapshot;
    }

    /** From any thread. */
    RecordingGap.@Nullable Cause suspended() {
        return suspended;
    }

    /** Bytes since the start of this process, from any thread. */
    long bytesWritten() {
        return bytesWritten.sum();
    }

    // ---- parts and segments -----------------------------------------------------------------------------------

    /**
     * Writes a part.
     *
     * @param content borrowed
     */
    void part(RecordedTrack format, PartFacts part, ByteBuf content) {
        if (suspended != null || over) {
            return;
        }
        try {
            Open current = open.get(format.name());
            if (part.first()) {
                current = span(format, part, content, current);
            }
            if (current != null) {
                current.file.append(content);
                bytesWritten.add(content.readableBytes());
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private Open span(RecordedTrack format, PartFacts part, ByteBuf content, @Nullable Open current)
            throws IOException {
        if (current != null) {
            boolean goesOn = current.stretch == part.stretch()
                    && current.file.head().track().format() == format.format()
                    && current.file.bytes() < config.spanBytes()
                    && current.file.span(false).durationMillis()
                            < config.spanLength().toMillis();
            if (goesOn) {
                current.file.dropUnfinished();
                return current;
            }
            close(format.name(), current);
        }
        long baseDecodeTime = FragmentReader.read(content)
                .orElseThrow(() -> new IOException("a part that is no fragment"))
                .baseDecodeTime();
        long baseMillis = baseDecodeTime * 1_000 / format.timescale();
        boolean broke = false;
        if (interrupted || part.stretch() != stretch) {
            beginStretch(part, baseMillis);
            broke = true;
        }
        boolean follows = current != null && current.stretch == part.stretch();
        boolean discontinuity = !follows && (broke ? startedEarlier() : anyBefore(format.name()) || stretchStart > 0);
        if (startedAt == null) {
            startedAt = part.time();
        }
        SpanHead head = new SpanHead(
                format,
                freeOrdinal(format.name()),
                discontinuity,
                Math.max(stretchStart, stretchStart + baseMillis - stretchBaseMillis),
                baseDecodeTime,
                part.sequence(),
                part.time().toEpochMilli());
        Path path = config.directory().resolve(Recording.object(folder, format.name(), head.ordinal()));
        if (!tracks.contains(format)) {
            tracks.add(format);
            if (told) {
                index.track(id, format);
            }
        }
        Open fresh =
                new Open(SpanFile.create(path, head, config.sync() != RecordingConfig.Sync.NONE), path, part.stretch());
        open.put(format.name(), fresh);
        return fresh;
    }

    /** Above those of this recording, and of a process that was killed before anybody had heard of what it wrote. */
    private int freeOrdinal(String track) {
        int ordinal = nextOrdinal.getOrDefault(track, 0);
        while (Files.exists(config.directory().resolve(Recording.object(folder, track, ordinal)))) {
            ordinal++;
        }
        nextOrdinal.put(track, ordinal + 1);
        return ordinal;
    }

    private boolean startedEarlier() {
        return endMillis > 0;
    }

    private boolean anyBefore(String track) {
        return nextOrdinal.getOrDefault(track, 0) > 0;
    }

    private void beginStretch(PartFacts part, long baseMillis) {
        stretch = part.stretch();
        stretchStart = endMillis;
        stretchBaseMillis = baseMillis;
        Instant before = endedAt;
        if (before != null) {
            long lost = Duration.between(before, part.time()).toMillis();
            RecordingGap.Cause cause = gapCause == null ? RecordingGap.Cause.ENCODER : gapCause;
            if (lost >= LEAST_GAP_MILLIS) {
                RecordingGap gap = new RecordingGap(stretchStart, lost, cause);
                gaps.add(gap);
                if (told) {
                    index.gap(id, gap);
                }
            }
        }
        gapCause = null;
        interrupted = false;
    }

    /** A segment ended whose parts were all told. */
    void segment(String track, RecordedSegment said) {
        Open current = open.get(track);
        if (suspended != null || over || current == null || current.file.unfinished() == 0) {
            return;
        }
        try {
            RecordedSegment segment = current.file.endSegment(said);
            if (config.sync() == RecordingConfig.Sync.SEGMENT) {
                current.file.force();
            }
            RecordedSpan span = current.file.span(false);
            noteEnd(span.endMillis(), segment);
            if (told && current.file.size() == 1) {
                index.span(id, span, () -> {});
            }
            publish();
            tellIfLongEnough();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void noteEnd(long millis, RecordedSegment segment) {
        endMillis = Math.max(endMillis, millis);
        Instant end = segment.programDateTime().plusMillis(segment.duration() / TICKS_PER_MILLI);
        endedAt = endedAt == null || endedAt.isBefore(end) ? end : endedAt;
    }

    private void tellIfLongEnough() {
        if (told || endMillis < LEAST_MILLIS) {
            return;
        }
        told = true;
        Recording now = recording();
        index.begun(new Recording(
                id, folder, broadcast, stream, now.startedAt(), Optional.empty(), List.of(), List.of(), List.of()));
        tracks.forEach(each -> index.track(id, each));
        gaps.forEach(each -> index.gap(id, each));
        closed.forEach(this::tellClosed);
        open.values().forEach(each -> index.span(id, each.file.span(false), () -> {}));
        publish();
    }

    private void tellClosed(RecordedSpan span) {
        Path path = config.directory().resolve(Recording.object(folder, span.track(), span.ordinal()));
        index.span(id, span, () -> {
            try {
                SpanFile.forgetJournal(path);
            } catch (IOException e) {
                LOG.debug("The journal of {} stays", path, e);
            }
        });
    }

    private Recording recording() {
        List<RecordedSpan> spans = new ArrayList<>(closed);
        for (Open each : open.values()) {
            if (each.file.size() > 0) {
                spans.add(each.file.span(false));
            }
        }
        Instant start = startedAt;
        return new Recording(
                id,
                folder,
                broadcast,
                stream,
                start == null ? Instant.EPOCH : start,
                Optional.empty(),
                tracks,
                spans,
                gaps);
    }

    private void publish() {
        if (told) {
            snapshot = Optional.of(recording());
        }
    }

    // ---- breaks and ends --------------------------------------------------------------------------------------

    /** What was not whole when something was lost is given up; what comes next is another stretch. */
    void interrupt(RecordingGap.Cause cause) {
        gapCause = gapCause == null ? cause : gapCause;
        interrupted = true;
        closeAll();
        publish();
    }

    /** Stops writing until {@link #resume}. */
    void suspend(RecordingGap.Cause cause) {
        suspended = cause;
        interrupt(cause);
    }

    void resume() {
        suspended = null;
    }

    /** Forces to the disk what was written. */
    void force() {
        for (Open each : List.copyOf(open.values())) {
            try {
                each.file.force();
            } catch (IOException e) {
                failed(e);
                return;
            }
        }
    }

    private void failed(IOException e) {
        LOG.warn("Recording of {} waits for its disk: {}", stream, String.valueOf(e.getMessage()));
        LOG.debug("How it failed", e);
        suspend(RecordingGap.Cause.DISK);
    }

    private void closeAll() {
        Map.copyOf(open).forEach(this::close);
    }

    private void close(String track, Open span) {
        open.remove(track);
        try {
            if (span.file.size() == 0) {
                span.file.delete();
                nextOrdinal.merge(track, -1, Integer::sum);
                return;
            }
            span.file.dropUnfinished();
            if (config.sync() != RecordingConfig.Sync.NONE) {
                span.file.force();
            }
        } catch (IOException e) {
            LOG.debug("{} was not closed cleanly", span.path, e);
        } finally {
            closeQuietly(span);
        }
        if (span.file.size() > 0) {
            RecordedSpan whole = span.file.span(true);
            closed.add(whole);
            if (told) {
                tellClosed(whole);
            }
        }
    }

    private static void closeQuietly(Open span) {
        try {
            span.file.close();
        } catch (IOException e) {
            LOG.debug("{} was not closed", span.path, e);
        }
    }

    /**
     * Nothing more will come.
     *
     * @param ended the broadcast is over; else it may go on in another process
     * @param heard once the index knows it, on the index's thread
     * @return whether there is anything to be kept
     */
    boolean end(boolean ended, Runnable heard) {
        if (over) {
            return told;
        }
        over = true;
        closeAll();
        if (!told) {
            closed.forEach(each -> {
                try {
                    Path path = config.directory().resolve(Recording.object(folder, each.track(), each.ordinal()));
                    Files.deleteIfExists(path);
                    SpanFile.forgetJournal(path);
                } catch (IOException e) {
                    LOG.debug("A slip of a recording stays", e);
                }
            });
            return false;
        }
        Recording last = recording();
        Instant end = endedAt == null ? last.startedAt() : endedAt;
        snapshot = Optional.of(ended ? last.ended(end) : last);
        if (ended) {
            index.ended(id, end, heard);
        }
        return true;
    }
}
