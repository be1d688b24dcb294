// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4.movie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovieReaderTest {
    @TempDir
    Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MovieReaderTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private List<MovieTrack> read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("film"), bytes);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return MovieReader.read(channel);
        }
    }

    private static List<String> lines(MovieTrack track, int most) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(most, track.size()); i++) {
            lines.add((track.decodeTime(i) + track.compositionTimeOffset(i)) + " " + track.decodeTime(i) + " "
                    + track.bytes(i) + " @" + track.offset(i) + (track.sync(i) ? " sync" : ""));
        }
        return lines;
    }

    private static MalformedMovieException.Cause cause(Throwable thrown) {
        return ((MalformedMovieException) thrown).reason();
    }

    /** What FFmpeg's own reader says of the same file: B-pictures, and an edit list that leaves out what only the decoder needs. */
    @Test
    void aFileWithItsIndexInFront() throws IOException {
        List<MovieTrack> tracks = read(resource("progressive.mp4"));
        assertThat(tracks).hasSize(2);
        assertThat(tracks.get(0).format()).isInstanceOf(H264.Format.class);
        assertThat(tracks.get(0).timescale()).isEqualTo(10_240);
        assertThat(lines(tracks.get(0), 5))
                .containsExactly(
                        "0 -4096 507 @1555 sync",
                        "2048 -2048 80 @2062",
                        "6144 0 125 @2381",
                        "4096 2048 84 @2854",
                        "8192 4096 114 @3140");
        assertThat(tracks.get(1).format()).isInstanceOf(Aac.Format.class);
        assertThat(lines(tracks.get(1), 4))
                .containsExactly(
                        "-1024 -1024 239 @2142 sync",
                        "0 0 225 @2506 sync",
                        "1024 1024 123 @2731 sync",
                        "2048 2048 100 @2938 sync");
    }

    @Test
    void aFileInFragments() throws IOException {
        List<MovieTrack> tracks = read(resource("fragmented.mp4"));
        assertThat(lines(tracks.get(0), 5))
                .containsExactly(
                        "4096 0 507 @1541 sync",
                        "6144 2048 80 @2048",
                        "10240 4096 125 @2128",
                        "8192 6144 84 @2253",
                        "12288 8192 114 @2337");
        assertThat(lines(tracks.get(1), 3))
                .containsExactly("0 0 239 @2451 sync", "3200 3200 225 @2690 sync", "4224 4224 123 @2915 sync");
    }

    @Test
    void aSpanOfOurs() throws IOException {
        ByteBuf out = Unpooled.buffer();
        InitializationSection.write(List.of(SampleTracks.VIDEO), out);
        List<String> expected = new ArrayList<>();
        Random random = new Random(4);
        long time = 900_000;
        for (int i = 0; i < 10; i++) {
            byte[] picture = new byte[100 + random.nextInt(1_000)];
            FragmentWriter.write(
                    i,
                    SampleTracks.VIDEO,
                    time,
                    List.of(new Sample(3_000, 6_000, i % 5 == 0, Unpooled.wrappedBuffer(picture))),
                    out);
            expected.add((time + 6_000) + " " + time + " " + picture.length + " @"
                    + (out.writerIndex() - picture.length) + (i % 5 == 0 ? " sync" : ""));
            time += 3_000;
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        assertThat(lines(read(bytes).getFirst(), 10)).isEqualTo(expected);
        // Cut short in the last fragment: what is whole is there.
        assertThat(lines(read(Arrays.copyOf(bytes, bytes.length - 1)).getFirst(), 10))
                .isEqualTo(expected.subList(0, 9));
    }

    @Test
    void whatIsNoMovieIsRefusedInWords() throws IOException {
        byte[] good = resource("progressive.mp4");
        assertThatThrownBy(() -> read("not a film at all, but a text".getBytes(StandardCharsets.US_ASCII)))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.NO_MOVIE));
        assertThatThrownBy(() -> read(new byte[0]))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.NO_MOVIE));
        assertThatThrownBy(() -> read(Arrays.copyOf(good, 600)))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.NO_MOVIE))
                .hasMessageContaining("not finished");
        assertThatThrownBy(() -> read(replaced(replaced(good, "vide", "text"), "soun", "text")))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.NOTHING));
        assertThatThrownBy(() -> read(replaced(replaced(good, "avc1", "mp4v"), "soun", "text")))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.CODEC));
        byte[] encrypted = replaced(replaced(good, "mp4a\0\0", "enca\0\0"), "vide", "text");
        assertThatThrownBy(() -> read(encrypted))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.ENCRYPTED));
        byte[] foreign = replaced(replaced(good, "mp4a\0\0", "samr\0\0"), "vide", "text");
        assertThatThrownBy(() -> read(foreign))
                .satisfies(e -> assertThat(cause(e)).isEqualTo(MalformedMovieException.Cause.CODEC));
    }

    /** Sound of a codec that is not carried costs nothing but itself. */
    @Test
    void oneBadTrackNeverCostsTheOthers() throws IOException {
        assertThat(read(replaced(resource("progressive.mp4"), "mp4a\0\0", "samr\0\0")))
                .singleElement()
                .satisfies(track -> assertThat(track.format()).isInstanceOf(H264.Format.class));
    }

    /** A file that says it has four billion samples takes no more memory than one that does not. */
    @Test
    void numbersAreNotBelieved() throws IOException {
        byte[] good = resource("progressive.mp4");
        for (String table : List.of("stsz", "stts", "stsc", "stco", "ctts", "elst")) {
            int at = indexOf(good, table);
            byte[] bad = good.clone();
            Arrays.fill(bad, at + 8 + (table.equals("stsz") ? 4 : 0), at + 12 + (table.equals("stsz") ? 4 : 0), (byte)
                    0xFF);
            try {
                assertThat(read(bad)).isNotEmpty();
            } catch (MalformedMovieException refused) {
                assertThat(refused.reason())
                        .isIn(MalformedMovieException.Cause.NO_MOVIE, MalformedMovieException.Cause.TOO_LARGE);
            }
        }
    }

    private static byte[] replaced(byte[] bytes, String what, String by) {
        byte[] changed = bytes.clone();
        byte[] with = by.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = indexOf(changed, what); at >= 0; at = indexOf(changed, what)) {
            System.arraycopy(with, 0, changed, at, with.length);
        }
        return changed;
    }

    private static int indexOf(byte[] bytes, String what) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(what);
    }

    @FuzzTest(maxDuration = "60s")
    void damageFailsCleanly(byte[] bytes) throws IOException {
        try {
            for (MovieTrack track : read(bytes)) {
                for (int i = 0; i < track.size(); i++) {
                    assertThat(track.offset(i)).isBetween(0L, (long) bytes.length - track.bytes(i));
                }
            }
        } catch (MalformedMovieException expected) {
            // what a stranger's file may cost
        }
    }

    /** The same, at random, in every build. */
    @Test
    void damagedFilesFailCleanly() throws IOException {
        Random random = new Random(12);
        for (String name : List.of("progressive.mp4", "fragmented.mp4")) {
            byte[] good = resource(name);
            for (int round = 0; round < 3_000; round++) {
                byte[] bad = random.nextInt(10) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
                for (int i = 0; i <= random.nextInt(4) && bad.length > 0; i++) {
                    bad[random.nextInt(Math.min(bad.length, 1_600))] = (byte) random.nextInt();
                }
                damageFailsCleanly(bad);
            }
        }
    }
}
