// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import live.millrace.media.container.mp4.FragmentReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a range of a recording into a recording of its own: whole segments, as they are, in closed spans that begin anew. A span of which
 * all is wanted is not copied but linked, where the disk can. What it answers is
 * on the disk; what it wrote before it failed is removed. Blocks for the disk. Thread-safe, as long as nobody else writes to the same
 * folder.
 */
public final class RangeCopy {
    private static final Logger LOG = LoggerFactory.getLogger(RangeCopy.class);

    private static final int TICKS_PER_MILLI = 90;
    private static final long TICKS_PER_SECOND = 90_000;

    /** What is asked of an archive at a time. */
    private static final int PIECE = 4 << 20;

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Path directory;
    private final Optional<SpanArchive> archive;

    /** @param directory of the store that both recordings are in */
    public RangeCopy(Path directory) {
        this.directory = directory;
        this.archive = Optional.empty();
    }

    /**
     * One that reads from an archive what the disk has no more.
     *
     * @param directory of the store that both recordings are in
     */
    public RangeCopy(Path directory, SpanArchive archive) {
        this.directory = directory;
        this.archive = Optional.of(archive);
    }

    /** Segments of one span that are next to each other, where in media time the first begins, and how many ticks of the span lie before it. */
    private record Piece(RecordedSpan span, List<RecordedSegment> segments, long startMillis, long ticksBefore) {
        RecordedSegment first() {
            return segments.getFirst();
        }

        long end() {
            return segments.getLast().offset() + segments.getLast().bytes();
        }

        /** Nothing of the span is left out. */
        boolean whole(int head) {
            return first().offset() == head
                    && segments.size() == span.segments().size()
                    && end() == span.bytes();
        }
    }

    /**
     * What a copy would take at most.
     *
     * @return bytes
     */
    public static long bytes(Recording source, long startMillis, long endMillis) {
        return pieces(source, startMillis, endMillis).stream()
                .mapToLong(piece -> piece.end()
                        - piece.first().offset()
                        + track(source, piece.span()).map(RangeCopy::headBytes).orElse(0))
                .sum();
    }

    private static int headBytes(RecordedTrack track) {
        return track.initialization().readableBytes();
    }

    /**
     * Copies what {@link SegmentRange#between} names of a recording that is not written to any more there.
     *
     * @param startMillis in media time of the source; negative for its beginning
     * @param endMillis likewise; negative for its end
     * @param id of the copy, {@link RecordingId}
     * @param folder of the store that the copy has for itself
     * @return the copy, as an index has to know it
     * @throws NoSuchFileException when bytes of the range are gone, or there never were any
     * @throws IOException when the disk is full, or fails
     */
    public Recording copy(Recording source, long startMillis, long endMillis, String id, String folder)
            throws IOException {
        return copy(source, startMillis, endMillis, id, folder, Map.of());
    }

    /**
     * The same with names that follow on others.
     *
     * @param firstOrdinals by track, what its first span is numbered; 0 where nothing is said
     */
    public Recording copy(
            Recording source,
            long startMillis,
            long endMillis,
            String id,
            String folder,
            Map<String, Integer> firstOrdinals)
            throws IOException {
        List<Piece> pieces = pieces(source, startMillis, endMillis);
        String leading = SegmentRange.leading(source).orElse("");
        List<Piece> leaders = pieces.stream()
                .filter(piece -> piece.span().track().equals(leading))
                .toList();
        if (leaders.isEmpty()) {
            throw new NoSuchFileException(source.folder(), null, "nothing was recorded in the range");
        }
        long base = leaders.getFirst().startMillis();
        List<RecordedTrack> tracks = new ArrayList<>();
        List<RecordedSpan> spans = new ArrayList<>();
        Map<String, Integer> ordinals = new HashMap<>(firstOrdinals);
        List<String> objects = new ArrayList<>();
        Path into = directory.resolve(folder);
        Files.createDirectories(into);
        try {
            for (Piece piece : pieces) {
                RecordedTrack track = track(source, piece.span())
                        .orElseThrow(() ->
                                new NoSuchFileException(source.folder(), null, "the format of a span is unknown"));
                int ordinal = ordinals.getOrDefault(track.name(), 0);
                ordinals.put(track.name(), ordinal + 1);
                objects.add(Recording.object(folder, track.name(), ordinal));
                boolean first = spans.stream().noneMatch(span -> span.track().equals(track.name()));
                spans.add(copy(source, piece, track, directory.resolve(objects.getLast()), ordinal, first, base));
                if (!tracks.contains(track)) {
                    tracks.add(track);
                }
            }
            forceFolder(into);
            forceFolder(month(into));
        } catch (IOException | RuntimeException e) {
            remove(id, folder, objects);
            throw e;
        }
        RecordedSegment last = leaders.getLast().segments().getLast();
        Instant startedAt = leaders.getFirst().first().programDateTime();
        Instant endedAt = last.programDateTime().plusMillis(last.duration() / TICKS_PER_MILLI);
        long length = spans.stream().mapToLong(RecordedSpan::endMillis).max().orElse(0);
        return new Recording(
                id,
                folder,
                source.broadcast(),
                source.stream(),
                startedAt,
                Optional.of(endedAt),
                tracks,
                spans,
                source.gaps().stream()
                        .filter(gap -> gap.atMillis() > base && gap.atMillis() < base + length)
                        .map(gap -> new RecordingGap(gap.atMillis() - base, gap.lostMillis(), gap.cause()))
                        .toList());
    }

    /**
     * Where in the source a copy of a range begins.
     *
     * @return media time of the source; empty when there is nothing in the range
     */
    public static OptionalLong begins(Recording source, long startMillis, long endMillis) {
        String leading = SegmentRange.leading(source).orElse("");
        return pieces(source, startMillis, endMillis).stream()
                .filter(piece -> piece.span().track().equals(leading))
                .mapToLong(Piece::startMillis)
                .findFirst();
    }

    // ---- what is in the range ---------------------------------------------------------------------------------

    /** By track, in order. */
    private static List<Piece> pieces(Recording source, long startMillis, long endMillis) {
        SegmentRange range = SegmentRange.between(source, startMillis, endMillis);
        List<Piece> pieces = new ArrayList<>();
        for (String track : source.spans().stream()
                .map(RecordedSpan::track)
                .distinct()
                .sorted()
                .toList()) {
            for (RecordedSpan span : source.spans(track)) {
                boolean outside = span.segments().size() == 0
                        || span.segments().lastSequence() < range.from()
                        || span.segments().firstSequence() >= range.to();
                if (!outside) {
                    piece(span, range).ifPresent(pieces::add);
                }
            }
        }
        return pieces;
    }

    private static Optional<Piece> piece(RecordedSpan span, SegmentRange range) {
        List<RecordedSegment> wanted = new ArrayList<>();
        long before = 0;
        for (RecordedSegment segment : span.segments().segments()) {
            if (range.has(segment.sequence())) {
                wanted.add(segment);
            } else if (wanted.isEmpty()) {
                before += segment.duration();
            }
        }
        return wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Piece(span, wanted, span.startMillis() + before / TICKS_PER_MILLI, before));
    }

    private static Optional<RecordedTrack> track(Recording source, RecordedSpan span) {
        return source.tracks().stream()
                .filter(track -> track.name().equals(span.track()) && track.format() == span.format())
                .findFirst();
    }

    // ---- bytes ------------------------------------------------------------------------------------------------

    private RecordedSpan copy(
            Recording source, Piece piece, RecordedTrack track, Path to, int ordinal, boolean first, long base)
            throws IOException {
        RecordedSpan span = piece.span();
        int head = headBytes(track);
        Path of = directory.resolve(source.object(span));
        long baseDecodeTime =
                piece.whole(head) && link(of, to) ? span.baseDecodeTime() : copy(source, piece, track, of, to);
        long moved = head - piece.first().offset();
        return new RecordedSpan(
                track.name(),
                ordinal,
                track.format(),
                !first && span.discontinuity(),
                Math.max(0, piece.startMillis() - base),
                baseDecodeTime,
                piece.end() + moved,
                SegmentTable.of(piece.segments().stream()
                        .map(segment -> new RecordedSegment(
                                segment.sequence(),
                                segment.offset() + moved,
                                segment.bytes(),
                                segment.duration(),
                                segment.independent(),
                                segment.programDateTime()))
                        .toList()),
                true);
    }

    /** Another name for the same bytes: nothing is written. False where the disk has no such thing, or has too many already. */
    private static boolean link(Path of, Path to) throws IOException {
        try {
            Files.createLink(to, of);
            return true;
        } catch (UnsupportedOperationException | FileSystemException copied) {
            LOG.debug("{} is copied", of, copied);
            return false;
        }
    }

    /** Answers the decode time of its first access unit. */
    private long copy(Recording source, Piece piece, RecordedTrack track, Path of, Path to) throws IOException {
        long start = piece.first().offset();
        try (FileChannel into = FileChannel.open(
                to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            write(track.initialization().nioBuffer(), into);
            if (Files.exists(of) || archive.isEmpty()) {
                try (FileChannel from = FileChannel.open(of, StandardOpenOption.READ)) {
                    transfer(source, from, start, piece.end(), into);
                }
            } else {
                fetch(archive.get(), source.object(piece.span()), start, piece.end(), into);
            }
            into.force(true);
            return SpanRepair.fragment(into, headBytes(track))
                    .map(FragmentReader.Fragment::baseDecodeTime)
                    .orElse(piece.span().baseDecodeTime() + piece.ticksBefore() * track.timescale() / TICKS_PER_SECOND);
        }
    }

    private static void fetch(SpanArchive archive, String object, long start, long end, FileChannel into)
            throws IOException {
        for (long at = start; at < end; at += PIECE) {
            int length = (int) Math.min(PIECE, end - at);
            write(ByteBuffer.wrap(archive.read(object, at, length, DEADLINE)), into);
        }
    }

    private static void write(ByteBuffer bytes, FileChannel into) throws IOException {
        while (bytes.hasRemaining()) {
            into.write(bytes);
        }
    }

    private static void transfer(Recording source, FileChannel from, long start, long end, FileChannel to)
            throws IOException {
        long at = start;
        while (at < end) {
            long moved = from.transferTo(at, end - at, to);
            if (moved <= 0) {
                throw new NoSuchFileException(source.folder(), null, "a span is shorter than it was");
            }
            at += moved;
        }
    }

    /** The folder of its month, or whatever it is in. */
    private static Path month(Path folder) {
        Path parent = folder.toAbsolutePath().getParent();
        return parent == null ? folder : parent;
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    // ---- taken back -------------------------------------------------------------------------------------------

    /** Removes a copy that nobody will know of. */
    public void remove(Recording copy) {
        remove(copy.id(), copy.folder(), copy.spans().stream().map(copy::object).toList());
    }

    private void remove(String id, String folder, List<String> objects) {
        try {
            for (String object : objects) {
                Files.deleteIfExists(directory.resolve(object));
            }
            Files.deleteIfExists(directory.resolve(folder));
        } catch (DirectoryNotEmptyException others) {
            LOG.warn("{} holds more than the copy {} that failed", folder, id);
        } catch (IOException e) {
            LOG.warn("What was copied for {} cannot be removed: {}", id, e.toString());
        }
    }
}
