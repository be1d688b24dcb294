// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.container.mp4.movie.MovieReader;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Foreign files become recordings, or are refused with a reason, and leave nothing then. */
@ExtendWith(LeakExtension.class)
class MovieImportTest {
    private static final String ID = "AbC_-123xyz";
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    @TempDir
    Path folder;

    private Path store;
    private final MemoryIndex index = new MemoryIndex();

    @BeforeEach
    void store() throws IOException {
        store = Files.createDirectories(folder.resolve("store"));
    }

    private MovieImport movies(Duration spanLength) {
        return new MovieImport(
                new RecordingConfig(store, RecordingConfig.Sync.NONE, spanLength, 1 << 28, 1, 1, 0, 0),
                Disk.REAL,
                index);
    }

    private Recording take(byte[] movie, Duration spanLength, MovieImport.Progress progress) throws IOException {
        Path file = Files.write(folder.resolve("film.mp4"), movie);
        Recording recording = movies(spanLength)
                .write(file, new MovieImport.Target(ID, UUID.randomUUID(), "live/anna", NOW), progress);
        MovieImport.tell(recording, index);
        return recording;
    }

    private void refused(byte[] movie, MovieRefusedException.Reason reason) throws IOException {
        assertThatThrownBy(() -> take(movie, Duration.ofMinutes(5), _ -> true))
                .isInstanceOfSatisfying(
                        MovieRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(left()).isEmpty();
        assertThat(index.heard()).isEmpty();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(each -> !each.equals(store)).toList();
        }
    }

    private static byte[] film() throws IOException {
        try (InputStream in = MovieReader.class.getResourceAsStream("progressive.mp4")) {
            return in.readAllBytes();
        }
    }

    /** A file of ours: fragments of a track, a sample each. */
    private static byte[] fragments(Track track, int samples, int duration, int keys) {
        ByteBuf out = Unpooled.buffer();
        InitializationSection.write(List.of(track), out);
        List<Sample> all = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            ByteBuf payload = Unpooled.buffer()
                    .writeInt(6)
                    .writeByte(i % keys == 0 ? 0x65 : 0x41)
                    .writeByte(0)
                    .writeInt(i);
            all.add(new Sample(duration, 0, !track.isVideo() || i % keys == 0, payload));
        }
        FragmentWriter.write(1, track, 0, all, out);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** Overwrites what stands so many bytes behind a box's name. */
    private static byte[] patched(byte[] movie, String box, int behind, int value) {
        byte[] bytes = movie.clone();
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(box);
        ByteBuffer.wrap(bytes).putInt(at + 4 + behind, value);
        return bytes;
    }

    @Test
    void spansAreThoseOfABroadcast() throws IOException {
        // 60 s, a key frame every two.
        Recording recording = take(fragments(SampleTracks.VIDEO, 600, 9_000, 20), Duration.ofSeconds(10), _ -> true);
        List<RecordedSpan> spans = recording.spans("v0");
        assertThat(spans).hasSize(6).allMatch(RecordedSpan::closed).allMatch(span -> !span.discontinuity());
        assertThat(spans)
                .extracting(RecordedSpan::startMillis)
                .containsExactly(0L, 10_000L, 20_000L, 30_000L, 40_000L, 50_000L);
        assertThat(recording.durationMillis()).isEqualTo(60_000);
        assertThat(recording.gaps()).isEmpty();
        assertThat(recording.endedAt()).hasValue(recording.startedAt().plusSeconds(60));
        for (RecordedSpan span : spans) {
            assertThat(Files.size(store.resolve(recording.object(span)))).isEqualTo(span.bytes());
            assertThat(span.segments().segments()).allMatch(RecordedSegment::independent);
        }
        // And nothing beside them.
        assertThat(left()).hasSize(6 + 2);
        assertThat(index.heard()).startsWith("begun", "track v0 0").endsWith("ended");
        assertThat(index.get(ID).spans()).hasSize(6);
    }

    @Test
    void keyFramesThatAreFarApartMakeLongSegments() throws IOException {
        Recording recording = take(fragments(SampleTracks.VIDEO, 600, 9_000, 200), Duration.ofMinutes(5), _ -> true);
        assertThat(recording.spans("v0").getFirst().segments().segments())
                .hasSize(3)
                .allMatch(RecordedSegment::independent);
    }

    @Test
    void progressIsToldAndItStopsWhenItIsNotWanted() throws IOException {
        List<Double> shares = new ArrayList<>();
        byte[] movie = fragments(SampleTracks.VIDEO, 600, 9_000, 20);
        take(movie, Duration.ofMinutes(5), share -> shares.add(share));
        assertThat(shares).hasSizeGreaterThan(20).isSorted();
        assertThat(shares.getLast()).isGreaterThan(0.9).isLessThanOrEqualTo(1);
        movies(Duration.ofMinutes(5)).remove("2026-11/" + ID);
        assertThat(left()).isEmpty();
        assertThatThrownBy(() -> take(movie, Duration.ofMinutes(5), share -> share < 0.5))
                .isInstanceOf(CancellationException.class);
        assertThat(left()).isEmpty();
    }

    @Test
    void whatIsNoMovie() throws IOException {
        refused(
                "Hello, I am a film, look at me.".getBytes(StandardCharsets.UTF_8),
                MovieRefusedException.Reason.NO_MOVIE);
        refused(new byte[0], MovieRefusedException.Reason.NO_MOVIE);
        byte[] film = film();
        refused(Arrays.copyOf(film, 300), MovieRefusedException.Reason.NO_MOVIE);
        // Its index is whole, what it speaks of is not.
        refused(Arrays.copyOf(film, film.length / 2), MovieRefusedException.Reason.NO_MOVIE);
    }

    @Test
    void whatPointsOutsideOrHasTooMuch() throws IOException {
        refused(patched(film(), "stco", 8, 0x7FFF_FFFF), MovieRefusedException.Reason.NO_MOVIE);
        refused(patched(film(), "stsz", 8, 5_000_000), MovieRefusedException.Reason.TOO_LARGE);
        refused(patched(film(), "stsz", 12, 0x7FFF_FFFF), MovieRefusedException.Reason.TOO_LARGE);
    }

    /** A quarter of a megabyte becomes gigabytes, if each of its samples is all of it. */
    @Test
    void samplesThatLieOverEachOther() throws IOException {
        byte[] film = film();
        String text = new String(film, StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.wrap(film.clone());
        int chunks = text.indexOf("stco") + 8;
        for (int i = 1; i < bytes.getInt(chunks); i++) {
            bytes.putInt(chunks + 4 + 4 * i, bytes.getInt(chunks + 4));
        }
        int sizes = text.indexOf("stsz") + 8;
        bytes.putInt(sizes, film.length / bytes.getInt(sizes + 4) + 1);
        refused(bytes.array(), MovieRefusedException.Reason.NO_MOVIE);
    }

    @Test
    void timesThatStandStillOrLeap() throws IOException {
        refused(fragments(SampleTracks.VIDEO, 5_000, 0, 10), MovieRefusedException.Reason.TIMES);
        refused(fragments(SampleTracks.VIDEO, 100, 0, 10), MovieRefusedException.Reason.TOO_SHORT);
        refused(fragments(SampleTracks.VIDEO, 10, 9_000, 10), MovieRefusedException.Reason.TOO_SHORT);
        refused(fragments(SampleTracks.AUDIO, 6, 0x7FFF_FFFF, 1), MovieRefusedException.Reason.TOO_LONG);
        // A picture every five seconds, and one key frame in ten minutes.
        refused(fragments(SampleTracks.VIDEO, 120, 450_000, 1_000), MovieRefusedException.Reason.KEY_FRAMES);
    }

    @Test
    void onlyFoldersOfRecordingsAreRemoved() {
        for (String hostile : List.of("..", "../../etc", "", ".", "2026-11", "a/b/c")) {
            assertThatThrownBy(() -> movies(Duration.ofMinutes(5)).remove(hostile))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
