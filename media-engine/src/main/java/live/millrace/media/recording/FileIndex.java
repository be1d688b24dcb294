// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An index for an engine without a site: a text file for each recording, to which a line is added for each thing that is told, closed by its
 * CRC-32C as in {@link SpanJournal}. Of a line that a crash cut off nothing counts; it was not heard. Files of what was not ended are in a
 * folder of their own, so that a start reads nothing else. Thread-safe; every method blocks for the disk.
 */
public final class FileIndex implements RecordingIndex {
    private static final Logger LOG = LoggerFactory.getLogger(FileIndex.class);

    /** A week of two tracks has not a tenth of it. */
    private static final int MAX_FILE = 64 << 20;

    private static final String UNFINISHED = "unfinished";

    private final Path finished;
    private final Path unfinished;
    private final Predicate<String> byTicket;
    private final Consumer<Recording> onEnded;

    /** Where the last whole line of a file ends, once it is known. */
    private final Map<String, Long> ends = new HashMap<>();

    /** An index of recordings that are for everybody. */
    public FileIndex(Path folder, Consumer<Recording> onEnded) {
        this(folder, _ -> false, onEnded);
    }

    /**
     * An index in a folder, which is made when there is none.
     *
     * @param byTicket tells of a stream, application and name with a slash between them, whether its recordings are for those with a ticket
     *     alone
     * @param onEnded hears once of each recording that ended, on the thread that told it
     * @throws IllegalArgumentException when the folder cannot be had
     */
    public FileIndex(Path folder, Predicate<String> byTicket, Consumer<Recording> onEnded) {
        this.finished = folder;
        this.byTicket = byTicket;
        this.unfinished = folder.resolve(UNFINISHED);
        this.onEnded = onEnded;
        try {
            Files.createDirectories(unfinished);
        } catch (IOException e) {
            throw new IllegalArgumentException("the index of recordings cannot be written to " + folder, e);
        }
    }

    // ---- what is told -----------------------------------------------------------------------------------------

    @Override
    public void begun(Recording recording) throws IOException {
        append(
                recording.id(),
                "recording " + recording.id() + ' ' + word(recording.folder()) + ' ' + recording.broadcast() + ' '
                        + word(recording.stream()) + ' ' + recording.startedAt().toEpochMilli());
    }

    @Override
    public void track(String recording, RecordedTrack track) throws IOException {
        append(
                recording,
                "track " + track.name() + ' ' + track.format() + ' ' + word(track.codec()) + ' ' + track.timescale()
                        + ' ' + track.width() + ' ' + track.height() + ' '
                        + base64(ByteBufUtil.getBytes(track.initialization())));
    }

    @Override
    public void span(String recording, RecordedSpan span) throws IOException {
        append(
                recording,
                "span " + span.track() + ' ' + span.ordinal() + ' ' + span.format() + ' '
                        + (span.discontinuity() ? 1 : 0) + ' ' + span.startMillis() + ' ' + span.baseDecodeTime() + ' '
                        + span.bytes() + ' ' + (span.closed() ? 1 : 0) + ' '
                        + base64(span.segments().packed()));
    }

    @Override
    public void gap(String recording, RecordingGap gap) throws IOException {
        append(recording, "gap " + gap.atMillis() + ' ' + gap.lostMillis() + ' ' + gap.cause());
    }

    @Override
    public void ended(String recording, Instant at) throws IOException {
        synchronized (this) {
            if (Files.exists(finished.resolve(checked(recording)))) {
                return;
            }
            append(recording, "ended " + at.toEpochMilli());
            finish(recording);
        }
        find(recording).ifPresent(onEnded);
    }

    private void finish(String recording) throws IOException {
        Files.move(unfinished.resolve(recording), finished.resolve(recording), StandardCopyOption.ATOMIC_MOVE);
        ends.remove(recording);
    }

    private synchronized void append(String recording, String text) throws IOException {
        Path done = finished.resolve(checked(recording));
        Path path = Files.exists(done) ? done : unfinished.resolve(recording);
        ByteBuffer line = ByteBuffer.wrap(SpanJournal.line(text));
        Long known = ends.remove(recording);
        long end = known == null ? wholeLines(path) : known;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.truncate(end); // of a line that was not whole
            file.position(end);
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(false);
        }
        ends.put(recording, end + line.limit());
    }

    private static long wholeLines(Path path) throws IOException {
        return Files.exists(path)
                ? SpanJournal.lines(bytes(path), Integer.MAX_VALUE).length()
                : 0;
    }

    // ---- what is asked ----------------------------------------------------------------------------------------

    @Override
    public synchronized Optional<Recording> find(String recording) throws IOException {
        if (!RecordingId.isValid(recording)) {
            return Optional.empty();
        }
        try {
            Path done = finished.resolve(recording);
            return parse(bytes(Files.exists(done) ? done : unfinished.resolve(recording)))
                    .map(each -> byTicket.test(each.stream()) ? each.with(Recording.Access.TICKET) : each);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized List<Recording> unfinished() throws IOException {
        List<Recording> left = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(unfinished)) {
            for (Path each : files) {
                String name = each.getFileName().toString();
                Optional<Recording> found = RecordingId.isValid(name) ? parse(bytes(each)) : Optional.empty();
                if (found.isEmpty() || !found.get().id().equals(name)) {
                    LOG.warn("{} says nothing of a recording", each);
                } else if (found.get().endedAt().isPresent()) {
                    finish(name);
                } else {
                    left.add(found.get());
                }
            }
        }
        return left;
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is too long for an index of a recording");
        }
        return Files.readAllBytes(file);
    }

    /** Reads a file as far as its lines are whole and can be; empty when its first does not say what it is of. */
    static Optional<Recording> parse(byte[] file) {
        Reading reading = new Reading();
        for (String line : SpanJournal.lines(file, Integer.MAX_VALUE).texts()) {
            try {
                reading.line(line.split(" ", -1));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                LOG.debug("A line of an index cannot be", e);
                break;
            }
        }
        return reading.recording();
    }

    /** What lines say together; of a span, the last one. */
    private static final class Reading {
        private @Nullable Recording head;
        private @Nullable Instant end;
        private final Map<String, RecordedTrack> tracks = new LinkedHashMap<>();
        private final Map<String, RecordedSpan> spans = new LinkedHashMap<>();
        private final List<RecordingGap> gaps = new ArrayList<>();

        private void line(String[] words) {
            switch (words[0]) {
                case "recording" -> head(words);
                case "track" -> {
                    byte[] section = Base64.getDecoder().decode(words[7]);
                    tracks.put(
                            words[1] + ' ' + words[2],
                            new RecordedTrack(
                                    words[1],
                                    Integer.parseInt(words[2]),
                                    plain(words[3]),
                                    Integer.parseInt(words[4]),
                                    Integer.parseInt(words[5]),
                                    Integer.parseInt(words[6]),
                                    Unpooled.wrappedBuffer(section).asReadOnly()));
                }
                case "span" ->
                    spans.put(
                            words[1] + ' ' + words[2],
                            new RecordedSpan(
                                    words[1],
                                    Integer.parseInt(words[2]),
                                    Integer.parseInt(words[3]),
                                    words[4].equals("1"),
                                    Long.parseLong(words[5]),
                                    Long.parseLong(words[6]),
                                    Long.parseLong(words[7]),
                                    SegmentTable.unpack(Base64.getDecoder().decode(words[9])),
                                    words[8].equals("1")));
                case "gap" -> {
                    RecordingGap gap = new RecordingGap(
                            Long.parseLong(words[1]), Long.parseLong(words[2]), RecordingGap.Cause.valueOf(words[3]));
                    gaps.remove(gap); // told twice
                    gaps.add(gap);
                }
                case "ended" -> end = Instant.ofEpochMilli(Long.parseLong(words[1]));
                default -> throw new IllegalArgumentException("no line of an index");
            }
        }

        private void head(String[] words) {
            String folder = plain(words[2]);
            if (!RecordingId.isValid(words[1]) || !folder.matches("[0-9]{4}-[0-9]{2}/" + words[1])) {
                throw new IllegalArgumentException("no recording of ours");
            }
            head = new Recording(
                    words[1],
                    folder,
                    UUID.fromString(words[3]),
                    plain(words[4]),
                    Instant.ofEpochMilli(Long.parseLong(words[5])),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of());
        }

        private Optional<Recording> recording() {
            Recording of = head;
            return of == null
                    ? Optional.empty()
                    : Optional.of(new Recording(
                            of.id(),
                            of.folder(),
                            of.broadcast(),
                            of.stream(),
                            of.startedAt(),
                            Optional.ofNullable(end),
                            List.copyOf(tracks.values()),
                            List.copyOf(spans.values()),
                            gaps));
        }
    }

    private static String checked(String recording) throws IOException {
        if (!RecordingId.isValid(recording)) {
            throw new IOException("no name of a recording");
        }
        return recording;
    }

    private static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String plain(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
