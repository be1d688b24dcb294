// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.container.mp4.FragmentWriter;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mp4.Sample;
import live.millrace.media.container.mp4.movie.MovieReader;
import live.millrace.media.container.mp4.movie.MovieTrack;
import live.millrace.media.frame.Track;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.SegmentTable;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twelve hours in segments of two seconds: 21,600 of each track, a million pictures. */
class LongRecordingTest {
    private static final int HOURS = 12;
    private static final int SPAN_SECONDS = 300;
    private static final int SEGMENT_SECONDS = 2;
    private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");
    private static final long FIRST = 1_795_773_600L;

    @TempDir
    Path directory;

    private OnRecord anna;

    @BeforeEach
    void start() throws Exception {
        anna = new OnRecord(directory);
    }

    @AfterEach
    void stop() {
        anna.close();
    }

    /** A span of five minutes, in parts of a second, with payloads of a few bytes. */
    private RecordedSpan span(Path folder, Track track, int ordinal) throws Exception {
        String name = track.isVideo() ? "v0" : "a0";
        ByteBuf bytes = Unpooled.buffer(1 << 20);
        InitializationSection.write(List.of(track), bytes);
        int perSecond = track.isVideo() ? 25 : 43;
        ByteBuf payload = Unpooled.buffer().writeZero(track.isVideo() ? 30 : 12);
        List<Sample> samples = new ArrayList<>();
        List<RecordedSegment> segments = new ArrayList<>();
        long seconds = (long) ordinal * SPAN_SECONDS;
        int offset = 0;
        for (int second = 0; second < SPAN_SECONDS; second++) {
            if (second % SEGMENT_SECONDS == 0) {
                offset = bytes.writerIndex();
            }
            samples.clear();
            for (int i = 0; i < perSecond; i++) {
                int duration = track.timescale() / perSecond + (i < track.timescale() % perSecond ? 1 : 0);
                samples.add(new Sample(duration, 0, !track.isVideo() || (second % 2 == 0 && i == 0), payload));
            }
            FragmentWriter.write(second + 1, track, (seconds + second) * track.timescale(), samples, bytes);
            if (second % SEGMENT_SECONDS == SEGMENT_SECONDS - 1) {
                segments.add(new RecordedSegment(
                        FIRST + (seconds + second) / SEGMENT_SECONDS,
                        offset,
                        bytes.writerIndex() - offset,
                        SEGMENT_SECONDS * 90_000L,
                        true,
                        START.plusSeconds(seconds + second - 1)));
            }
        }
        try (SeekableByteChannel file = Files.newByteChannel(
                folder.resolve(name + "-" + ordinal + ".mp4"),
                java.nio.file.StandardOpenOption.CREATE_NEW,
                java.nio.file.StandardOpenOption.WRITE)) {
            file.write(bytes.nioBuffer());
        }
        SegmentTable table = SegmentTable.of(segments);
        return new RecordedSpan(
                name, ordinal, 0, false, seconds * 1_000, seconds * track.timescale(), table.end(), table, true);
    }

    private static RecordedTrack recorded(Track track) {
        ByteBuf section = Unpooled.buffer();
        InitializationSection.write(List.of(track), section);
        return new RecordedTrack(
                track.isVideo() ? "v0" : "a0",
                0,
                track.format().codecString(),
                track.timescale(),
                track.isVideo() ? 640 : 0,
                track.isVideo() ? 360 : 0,
                section.asReadOnly());
    }

    private Recording hours() throws Exception {
        String folder = "2026-11/" + OnRecord.ID;
        Path path = Files.createDirectories(anna.store.resolve(folder));
        List<RecordedSpan> spans = new ArrayList<>();
        for (int i = 0; i < HOURS * 3_600 / SPAN_SECONDS; i++) {
            spans.add(span(path, SampleTracks.VIDEO, i));
            spans.add(span(path, SampleTracks.AUDIO, i));
        }
        return new Recording(
                OnRecord.ID,
                folder,
                UUID.randomUUID(),
                "live/anna",
                START,
                Optional.of(START.plusSeconds(HOURS * 3_600)),
                List.of(recorded(SampleTracks.VIDEO), recorded(SampleTracks.AUDIO)),
                spans,
                List.of());
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    @Test
    void listsAndFilesOfHours() throws Exception {
        Recording hours = hours();
        anna.index.put(hours);
        String list = "/videos/" + OnRecord.ID + "/v0.m3u8";
        anna.text("/videos/" + OnRecord.ID + "/a0.m3u8?start=1&end=2"); // the classes are there
        long begun = System.nanoTime();
        HttpResponse<byte[]> plain = anna.get(list);
        long first = millisSince(begun);
        begun = System.nanoTime();
        HttpResponse<byte[]> packed = anna.get(list, "Accept-Encoding", "gzip");
        long gzip = millisSince(begun);
        begun = System.nanoTime();
        anna.get(list, "Accept-Encoding", "gzip");
        long again = millisSince(begun);
        System.out.printf(
                "A list of %d hours: %,d bytes, %,d as gzip; first %d ms, packed %d ms, again %d ms%n",
                HOURS, plain.body().length, packed.body().length, first, gzip, again);
        assertThat(anna.list(list).entries()).hasSize(HOURS * 3_600 / SEGMENT_SECONDS);
        assertThat(packed.body().length).isLessThan(200_000);

        begun = System.nanoTime();
        HttpResponse<InputStream> file = anna.http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + anna.port() + "/videos/" + OnRecord.ID + ".mp4"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        Path copy = directory.resolve("copy.mp4");
        long toFirst;
        try (InputStream in = file.body()) {
            assertThat(in.read()).isZero();
            toFirst = millisSince(begun);
            try (var out = Files.newOutputStream(copy)) {
                out.write(0);
                in.transferTo(out);
            }
        }
        System.out.printf(
                "A file of %d hours: first byte after %d ms, %,d bytes after %d ms%n",
                HOURS, toFirst, Files.size(copy), millisSince(begun));
        try (SeekableByteChannel channel = Files.newByteChannel(copy)) {
            List<MovieTrack> tracks = MovieReader.read(channel);
            assertThat(tracks.getFirst().size()).isEqualTo(HOURS * 3_600 * 25);
            assertThat(tracks.getFirst().end()).isEqualTo(HOURS * 3_600L * 90_000);
            assertThat(tracks.getLast().size()).isEqualTo(HOURS * 3_600 * 43);
            assertThat(tracks.getLast().end()).isEqualTo(HOURS * 3_600L * 44_100);
        }
        begun = System.nanoTime();
        assertThat(anna.get("/videos/" + OnRecord.ID + ".mp4", "Range", "bytes=50000000-50000999")
                        .body())
                .hasSize(1_000);
        System.out.printf("A piece of it: %d ms%n", millisSince(begun));
    }
}
