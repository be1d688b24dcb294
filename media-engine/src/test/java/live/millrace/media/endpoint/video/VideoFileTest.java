// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.container.mp4.FragmentReader;
import live.millrace.media.container.mp4.movie.MovieReader;
import live.millrace.media.container.mp4.movie.MovieTrack;
import live.millrace.media.frame.Track;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Recordings as files: what was recorded is in them, sample for sample and at its time, however they are fetched. */
@ExtendWith(LeakExtension.class)
class VideoFileTest {
    private static final String FILE = "/videos/" + OnRecord.ID + ".mp4";

    /** Pictures of another size. */
    private static final Track WIDE = new Track(
            Track.VIDEO,
            new H264.Format(AvcDecoderConfigurationRecord.parse(
                    SampleMedia.videoHeader(SampleMedia.WIDE_SPS).skipBytes(5))));

    @TempDir
    Path directory;

    private OnRecord anna;

    @BeforeEach
    void start() {
        anna = new OnRecord(directory, Duration.ofSeconds(6));
    }

    @AfterEach
    void stop() {
        anna.close();
    }

    /** A sample: when it is decoded and how much later shown, in its track's timescale, and what it is. */
    private record Said(long time, int late, boolean sync, String bytes) {
        Said from(long origin) {
            return new Said(time - origin, late, sync, bytes);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private List<MovieTrack> tracks(byte[] file) throws Exception {
        Path path = directory.resolve("file.mp4");
        Files.write(path, file);
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            return MovieReader.read(channel);
        }
    }

    private static List<Said> samples(byte[] file, MovieTrack track) {
        List<Said> samples = new ArrayList<>();
        for (int i = 0; i < track.size(); i++) {
            int at = (int) track.offset(i);
            samples.add(new Said(
                    track.decodeTime(i),
                    track.compositionTimeOffset(i),
                    track.sync(i),
                    text(Arrays.copyOfRange(file, at, at + track.bytes(i)))));
        }
        return samples;
    }

    private static MovieTrack picture(List<MovieTrack> tracks) {
        return tracks.stream()
                .filter(track -> track.format() instanceof TrackFormat.Video)
                .findFirst()
                .orElseThrow();
    }

    private static MovieTrack sound(List<MovieTrack> tracks) {
        return tracks.stream()
                .filter(track -> track.format() instanceof TrackFormat.Audio)
                .findFirst()
                .orElseThrow();
    }

    /** What the spans of a track hold. */
    private List<Said> recorded(Recording recording, String name) throws Exception {
        List<Said> samples = new ArrayList<>();
        for (RecordedSpan span : recording.spans(name)) {
            byte[] bytes = anna.bytes(span);
            for (RecordedSegment segment : span.segments().segments()) {
                long at = segment.offset();
                while (at < segment.offset() + segment.bytes()) {
                    FragmentReader.Fragment fragment = FragmentReader.read(
                                    Unpooled.wrappedBuffer(bytes, (int) at, bytes.length - (int) at))
                            .orElseThrow();
                    long time = fragment.baseDecodeTime();
                    for (FragmentReader.FragmentSample sample : fragment.samples()) {
                        int from = (int) at + sample.offset();
                        samples.add(new Said(
                                time,
                                sample.compositionTimeOffset(),
                                sample.sync(),
                                text(Arrays.copyOfRange(bytes, from, from + sample.bytes()))));
                        time += sample.duration();
                    }
                    at += fragment.length();
                }
            }
        }
        return samples;
    }

    @Test
    void everySampleIsThereAtItsTime() throws Exception {
        anna.publish();
        anna.play(31);
        anna.over();
        HttpResponse<byte[]> answer = anna.get(FILE);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("video/mp4");
        byte[] file = answer.body();
        assertThat(answer.headers().firstValueAsLong("content-length")).hasValue(file.length);
        assertThat(new String(file, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        assertThat(text(file).indexOf("moov")).isLessThan(text(file).indexOf("mdat"));
        List<MovieTrack> tracks = tracks(file);
        List<Said> pictures = recorded(anna.recording(), "v0");
        long origin = pictures.getFirst().time();
        assertThat(samples(file, picture(tracks)))
                .isEqualTo(pictures.stream().map(each -> each.from(origin)).toList());
        // The sound's clock begins where the picture's does.
        long begins = Math.round(origin * 44_100 / 90_000.0);
        List<Said> sounds = recorded(anna.recording(), "a0");
        assertThat(samples(file, sound(tracks)))
                .isEqualTo(sounds.stream().map(each -> each.from(begins)).toList());
    }

    @Test
    void afterABreakBothTracksGoOnTogether() throws Exception {
        anna.publish();
        anna.play(9);
        anna.reconnect(20);
        anna.play(9);
        anna.over();
        byte[] file = anna.get(FILE).body();
        List<MovieTrack> tracks = tracks(file);
        List<Said> pictures = samples(file, picture(tracks));
        List<Said> sounds = samples(file, sound(tracks));
        assertThat(pictures).hasSameSizeAs(recorded(anna.recording(), "v0"));
        assertThat(sounds).hasSameSizeAs(recorded(anna.recording(), "a0"));
        RecordedSpan second = anna.recording().spans("v0").stream()
                .filter(RecordedSpan::discontinuity)
                .findFirst()
                .orElseThrow();
        long breakAt = second.startMillis();
        Said picture = pictures.stream()
                .filter(each -> each.sync() && Math.abs(each.time() / 90 - breakAt) < 2)
                .findFirst()
                .orElseThrow();
        assertThat(sounds)
                .anySatisfy(each ->
                        assertThat(each.time() * 1_000 / 44_100.0).isCloseTo(picture.time() / 90.0, within(1.0)));
        assertThat(pictures.getLast().time() / 90).isCloseTo(anna.recording().durationMillis(), within(400L));
    }

    @Test
    void anyRangeIsThatOfTheWholeFile() throws Exception {
        anna.publish();
        anna.play(31);
        anna.over();
        byte[] file = anna.get(FILE).body();
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(file.length);
            int length = 1 + random.nextInt(i % 2 == 0 ? 2_000 : file.length - from);
            int to = Math.min(file.length, from + length);
            HttpResponse<byte[]> range = anna.get(FILE, "Range", "bytes=" + from + "-" + (to - 1));
            assertThat(range.statusCode()).isEqualTo(206);
            assertThat(range.headers().firstValue("content-range"))
                    .hasValue("bytes " + from + "-" + (to - 1) + "/" + file.length);
            assertThat(Arrays.equals(range.body(), 0, to - from, file, from, to))
                    .as("%d to %d", from, to)
                    .isTrue();
        }
        HttpResponse<byte[]> head = anna.send("HEAD", FILE);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("content-length")).hasValue(file.length);
        assertThat(head.headers().firstValue("accept-ranges")).hasValue("bytes");
        assertThat(anna.get(FILE, "Range", "bytes=" + file.length + "-").statusCode())
                .isEqualTo(416);
    }

    @Test
    void aDownloadThatBrokeGoesOn() throws Exception {
        anna.publish();
        anna.play(31);
        anna.over();
        HttpResponse<byte[]> whole = anna.get(FILE);
        String tag = whole.headers().firstValue("etag").orElseThrow();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), anna.port())) {
            socket.getOutputStream()
                    .write(("GET " + FILE + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) in.read());
            }
            got.write(in.readNBytes(whole.body().length / 2));
        }
        HttpResponse<byte[]> rest = anna.get(FILE, "Range", "bytes=" + got.size() + "-", "If-Range", tag);
        assertThat(rest.statusCode()).isEqualTo(206);
        got.write(rest.body());
        assertThat(got.toByteArray()).isEqualTo(whole.body());
        HttpResponse<byte[]> other = anna.get(FILE, "Range", "bytes=100-", "If-Range", "\"another\"");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(whole.body());
    }

    @Test
    void severalFormatsAreSeveralFiles() throws Exception {
        anna.publish();
        anna.play(9);
        anna.reconnect(5, WIDE, SampleTracks.AUDIO);
        anna.play(9);
        anna.over();
        HttpResponse<byte[]> refused = anna.get(FILE);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(anna.get(FILE + "?download=film").headers().firstValue("content-disposition"))
                .as("what is to be read is no file")
                .isEmpty();
        List<String> parts = new ArrayList<>();
        Matcher listed = Pattern.compile("(?m)^(\\S+\\?part=\\d+)$").matcher(text(refused.body()));
        while (listed.find()) {
            parts.add("/videos/" + listed.group(1));
        }
        assertThat(parts).hasSize(2);
        int pictures = 0;
        for (String part : parts) {
            byte[] file = anna.get(part).body();
            List<MovieTrack> tracks = tracks(file);
            assertThat(tracks).hasSize(2);
            assertThat(picture(tracks).decodeTime(0)).isZero();
            pictures += picture(tracks).size();
        }
        assertThat(pictures).isEqualTo(recorded(anna.recording(), "v0").size());
        // The sound did not change.
        assertThat(anna.status("/videos/" + OnRecord.ID + ".m4a")).isEqualTo(200);
    }

    @Test
    void theSoundAloneIsAFileToo() throws Exception {
        anna.publish();
        anna.play(13);
        anna.over();
        HttpResponse<byte[]> answer = anna.get("/videos/" + OnRecord.ID + ".m4a");
        assertThat(answer.headers().firstValue("content-type")).hasValue("audio/mp4");
        assertThat(text(answer.body())).startsWith("\0\0\0");
        assertThat(tracks(answer.body())).singleElement().satisfies(track -> {
            assertThat(track.format()).isInstanceOf(TrackFormat.Audio.class);
            assertThat(track.size()).isEqualTo(recorded(anna.recording(), "a0").size());
            assertThat(track.decodeTime(0)).isZero();
        });
        assertThat(anna.get(FILE + "?audio=only").body()).isEqualTo(answer.body());
        for (String unnamed : List.of("?download", "?download=1", "?download=%0d%0a")) {
            assertThat(anna.get(FILE + unnamed).headers().firstValue("content-disposition"))
                    .hasValue("attachment");
        }
        assertThat(anna.get(FILE + "?download=Caf%C3%A9%20%22*%22%0D%0AX%3A%20../y%2027.mp4")
                        .headers()
                        .firstValue("content-disposition"))
                .hasValue("attachment; filename*=UTF-8''Caf%C3%A9%20%20%20%20%20%20X%20%20..%20y%2027.mp4");
    }

    @Test
    void soundThatIsMp3IsAFileWithoutAContainer() throws Exception {
        anna.publish(SampleTracks.VIDEO, new Track(Track.AUDIO, new Mp3.Format(44_100, 2, true)));
        anna.play(9);
        anna.reconnect(20, SampleTracks.VIDEO, new Track(Track.AUDIO, new Mp3.Format(44_100, 2, true)));
        anna.play(9);
        anna.over();
        String name = "/videos/" + OnRecord.ID + ".mp3";
        HttpResponse<byte[]> answer = anna.get(name);
        assertThat(answer.headers().firstValue("content-type")).hasValue("audio/mpeg");
        String frames =
                recorded(anna.recording(), "a0").stream().map(Said::bytes).collect(Collectors.joining());
        assertThat(text(answer.body())).isNotEmpty().isEqualTo(frames);
        assertThat(text(anna.get(name, "Range", "bytes=100-299").body())).isEqualTo(frames.substring(100, 300));
    }

    @Test
    void otherSoundIsNoMp3() throws Exception {
        anna.publish();
        anna.play(9);
        anna.over();
        assertThat(anna.status("/videos/" + OnRecord.ID + ".mp3")).isEqualTo(404);
    }

    @Test
    void whatGoesOnIsAFileOfWhatIsThere() throws Exception {
        anna.publish();
        anna.play(13);
        HttpResponse<byte[]> early = anna.get(FILE);
        assertThat(early.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(picture(tracks(early.body())).size())
                .isEqualTo(recorded(anna.recording(), "v0").size());
        anna.play(20); // by its clock the file is old now
        String tag = early.headers().firstValue("etag").orElseThrow();
        HttpResponse<byte[]> rest = anna.get(FILE, "Range", "bytes=500-", "If-Range", tag);
        assertThat(rest.statusCode()).as("whoever began goes on").isEqualTo(206);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(early.body(), 500, early.body().length));
        HttpResponse<byte[]> late = anna.get(FILE);
        assertThat(late.body().length).isGreaterThan(early.body().length);
        assertThat(late.headers().firstValue("etag")).isNotEqualTo(Optional.of(tag));
    }

    @Test
    void aPieceIsAFile() throws Exception {
        anna.publish();
        anna.play(31);
        anna.over();
        byte[] file = anna.get(FILE + "?start=5000&end=9000").body();
        List<MovieTrack> tracks = tracks(file);
        MovieTrack pictures = picture(tracks);
        assertThat(pictures.sync(0)).isTrue();
        assertThat((pictures.end() - pictures.decodeTime(0)) / 90).isBetween(5_800L, 6_300L);
        MovieTrack sounds = sound(tracks);
        assertThat(sounds.end() * 1_000 / 44_100).isCloseTo(pictures.end() / 90, within(600L));
    }

    /** In the words of MediaMTX. */
    @Test
    void whatWasRecordedIsFoundByTheWallClock() throws Exception {
        anna.publish();
        anna.play(13);
        anna.reconnect(30);
        anna.play(13);
        anna.over();
        String list = anna.text("/playback/list?path=anna");
        List<String> urls = Pattern.compile("\\{\"start\":\"([^\"]+)\",\"duration\":([0-9.]+),\"url\":\"([^\"]+)\"}")
                .matcher(list)
                .results()
                .map(result -> result.group(3))
                .toList();
        assertThat(urls).hasSize(2);
        for (String url : urls) {
            byte[] file = anna.get("/playback/" + url).body();
            List<MovieTrack> tracks = tracks(file);
            assertThat(picture(tracks).decodeTime(0)).isZero();
            assertThat(picture(tracks).end() / 90).isBetween(12_000L, 13_500L);
            assertThat(sound(tracks).end() * 1_000 / 44_100).isBetween(12_000L, 13_500L);
        }
        String start = anna.recording().startedAt().plusMillis(5_300).toString();
        byte[] piece = anna.get("/playback/get?path=live/anna&start=" + start + "&duration=3")
                .body();
        assertThat(picture(tracks(piece)).end() / 90).isBetween(4_000L, 6_300L);
        assertThat(picture(tracks(piece)).sync(0)).isTrue();
        assertThat(anna.status("/playback/list?path=bella")).isEqualTo(404);
        for (String bad : List.of(
                "path=anna",
                "path=anna&start=yesterday&duration=1",
                "path=anna&start=" + start + "&duration=-1",
                "path=anna&start=" + start + "&duration=99999")) {
            assertThat(anna.status("/playback/get?" + bad)).as(bad).isEqualTo(400);
        }
    }
}
