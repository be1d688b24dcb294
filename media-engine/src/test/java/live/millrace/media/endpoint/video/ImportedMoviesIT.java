// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.interop.Ffmpeg8;
import live.millrace.media.recording.MovieImport;
import live.millrace.media.recording.MovieRefusedException;
import live.millrace.media.recording.Recording;
import live.millrace.media.testing.LeakExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of FFmpeg 8, made a recording and fetched again: the same samples, in the same order, as far from each other. */
@ExtendWith(LeakExtension.class)
class ImportedMoviesIT {
    private static final List<String> PICTURE = List.of("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=5");
    private static final List<String> SOUND = List.of("-f", "lavfi", "-i", "sine=d=5:r=48000");
    private static final List<String> H264 =
            List.of("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30", "-c:a", "aac");

    @TempDir
    Path directory;

    private OnRecord anna;
    private Path ffmpeg;

    /** A sample as FFmpeg sees it: when it is shown, in seconds, and what it is. */
    private record Sample(double shown, String hash) {}

    @BeforeEach
    void start() {
        Optional<Path> folder = Ffmpeg8.folder();
        assumeTrue(folder.isPresent(), "FFmpeg 8 for this system");
        ffmpeg = folder.get();
        anna = new OnRecord(directory);
    }

    @AfterEach
    void stop() {
        if (anna != null) {
            anna.close();
        }
    }

    static Stream<Arguments> films() {
        return Stream.of(
                Arguments.of("H.264 with B-pictures and AAC", H264, List.of()),
                Arguments.of("index in front", H264, List.of("-movflags", "+faststart")),
                Arguments.of("fragments", H264, List.of("-movflags", "+frag_keyframe+empty_moov+default_base_moof")),
                Arguments.of(
                        "no B-pictures: sound begins before the first",
                        List.of("-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-c:a", "aac"),
                        List.of()),
                Arguments.of("offsets that are negative", H264, List.of("-movflags", "+negative_cts_offsets")),
                Arguments.of(
                        "H.265 and Opus",
                        List.of(
                                "-c:v",
                                "libx265",
                                "-preset",
                                "ultrafast",
                                "-x265-params",
                                "log-level=none:keyint=50",
                                "-tag:v",
                                "hvc1",
                                "-c:a",
                                "libopus"),
                        List.of()),
                Arguments.of(
                        "AV1 and MP3", List.of("-c:v", "libsvtav1", "-preset", "12", "-c:a", "libmp3lame"), List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("films")
    void whatComesOutIsWhatWentIn(String name, List<String> codecs, List<String> options) throws Exception {
        Path film = film("film.mp4", true, true, codecs, options);
        Recording recording = take(film);
        assertThat(recording.tracks()).extracting(each -> each.name()).containsExactlyInAnyOrder("v0", "a0");
        assertThat(recording.gaps()).isEmpty();
        assertThat(recording.durationMillis()).isBetween(4_900L, 5_300L);
        compare(film, fetched());
        assertThat(anna.text("/videos/" + OnRecord.ID + "/index.m3u8")).contains("CODECS=");
        assertThat(anna.list("/videos/" + OnRecord.ID + "/v0.m3u8").segments()).isNotEmpty();
    }

    @Test
    void soundAlone() throws Exception {
        Path film = film("film.m4a", false, true, List.of("-c:a", "aac"), List.of());
        assertThat(take(film).tracks()).extracting(each -> each.name()).containsExactly("a0");
        compare(film, fetched());
    }

    @Test
    void picturesAlone() throws Exception {
        Path film = film("film.mp4", true, false, List.of("-c:v", "libx264", "-preset", "ultrafast"), List.of());
        assertThat(take(film).tracks()).extracting(each -> each.name()).containsExactly("v0");
        compare(film, fetched());
    }

    @Test
    void whatIsNotCarriedIsNamed() throws Exception {
        Path film = film("film.mp4", true, true, List.of("-c:v", "mpeg4", "-c:a", "aac"), List.of());
        assertThatThrownBy(() -> take(film)).isInstanceOfSatisfying(MovieRefusedException.class, e -> {
            assertThat(e.reason()).isEqualTo(MovieRefusedException.Reason.VIDEO_CODEC);
            assertThat(e.what()).isEqualTo("MPEG-4 Part 2");
        });
        Path loud = film("film.mov", true, true, List.of("-c:v", "libx264", "-c:a", "pcm_s16le"), List.of());
        assertThatThrownBy(() -> take(loud)).isInstanceOfSatisfying(MovieRefusedException.class, e -> {
            assertThat(e.reason()).isEqualTo(MovieRefusedException.Reason.AUDIO_CODEC);
            assertThat(e.what()).isEqualTo("PCM");
        });
        assertThat(Files.exists(anna.store.resolve("2026-11"))).isFalse();
    }

    private Path film(String name, boolean picture, boolean sound, List<String> codecs, List<String> options)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-v", "error", "-y"));
        arguments.addAll(picture ? PICTURE : List.of());
        arguments.addAll(sound ? SOUND : List.of());
        arguments.addAll(codecs);
        arguments.addAll(options);
        Path film = directory.resolve(name);
        arguments.add(film.toString());
        assertThat(run(arguments)).isEmpty();
        return film;
    }

    private Recording take(Path film) throws Exception {
        MovieImport.Target target = new MovieImport.Target(OnRecord.ID, UUID.randomUUID(), "live/anna", anna.now);
        Recording recording = anna.recorder.movies().write(film, target, _ -> true);
        MovieImport.tell(recording, anna.index);
        return recording;
    }

    private Path fetched() throws Exception {
        Path file = directory.resolve("fetched.mp4");
        Files.write(file, anna.get("/videos/" + OnRecord.ID + ".mp4").body());
        return file;
    }

    private void compare(Path before, Path after) throws Exception {
        Map<Integer, List<Sample>> in = samples(before);
        Map<Integer, List<Sample>> out = samples(after);
        assertThat(out.keySet()).isEqualTo(in.keySet());
        double moved = out.get(0).getFirst().shown() - in.get(0).getFirst().shown();
        in.forEach((stream, samples) -> {
            List<Sample> others = out.get(stream);
            assertThat(others)
                    .extracting(Sample::hash)
                    .isEqualTo(samples.stream().map(Sample::hash).toList());
            for (int i = 0; i < samples.size(); i++) {
                assertThat(others.get(i).shown() - samples.get(i).shown())
                        .as("stream %d, sample %d", stream, i)
                        .isCloseTo(moved, org.assertj.core.api.Assertions.within(0.0015));
            }
        });
    }

    private Map<Integer, List<Sample>> samples(Path film) throws Exception {
        Map<Integer, Double> units = new HashMap<>();
        Map<Integer, List<Sample>> samples = new HashMap<>();
        for (String line : run(List.of("-v", "error", "-i", film.toString(), "-c", "copy", "-f", "framemd5", "-"))) {
            if (line.startsWith("#tb ")) {
                String[] said = line.substring(4).split("[:/ ]+", -1);
                units.put(Integer.valueOf(said[0]), Double.parseDouble(said[1]) / Double.parseDouble(said[2]));
            } else if (!line.startsWith("#")) {
                String[] said = line.split(",\\s*", -1);
                int stream = Integer.parseInt(said[0].strip());
                samples.computeIfAbsent(stream, _ -> new ArrayList<>())
                        .add(new Sample(Long.parseLong(said[2].strip()) * units.get(stream), said[5].strip()));
            }
        }
        return samples;
    }

    private List<String> run(List<String> arguments) throws Exception {
        Path output = directory.resolve("ffmpeg.txt");
        Process process = Ffmpeg8.start(ffmpeg, "ffmpeg", output, arguments);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("Svt["))
                .toList();
    }
}
