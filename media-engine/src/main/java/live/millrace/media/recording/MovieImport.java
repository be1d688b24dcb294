// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.segment.Part;
import live.millrace.media.segment.SegmentListener;
import live.millrace.media.segment.SegmentedTrack;
import live.millrace.media.segment.Segmenter;
import live.millrace.media.segment.SegmenterConfig;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a recording of an MP4 file: its samples go through the segmenter that cuts what is live, and into spans like those of a
 * broadcast. The index hears of it when all of it is there, from whoever asked for it.
 *
 * <p>All methods block for the disk; memory is that of the file's sample tables and of one segment. Thread-safe; a folder is written by one
 * at a time.
 */
public final class MovieImport {
    private static final Logger LOG = LoggerFactory.getLogger(MovieImport.class);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    /** A segment is cut at this size, key frame or not. */
    private static final int MAX_SEGMENT = 32 << 20;

    /** Fewer fragments than live, where a part is waited for. */
    private static final SegmenterConfig CUT = new SegmenterConfig(Duration.ofSeconds(1), MAX_SEGMENT);

    /** Bytes between two looks at how much is free. */
    private static final long LOOK = 64 << 20;

    private final RecordingConfig config;
    private final Disk disk;
    private final RecordingIndex index;

    /** @param index is told nothing by what is written, but by {@link #tell} */
    MovieImport(RecordingConfig config, Disk disk, RecordingIndex index) {
        this.config = config;
        this.disk = disk;
        this.index = index;
    }

    /**
     * What a file becomes.
     *
     * @param id its public name, {@link RecordingId}
     * @param broadcast a name that no broadcast has
     * @param stream what the channel is watched as: application and name with a slash between them
     * @param startedAt the wall clock at its first access unit
     */
    public record Target(String id, UUID broadcast, String stream, Instant startedAt) {
        /** Where its spans are in the store. */
        public String folder() {
            return MONTH.format(startedAt) + "/" + id;
        }
    }

    /** Hears how far it is. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called now and then, on the thread that works.
         *
         * @param share of the whole, 0 to 1
         * @return whether it is still wanted
         */
        boolean goOn(double share);
    }

    /**
     * Writes a recording. What it wrote is removed when it fails.
     *
     * @return all that there is to tell of it
     * @throws MovieRefusedException if the file is not taken
     * @throws CancellationException if it is no longer wanted
     * @throws IOException if the file cannot be read, or there is no room
     */
    public Recording write(Path movie, Target target, Progress progress) throws IOException {
        boolean whole = false;
        try (FileChannel file = FileChannel.open(movie, StandardOpenOption.READ)) {
            Recording recording = write(file, MovieTracks.read(file), target, progress);
            whole = true;
            return recording;
        } finally {
            if (!whole) {
                remove(target.folder());
            }
        }
    }

    private Recording write(FileChannel file, MovieTracks movie, Target target, Progress progress) throws IOException {
        RecordingWriter writer = new RecordingWriter(
                config,
                disk,
                new IndexTeller(index), // not started: it tells nothing
                target.id(),
                target.broadcast(),
                target.stream(),
                target.folder());
        Written written = new Written(writer);
        Segmenter segmenter = new Segmenter(
                CUT,
                movie::targetSeconds,
                0,
                0,
                written,
                millis -> target.startedAt().plusMillis(millis),
                PooledByteBufAllocator.DEFAULT);
        boolean ended = false;
        try {
            feed(file, movie, segmenter, written, progress);
            segmenter.ended();
            written.check();
            ended = true;
        } finally {
            if (!ended) {
                segmenter.release();
                writer.end(false, () -> {});
            }
        }
        if (!writer.end(true, () -> {})) {
            throw new MovieRefusedException(MovieRefusedException.Reason.TOO_SHORT, "hardly anything can be decoded");
        }
        Recording recording = writer.snapshot().orElseThrow();
        for (RecordedSpan span : recording.spans()) {
            SpanFile.forgetJournal(config.directory().resolve(recording.object(span)));
        }
        return recording;
    }

    // ---- samples ----------------------------------------------------------------------------------------------

    /** A track, and its next sample. */
    private static final class Cursor {
        private final MovieTracks.Fed fed;
        private int next;

        /** Decode times grow, whatever the file says. */
        private long last = -1;

        Cursor(MovieTracks.Fed fed) {
            this.fed = fed;
        }

        boolean more() {
            return next < fed.movie().size();
        }

        long time() {
            return Math.max(last + 1, fed.decodeTime(next));
        }

        long millis() {
            return Timescale.convert(time(), fed.track().timescale(), Timescale.MILLIS);
        }

        /** Lends the next sample to whoever cuts. */
        int feed(FileChannel file, Segmenter to) throws IOException {
            int sample = next++;
            int bytes = fed.movie().bytes(sample);
            if (bytes == 0) {
                return 0;
            }
            long time = Math.max(last + 1, fed.decodeTime(sample));
            last = time;
            ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
            try {
                read(file, fed.movie().offset(sample), bytes, payload);
                to.frame(new MediaFrame(
                        fed.track(),
                        time,
                        Math.toIntExact(Math.max(0, fed.presentationTime(sample) - time)),
                        startsHere(fed, sample, payload),
                        payload));
            } finally {
                payload.release();
            }
            return bytes;
        }
    }

    private static void read(FileChannel file, long offset, int bytes, ByteBuf into) throws IOException {
        while (into.readableBytes() < bytes) {
            int before = into.readableBytes();
            if (into.writeBytes(file, offset + before, bytes - before) < 0) {
                throw new EOFException("the file became shorter");
            }
        }
    }

    private static boolean startsHere(MovieTracks.Fed fed, int sample, ByteBuf payload) {
        if (!(fed.track().format() instanceof TrackFormat.Video video)) {
            return true;
        }
        try {
            return fed.movie().sync(sample) && video.inspect(payload, true) == TrackFormat.Picture.RANDOM_ACCESS_POINT;
        } catch (MalformedMediaException broken) {
            return false;
        }
    }

    private void feed(FileChannel file, MovieTracks movie, Segmenter to, Written written, Progress progress)
            throws IOException {
        List<Cursor> cursors = new ArrayList<>();
        movie.fed().forEach(each -> cursors.add(new Cursor(each)));
        long all = Math.max(1, movie.bytes());
        long done = 0;
        long looked = -LOOK;
        to.tracks(movie.fed().stream().map(MovieTracks.Fed::track).toList());
        for (Cursor next = next(cursors); next != null; next = next(cursors)) {
            done += next.feed(file, to);
            written.check();
            if (written.anySegment()) {
                if (!progress.goOn((double) done / all)) {
                    throw new CancellationException("the import is no longer wanted");
                }
                if (done - looked >= LOOK) {
                    looked = done;
                    requireRoom();
                }
            }
        }
    }

    /** That which is decoded first; the picture of two. */
    private static @Nullable Cursor next(List<Cursor> cursors) {
        return cursors.stream()
                .filter(Cursor::more)
                .min(Comparator.comparingLong(Cursor::millis))
                .orElse(null);
    }

    private void requireRoom() throws IOException {
        if (disk.space(config.directory()).free() < config.stopFree()) {
            throw new IOException("the disk of the recordings is full");
        }
    }

    /** Hands what is cut to the writer, at once. */
    private static final class Written implements SegmentListener {
        private final RecordingWriter writer;
        private final List<RecordedTrack> tracks = new ArrayList<>();
        private boolean segment;

        /** Grows with each break; a track that is late for it comes behind it all the same. */
        private long stretch;

        Written(RecordingWriter writer) {
            this.writer = writer;
        }

        void check() throws IOException {
            if (writer.suspended() != null) {
                throw new IOException("the recording cannot be written");
            }
        }

        /** Whether there was one since the last time. */
        boolean anySegment() {
            boolean any = segment;
            segment = false;
            return any;
        }

        @Override
        public void tracks(List<SegmentedTrack> cut) {
            if (tracks.isEmpty()) {
                cut.forEach(each -> tracks.add(BroadcastRecording.recorded(each, 0)));
            }
        }

        @Override
        public void part(SegmentedTrack track, Part part) {
            stretch = Math.max(stretch, part.discontinuitySequence());
            try {
                RecordedTrack format = tracks.stream()
                        .filter(each -> each.name().equals(track.name()))
                        .findFirst()
                        .orElseThrow();
                writer.part(
                        format,
                        new PartFacts(part.index() == 0, stretch, part.mediaSequence(), part.segmentTime()),
                        part.content());
            } finally {
                part.content().release();
            }
        }

        @Override
        public void segment(SegmentedTrack track, TrackSegment cut) {
            cut.content().release(); // the parts were it
            segment = true;
            writer.segment(track.name(), RecordedSegment.said(cut));
        }

        @Override
        public void ended() {
            // The writer is ended by whoever feeds.
        }
    }

    // ---- the index, and the store -----------------------------------------------------------------------------

    /** Tells an index all of a recording, from its beginning to its end. Blocks for the index. */
    public static void tell(Recording recording, RecordingIndex index) throws IOException {
        index.begun(new Recording(
                recording.id(),
                recording.folder(),
                recording.broadcast(),
                recording.stream(),
                recording.startedAt(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of()));
        for (RecordedTrack track : recording.tracks()) {
            index.track(recording.id(), track);
        }
        for (RecordingGap gap : recording.gaps()) {
            index.gap(recording.id(), gap);
        }
        for (RecordedSpan span : recording.spans()) {
            index.span(recording.id(), span);
        }
        index.ended(recording.id(), recording.endedAt().orElse(recording.startedAt()));
    }

    /**
     * Removes what an import wrote that nobody was told of; nothing happens when there is none.
     *
     * @param folder {@link Target#folder} of a target of ours
     */
    public void remove(String folder) {
        Path root = config.directory().normalize();
        Path path = root.resolve(folder).normalize();
        if (!path.startsWith(root) || path.getNameCount() != root.getNameCount() + 2) {
            throw new IllegalArgumentException("no folder of a recording: " + folder);
        }
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
            Files.deleteIfExists(path.getParent());
        } catch (NoSuchFileException none) {
            LOG.trace("Nothing was written to {}", path);
        } catch (DirectoryNotEmptyException others) {
            LOG.trace("Others are in {}", path.getParent());
        } catch (IOException e) {
            LOG.warn("What an import left in {} stays: {}", path, String.valueOf(e.getMessage()));
        }
    }
}
