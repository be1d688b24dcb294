// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.Unpooled;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.container.mp4.FragmentReader;
import live.millrace.media.container.mp4.movie.MovieReader;
import live.millrace.media.container.mp4.movie.MovieTrack;
import live.millrace.media.frame.Track;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.RecordedTrack;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingGap;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broadcasts that are not pictures with sound from their beginning to their end: spans, gaps, lists and files stay right. */
@ExtendWith(LeakExtension.class)
class RecordedShapesTest {
    private static final String VIDEO = "/videos/" + OnRecord.ID;
    private static final Track WIDE = new Track(
            Track.VIDEO,
            new H264.Format(AvcDecoderConfigurationRecord.parse(
                    SampleMedia.videoHeader(SampleMedia.WIDE_SPS).skipBytes(5))));

    @TempDir
    Path directory;

    private OnRecord anna;

    @BeforeEach
    void start() {
        anna = new OnRecord(directory);
        anna.usual = true;
    }

    @AfterEach
    void stop() {
        anna.close();
    }

    private List<MovieTrack> movie(String path) throws Exception {
        Path file = directory.resolve("file.mp4");
        Files.write(file, anna.get(path).body());
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return MovieReader.read(channel);
        }
    }

    private static MovieTrack of(Class<? extends TrackFormat> kind, List<MovieTrack> tracks) {
        return tracks.stream()
                .filter(track -> kind.isInstance(track.format()))
                .findFirst()
                .orElseThrow();
    }

    private static long endMillis(MovieTrack track) {
        return track.end() * 1_000 / track.timescale();
    }

    /** How many access units a track has in its whole segments, each of which is fragments and nothing else. */
    private int samples(Recording recording, String track) throws Exception {
        int samples = 0;
        for (RecordedSpan span : recording.spans(track)) {
            byte[] bytes = anna.bytes(span);
            assertThat(bytes).hasSize((int) span.bytes());
            for (RecordedSegment segment : span.segments().segments()) {
                int at = (int) segment.offset();
                while (at < segment.offset() + segment.bytes()) {
                    FragmentReader.Fragment fragment = FragmentReader.read(
                                    Unpooled.wrappedBuffer(bytes, at, bytes.length - at))
                            .orElseThrow();
                    samples += fragment.samples().size();
                    at += fragment.length();
                }
                assertThat(at).isEqualTo((int) segment.offset() + segment.bytes());
            }
        }
        return samples;
    }

    /** A list whose segments are all there, one after the other on the wall clock as well, as long as the recording. */
    private List<ParsedPlaylist.Entry> whole(String track) throws Exception {
        ParsedPlaylist list = anna.list(VIDEO + "/" + track + ".m3u8");
        assertThat(list.ended()).isTrue();
        long number = list.mediaSequence();
        for (ParsedPlaylist.Entry entry : list.entries()) {
            assertThat(entry.number()).isEqualTo(number++);
            if (!entry.gap()) {
                assertThat(anna.status(VIDEO + "/" + entry.uri())).isEqualTo(200);
            }
        }
        assertThat(list.length() * 1_000).isCloseTo((double) anna.recording().durationMillis(), within(250.0));
        List<String> times = new ArrayList<>();
        anna.text(VIDEO + "/" + track + ".m3u8")
                .lines()
                .filter(line -> line.startsWith("#EXT-X-PROGRAM-DATE-TIME:"))
                .forEach(times::add);
        assertThat(times).isSorted();
        return list.entries();
    }

    private static List<Integer> breaks(List<ParsedPlaylist.Entry> entries) {
        List<Integer> breaks = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).discontinuity()) {
                breaks.add(i);
            }
        }
        return breaks;
    }

    @Test
    void picturesOfAnotherSizeBeginAnotherSpanAndLoseNothing() throws Exception {
        anna.publish();
        anna.play(10);
        anna.change(WIDE, SampleTracks.AUDIO);
        anna.play(11);
        anna.over();
        Recording recording = anna.recording();
        assertThat(recording.gaps()).isEmpty();
        assertThat(recording.durationMillis()).isBetween(20_700L, 21_300L);
        List<RecordedSpan> spans = recording.spans("v0");
        assertThat(spans).extracting(RecordedSpan::format).containsExactly(0, 1);
        assertThat(spans).extracting(RecordedSpan::discontinuity).containsExactly(false, true);
        assertThat(recording.tracks().stream().filter(RecordedTrack::isVideo))
                .extracting(RecordedTrack::format, RecordedTrack::height)
                .doesNotHaveDuplicates()
                .hasSize(2);
        // The sound's format did not change.
        assertThat(recording.spans("a0")).extracting(RecordedSpan::format).containsOnly(0);
        for (String track : List.of("v0", "a0")) {
            assertThat(breaks(whole(track))).as(track).containsExactly(5);
        }
        assertThat(whole("v0").stream().map(entry -> entry.map().orElseThrow()).distinct())
                .hasSize(2);
        assertThat(anna.text(VIDEO + "/index.m3u8")).contains("FRAME-RATE=25.000");
        assertThat(anna.status(VIDEO + ".mp4")).isEqualTo(409);
        int pictures = 0;
        int sounds = 0;
        long millis = 0;
        for (int part = 0; part < 2; part++) {
            List<MovieTrack> tracks = movie(VIDEO + ".mp4?part=" + part);
            pictures += of(TrackFormat.Video.class, tracks).size();
            sounds += of(TrackFormat.Audio.class, tracks).size();
            millis += endMillis(of(TrackFormat.Video.class, tracks));
        }
        assertThat(pictures).isEqualTo(samples(recording, "v0"));
        assertThat(sounds).isEqualTo(samples(recording, "a0"));
        assertThat(millis).isCloseTo(recording.durationMillis(), within(300L));
    }

    @Test
    void aRadioIsWholeWithoutPictures() throws Exception {
        anna.publish(SampleTracks.AUDIO);
        anna.play(21); // more than is held back for pictures to come

        anna.over();
        Recording recording = anna.recording();
        assertThat(recording.tracks()).extracting(RecordedTrack::name).containsExactly("a0");
        assertThat(recording.gaps()).isEmpty();
        assertThat(recording.durationMillis()).isBetween(20_900L, 21_100L);
        assertThat(breaks(whole("a0"))).isEmpty();
        assertThat(anna.text(VIDEO + "/index.m3u8"))
                .contains("a0.m3u8", "CODECS=\"mp4a.40.2\"")
                .doesNotContain("RESOLUTION", "FRAME-RATE", "v0");
        for (String file : List.of(".mp4", ".m4a")) {
            assertThat(movie(VIDEO + file)).singleElement().satisfies(track -> {
                assertThat(track.size()).isEqualTo(samples(recording, "a0"));
                assertThat(endMillis(track)).isCloseTo(recording.durationMillis(), within(200L));
            });
        }
    }

    @Test
    void picturesWithoutSoundAreWhole() throws Exception {
        anna.publish(SampleTracks.VIDEO);
        anna.play(21); // more than is held back for sound to come

        anna.over();
        Recording recording = anna.recording();
        assertThat(recording.tracks()).extracting(RecordedTrack::name).containsExactly("v0");
        assertThat(recording.gaps()).isEmpty();
        assertThat(breaks(whole("v0"))).isEmpty();
        assertThat(anna.text(VIDEO + "/index.m3u8"))
                .contains("v0.m3u8", "CODECS=\"avc1.42C01E\"", "RESOLUTION=640x360,FRAME-RATE=25.000")
                .doesNotContain("AUDIO");
        assertThat(movie(VIDEO + ".mp4")).singleElement().satisfies(track -> {
            assertThat(track.size()).isEqualTo(samples(recording, "v0"));
            assertThat(endMillis(track)).isCloseTo(recording.durationMillis(), within(200L));
        });
        assertThat(anna.status(VIDEO + ".m4a")).isEqualTo(404);
    }

    /** Media goes on, whatever the encoder's clock does: forwards an hour, back to where it was, a little and back to its beginning. */
    @ParameterizedTest
    @ValueSource(longs = {3_600_000, -6_000, 30_000, -10_000})
    void aClockThatJumpsTakesNoTime(long by) throws Exception {
        anna.publish();
        anna.play(10);
        anna.jump(by);
        anna.play(11);
        anna.over();
        Recording recording = anna.recording();
        assertThat(recording.durationMillis()).isBetween(18_500L, 21_500L);
        assertThat(recording.gaps().stream().mapToLong(RecordingGap::lostMillis).sum())
                .isLessThan(2_500);
        for (String track : List.of("v0", "a0")) {
            List<ParsedPlaylist.Entry> entries = whole(track);
            assertThat(entries).as(track).noneMatch(ParsedPlaylist.Entry::gap);
            assertThat(breaks(entries)).as(track).hasSizeLessThanOrEqualTo(1);
        }
        long position = 0;
        for (RecordedSpan span : recording.spans("v0")) {
            assertThat(span.startMillis()).isBetween(position, position + 300);
            position = span.endMillis();
        }
        List<MovieTrack> tracks = movie(VIDEO + ".mp4");
        MovieTrack pictures = of(TrackFormat.Video.class, tracks);
        MovieTrack sounds = of(TrackFormat.Audio.class, tracks);
        assertThat(pictures.size()).isEqualTo(samples(recording, "v0"));
        assertThat(sounds.size()).isEqualTo(samples(recording, "a0"));
        assertThat(endMillis(pictures)).isCloseTo(recording.durationMillis(), within(300L));
        assertThat(endMillis(sounds)).isCloseTo(recording.durationMillis(), within(300L));
        for (int i = 1; i < pictures.size(); i++) {
            assertThat(pictures.decodeTime(i) - pictures.decodeTime(i - 1)).isBetween(1L, 90_000L);
        }
    }

    /** RFC 8216 §6.2.1: of all that is said of a playlist, the target duration never changes. */
    @Test
    void theTargetDurationNeverChanges() throws Exception {
        anna.publish();
        Set<String> said = new HashSet<>();
        for (int round = 0; round < 12; round++) {
            anna.play(5);
            said.addAll(targets());
            switch (round) {
                case 2 -> anna.keyMillis = 1_000;
                case 4 -> anna.keyMillis = 10_000;
                case 6 -> anna.change(WIDE, SampleTracks.AUDIO);
                case 8 -> anna.reconnect(5);
                case 9 -> anna.keyMillis = 2_000;
                default -> {}
            }
        }
        assertThat(said).hasSize(1);
        // The next broadcast of the channel may have longer segments.
        anna.keyMillis = 8_000;
        anna.another();
        anna.play(30);
        said.addAll(targets());
        assertThat(said).hasSize(1);
        ParsedPlaylist list = anna.list(VIDEO + "/v0.m3u8");
        int target = Integer.parseInt(said.iterator().next());
        assertThat(list.entries())
                .allSatisfy(entry -> assertThat(Math.round(entry.duration())).isLessThanOrEqualTo(target));
    }

    private Set<String> targets() throws Exception {
        Set<String> said = new HashSet<>();
        for (String list : List.of("/v0.m3u8", "/a0.m3u8", "/v0.m3u8?_HLS_skip=YES", "/v0.m3u8?window=10")) {
            String text = new String(anna.get(VIDEO + list).body(), StandardCharsets.UTF_8);
            Pattern.compile("#EXT-X-TARGETDURATION:(\\d+)\n")
                    .matcher(text)
                    .results()
                    .map((MatchResult result) -> result.group(1))
                    .forEach(said::add);
        }
        return said;
    }
}
