// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import live.millrace.media.container.mp4.FragmentReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the spans that a process left open: what their journals say, and whole fragments behind that, is kept; the rest is cut off. Blocks
 * for the disk.
 */
final class SpanRepair {
    private static final Logger LOG = LoggerFactory.getLogger(SpanRepair.class);
    private static final String MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9]";
    private static final int MAX_JOURNAL = 8 << 20;
    private static final int BOX_HEADER = 8;
    private static final int MOOF = 0x6D6F_6F66;
    private static final int MAX_HEAD = 1 << 20;
    private static final int TICKS_PER_SECOND = 90_000;
    private static final int TICKS_PER_MILLI = 90;

    /** Each waits for the disk most of the time, which takes what several force to it at once. */
    private static final int THREADS = 8;

    private static final long SOUND_TICKS = 2L * TICKS_PER_SECOND;

    private final Path directory;

    SpanRepair(Path directory) {
        this.directory = directory;
    }

    /**
     * What a recording consists of after all its spans were closed.
     *
     * @param recording as the index knows it
     * @param mended spans that the index does not know in this form
     */
    record Result(
            Recording recording, List<RecordedTrack> tracks, List<RecordedSpan> mended, List<RecordingGap> gaps) {}

    /** Mends recordings, several at a time; one that cannot be is left as it is. */
    List<Result> repair(List<Recording> left) throws IOException {
        if (left.isEmpty()) {
            return List.of();
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(left.size(), THREADS),
                Thread.ofPlatform().name("recording-repair-", 0).daemon().factory())) {
            List<Future<Result>> going = left.stream()
                    .map(each -> threads.submit(() -> repair(each)))
                    .toList();
            List<Result> results = new ArrayList<>();
            for (int i = 0; i < going.size(); i++) {
                try {
                    results.add(going.get(i).get());
                } catch (ExecutionException e) {
                    LOG.warn("The recording {} cannot be mended", left.get(i).id(), e.getCause());
                }
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("mending was interrupted", e);
        }
    }

    /**
     * What a process wrote of a recording that was killed before the index had heard of it; empty when nothing of it is whole.
     *
     * @param stream that it is of
     */
    Optional<Result> unheard(String id, UUID broadcast, String stream) throws IOException {
        try (DirectoryStream<Path> months = Files.newDirectoryStream(directory, MONTHS)) {
            for (Path month : months) {
                Recording unknown = new Recording(
                        id,
                        month.getFileName() + "/" + id,
                        broadcast,
                        stream,
                        Instant.MAX,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of());
                Result found = repair(unknown);
                if (!found.mended().isEmpty()) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }

    private Result repair(Recording known) throws IOException {
        Map<String, RecordedSpan> spans = new TreeMap<>();
        known.spans().forEach(each -> spans.put(known.object(each), each));
        List<RecordedTrack> tracks = new ArrayList<>();
        List<RecordedSpan> mended = new ArrayList<>();
        List<RecordingGap> gaps = new ArrayList<>();
        for (Path journal : journals(directory.resolve(known.folder()))) {
            Optional<Mended> span = mend(journal);
            if (span.isEmpty()) {
                LOG.info("{} says nothing; what the index knows is kept", journal);
                if (!spans.containsKey(known.folder() + "/" + spanOf(journal).getFileName())) {
                    removeEmpty(journal);
                }
                continue;
            }
            RecordedTrack track = span.get().track();
            spans.put(known.object(span.get().span()), span.get().span());
            mended.add(span.get().span());
            if (!known.tracks().contains(track) && !tracks.contains(track)) {
                tracks.add(track);
            }
        }
        for (RecordedSpan each : known.spans()) {
            String name = known.object(each);
            boolean there = each.copies() != RecordedSpan.Copies.DISK || Files.exists(directory.resolve(name));
            if (there && !each.closed() && !mended(mended, each)) {
                Optional<RecordedTrack> track = known.tracks().stream()
                        .filter(one -> one.name().equals(each.track()) && one.format() == each.format())
                        .findFirst();
                Optional<Mended> span = track.isEmpty() || each.segments().size() == 0
                        ? Optional.empty()
                        : mend(directory.resolve(name), each, track.get());
                there = span.isPresent();
                span.ifPresent(whole -> {
                    spans.put(name, whole.span());
                    mended.add(whole.span());
                });
            }
            if (!there) {
                spans.remove(name);
                if (gaps.stream().noneMatch(gap -> gap.atMillis() == each.startMillis())) {
                    gaps.add(new RecordingGap(each.startMillis(), each.durationMillis(), RecordingGap.Cause.DAMAGED));
                }
            }
        }
        List<RecordedTrack> allTracks = new ArrayList<>(known.tracks());
        allTracks.addAll(tracks);
        List<RecordingGap> allGaps = new ArrayList<>(known.gaps());
        allGaps.addAll(gaps);
        Recording whole = new Recording(
                known.id(),
                known.folder(),
                known.broadcast(),
                known.stream(),
                begin(known, spans.values()),
                Optional.empty(),
                allTracks,
                List.copyOf(spans.values()),
                allGaps);
        return new Result(whole, tracks, mended, gaps);
    }

    private static Instant begin(Recording known, Collection<RecordedSpan> spans) {
        return spans.stream()
                .filter(span ->
                        known.startedAt().equals(Instant.MAX) && span.segments().size() > 0)
                .map(span -> span.segments().segments().getFirst().programDateTime())
                .min(Instant::compareTo)
                .orElse(known.startedAt());
    }

    private static boolean mended(List<RecordedSpan> mended, RecordedSpan span) {
        return mended.stream().anyMatch(each -> each.track().equals(span.track()) && each.ordinal() == span.ordinal());
    }

    private static List<Path> journals(Path folder) throws IOException {
        List<Path> journals = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.idx")) {
            found.forEach(journals::add);
        } catch (NoSuchFileException nothing) {
            return List.of();
        }
        journals.sort(null);
        return journals;
    }

    private static Path spanOf(Path journal) {
        String name = journal.getFileName().toString();
        return journal.resolveSibling(name.substring(0, name.length() - ".idx".length()) + ".mp4");
    }

    /** What was begun the moment before the kill and has no fragment is nothing; what has one stays for the sweep. */
    private static void removeEmpty(Path journal) throws IOException {
        Path path = spanOf(journal);
        if (!Files.exists(path) || hasNoFragment(path)) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(journal);
        }
    }

    private static boolean hasNoFragment(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long at = 0;
            while (at + BOX_HEADER <= file.size()) {
                ByteBuf header = bytes(file, at, BOX_HEADER);
                long length = header.getUnsignedInt(0);
                if (length < BOX_HEADER || header.getInt(4) == MOOF) {
                    return false;
                }
                at += length;
            }
            return true;
        }
    }

    private record Mended(RecordedTrack track, RecordedSpan span) {}

    private static Optional<Mended> mend(Path journal) throws IOException {
        Path path = spanOf(journal);
        Optional<SpanJournal.Read> read =
                Files.size(journal) > MAX_JOURNAL ? Optional.empty() : SpanJournal.read(Files.readAllBytes(journal));
        if (read.isEmpty() || !Files.exists(path)) {
            return Optional.empty();
        }
        return mend(path, read.get().head(), read.get().segments());
    }

    /** What the index knows of a span whose journal is lost. */
    private static Optional<Mended> mend(Path path, RecordedSpan span, RecordedTrack track) throws IOException {
        List<RecordedSegment> segments = span.segments().segments();
        SpanHead head = new SpanHead(
                track,
                span.ordinal(),
                span.discontinuity(),
                span.startMillis(),
                span.baseDecodeTime(),
                segments.getFirst().sequence(),
                segments.getFirst().programDateTime().toEpochMilli());
        return mend(path, head, segments);
    }

    private static Optional<Mended> mend(Path path, SpanHead said, List<RecordedSegment> known) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (file.size() < said.bytes()) {
                return Optional.empty();
            }
            RecordedTrack track = with(said.track(), bytes(file, 0, said.bytes()));
            SpanHead head = new SpanHead(
                    track,
                    said.ordinal(),
                    said.discontinuity(),
                    said.startMillis(),
                    said.baseDecodeTime(),
                    said.firstSequence(),
                    said.startedAt());
            List<RecordedSegment> segments = new ArrayList<>();
            for (RecordedSegment each : known) {
                if (each.offset() + each.bytes() <= file.size()) {
                    segments.add(each);
                }
            }
            addUnknown(file, head, segments);
            RecordedSpan span = head.span(SegmentTable.of(segments), true);
            file.truncate(span.bytes());
            file.force(true);
            return segments.isEmpty() ? Optional.empty() : Optional.of(new Mended(track, span));
        }
    }

    private static RecordedTrack with(RecordedTrack track, ByteBuf initialization) {
        return new RecordedTrack(
                track.name(),
                track.format(),
                track.codec(),
                track.timescale(),
                track.width(),
                track.height(),
                initialization.asReadOnly());
    }

    /**
     * The whole fragments behind the last segment that is known. Where one ended nobody says: pictures are cut before each random access
     * point, sound after two seconds.
     */
    private static void addUnknown(FileChannel file, SpanHead head, List<RecordedSegment> segments) throws IOException {
        boolean picture = head.track().isVideo();
        long start = segments.isEmpty()
                ? head.bytes()
                : segments.getLast().offset() + segments.getLast().bytes();
        long at = start;
        long ticks = 0;
        boolean independent = false;
        for (Optional<FragmentReader.Fragment> next = fragment(file, at);
                next.isPresent() && at + next.get().length() <= file.size();
                next = fragment(file, at)) {
            FragmentReader.Fragment fragment = next.get();
            boolean sync = fragment.samples().getFirst().sync();
            if (at > start && sync && (picture || ticks >= SOUND_TICKS)) {
                segments.add(following(head, segments, start, at, ticks, independent));
                start = at;
                ticks = 0;
            }
            independent = at == start ? sync : independent;
            ticks += fragment.duration() * TICKS_PER_SECOND / head.track().timescale();
            at += fragment.length();
        }
        if (at > start) {
            segments.add(following(head, segments, start, at, ticks, independent));
        }
    }

    private static RecordedSegment following(
            SpanHead head, List<RecordedSegment> segments, long start, long end, long ticks, boolean independent) {
        RecordedSegment last = segments.isEmpty() ? null : segments.getLast();
        return new RecordedSegment(
                last == null ? head.firstSequence() : last.sequence() + 1,
                start,
                Math.toIntExact(end - start),
                Math.max(1, ticks),
                independent,
                last == null
                        ? Instant.ofEpochMilli(head.startedAt())
                        : last.programDateTime().plusMillis(last.duration() / TICKS_PER_MILLI));
    }

    /** The fragment at a place; empty when there is none. */
    static Optional<FragmentReader.Fragment> fragment(FileChannel file, long at) throws IOException {
        if (file.size() - at < 16) {
            return Optional.empty();
        }
        int length = FragmentReader.headLength(bytes(file, at, 8));
        return length == 0 || length > MAX_HEAD || file.size() - at < length
                ? Optional.empty()
                : FragmentReader.read(bytes(file, at, length));
    }

    private static ByteBuf bytes(FileChannel file, long at, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (file.read(into, at + into.position()) < 0) {
                throw new IOException("a span became shorter");
            }
        }
        return Unpooled.wrappedBuffer(into.flip());
    }
}
