// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.container.mp4.FragmentReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one recording: its spans, one after the other in each track, and what the index is told of them.
 *
 * <p>Confined to the thread that writes, but for what says otherwise.
 */
final class RecordingWriter {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingWriter.class);

    /** What is shorter was a slip, and leaves nothing. */
    private static final long LEAST_MILLIS = 2_000;

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
    private final Disk disk;
    private final IndexTeller index;
    private final String id;
    private final Timeline timeline = new Timeline();
    private final TrackFormats formats = new TrackFormats();
    private String folder;
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

    /** Why nothing is written now; set on the thread that writes, or by whoever pauses, read anywhere. */
    private volatile RecordingGap.@Nullable Cause suspended;

    private final AtomicInteger turns = new AtomicInteger();
    private volatile Optional<Recording> snapshot = Optional.empty();
    private final LongAdder bytesWritten = new LongAdder();

    RecordingWriter(
            RecordingConfig config,
            Disk disk,
            IndexTeller index,
            String id,
            UUID broadcast,
            String stream,
            String folder) {
        this.config = config;
        this.disk = disk;
        this.index = index;
        this.id = id;
        this.broadcast = broadcast;
        this.stream = stream;
        this.folder = folder;
    }

    /** Goes on with what an earlier process left, before anything was written here. */
    void goOn(Recording before) {
        folder = before.folder();
        tracks.addAll(before.tracks());
        formats.addAll(before.tracks());
        closed.addAll(before.spans());
        gaps.addAll(before.gaps());
        startedAt = before.startedAt();
        told = true;
        for (RecordedSpan span : before.spans()) {
            nextOrdinal.merge(span.track(), span.ordinal() + 1, Math::max);
            List<RecordedSegment> segments = span.segments().segments();
            if (!segments.isEmpty()) {
                timeline.ended(span.endMillis(), segments.getLast());
            }
        }
        timeline.interrupt(RecordingGap.Cause.PROCESS);
        publish();
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

    /** Grows when it is suspended and when it goes on, from any thread: whoever hands on parts begins another stretch then. */
    int turns() {
        return turns.get();
    }

    /** Bytes since the start of this process, from any thread. */
    long bytesWritten() {
        return bytesWritten.sum();
    }

    // ---- parts and segments -----------------------------------------------------------------------------------

    /**
     * Writes a part.
     *
     * @param track whose format is numbered here
     * @param content borrowed
     */
    void part(RecordedTrack track, PartFacts part, ByteBuf content) {
        if (!timeline.takes(part) || suspended != null || over) {
            return;
        }
        try {
            Open current = open.get(track.name());
            if (part.first()) {
                current = span(formats.numbered(track), part, content, current);
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
        boolean follows = current != null && current.stretch == part.stretch();
        boolean anyBefore =
                timeline.breaks(part) ? timeline.endMillis() > 0 : anyBefore(format.name()) || timeline.hasEarlier();
        SpanHead head = new SpanHead(
                format,
                freeOrdinal(format.name()),
                !follows && anyBefore,
                timeline.start(part, baseMillis),
                baseDecodeTime,
                part.sequence(),
                part.time().toEpochMilli());
        Path path = place(format.name(), head.ordinal());
        Open fresh = new Open(
                SpanFile.create(disk, path, head, config.sync() != RecordingConfig.Sync.NONE), path, part.stretch());
        timeline.begun(part, baseMillis);
        if (startedAt == null) {
            startedAt = part.time();
        }
        if (!tracks.contains(format)) {
            tracks.add(format);
            if (told) {
                index.track(id, format);
            }
        }
        open.put(format.name(), fresh);
        return fresh;
    }

    /** Above those of this recording, and of a process that was killed before anybody had heard of what it wrote. */
    private int freeOrdinal(String track) {
        int ordinal = nextOrdinal.getOrDefault(track, 0);
        for (Path span = place(track, ordinal); SpanFile.anyOf(span); span = place(track, ordinal)) {
            ordinal++;
        }
        nextOrdinal.put(track, ordinal + 1);
        return ordinal;
    }

    private Path place(String track, int ordinal) {
        return config.directory().resolve(Recording.object(folder, track, ordinal));
    }

    private boolean anyBefore(String track) {
        return nextOrdinal.getOrDefault(track, 0) > 0;
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
            timeline.ended(span.endMillis(), segment).ifPresent(this::gap);
            if (told && current.file.size() == 1) {
                index.span(id, span, () -> {});
            }
            publish();
            tellIfLongEnough();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void gap(RecordingGap gap) {
        gaps.add(gap);
        if (told) {
            index.gap(id, gap);
        }
    }

    private void tellIfLongEnough() {
        if (told || timeline.endMillis() < LEAST_MILLIS) {
            return;
        }
        told = true;
        index.begun(recording().head());
        tracks.forEach(each -> index.track(id, each));
        gaps.forEach(each -> index.gap(id, each));
        closed.forEach(this::tellClosed);
        open.values().stream()
                .filter(each -> each.file.size() > 0) // others are told with their first segment
                .forEach(each -> index.span(id, each.file.span(false), () -> {}));
        publish();
    }

    private void tellClosed(RecordedSpan span) {
        Path path = place(span.track(), span.ordinal());
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
        timeline.interrupt(cause);
        closeAll();
        publish();
    }

    /** Stops writing until {@link #resume}. */
    void suspend(RecordingGap.Cause cause) {
        suspended = cause;
        turns.incrementAndGet();
        interrupt(cause);
    }

    void resume() {
        timeline.skip();
        turns.incrementAndGet();
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
                    Path path = place(each.track(), each.ordinal());
                    Files.deleteIfExists(path);
                    SpanFile.forgetJournal(path);
                } catch (IOException e) {
                    LOG.debug("A slip of a recording stays", e);
                }
            });
            return false;
        }
        Recording last = recording();
        Instant end = timeline.endedAt().orElse(last.startedAt());
        snapshot = Optional.of(ended ? last.ended(end) : last);
        if (ended) {
            index.ended(id, end, heard);
        }
        return true;
    }
}
