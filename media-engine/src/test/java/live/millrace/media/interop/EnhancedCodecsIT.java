// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** FFmpeg 8 publishes each codec of Enhanced RTMP and reads it back from every way out that has a place for it. Each has an engine of its own. */
@Execution(ExecutionMode.CONCURRENT)
class EnhancedCodecsIT {
    /** Of the 75 pictures of three seconds; the last ones of a reordered stream stay in the decoder. */
    private static final int PICTURES = 68;

    /** Endings of addresses; none is RTMP. */
    private static final List<String> WITHOUT_TRANSPORT = List.of("", ".flv", ".mp4", ".m3u8");

    private static final List<String> ALL = List.of("", ".flv", ".mp4", ".m3u8", ".ts");

    @TempDir
    Path directory;

    static Stream<Arguments> codecs() {
        return Stream.of(
                Arguments.of(
                        "hevc",
                        "hevc",
                        "aac",
                        ALL,
                        List.of(
                                "-c:v",
                                "libx265",
                                "-preset",
                                "ultrafast",
                                "-x265-params",
                                "log-level=error:keyint=50",
                                "-c:a",
                                "aac")),
                Arguments.of(
                        "av1opus",
                        "av1",
                        "opus",
                        WITHOUT_TRANSPORT,
                        List.of("-c:v", "libsvtav1", "-preset", "12", "-g", "50", "-c:a", "libopus")),
                Arguments.of(
                        "vp9flac",
                        "vp9",
                        "flac",
                        WITHOUT_TRANSPORT,
                        List.of(
                                "-c:v",
                                "libvpx-vp9",
                                "-deadline",
                                "realtime",
                                "-cpu-used",
                                "8",
                                "-g",
                                "50",
                                "-b:v",
                                "300k",
                                "-c:a",
                                "flac")),
                Arguments.of(
                        "avcac3",
                        "h264",
                        "ac3",
                        ALL,
                        List.of("-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "ac3")),
                Arguments.of(
                        "avcmp3",
                        "h264",
                        "mp3",
                        ALL,
                        List.of("-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "libmp3lame")),
                Arguments.of(
                        "avcalaw",
                        "h264",
                        "pcm_alaw",
                        List.of("", ".flv", ".mp4"),
                        List.of(
                                "-c:v",
                                "libx264",
                                "-preset",
                                "ultrafast",
                                "-g",
                                "50",
                                "-c:a",
                                "pcm_alaw",
                                "-ar",
                                "8000")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codecs")
    void playsEverywhere(String name, String video, String audio, List<String> outputs, List<String> encoder)
            throws Exception {
        Path programs = programs();
        try (MediaEngine engine = engine()) {
            Process publisher = publish(programs, engine, name, encoder);
            try {
                List<String> addresses = outputs.stream()
                        .map(ending -> ending.isEmpty()
                                ? "rtmp://127.0.0.1:" + engine.port("rtmp") + "/live/" + name
                                : "http://127.0.0.1:" + engine.port("http") + "/live/" + name + ending)
                        .toList();
                read(programs, addresses).forEach((address, output) -> judge(address, output, video, audio));
            } finally {
                publisher.destroy();
                publisher.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Enhanced RTMP v2 multitrack: what one encoder makes in two sizes is a choice of qualities, without transcoding. */
    @Test
    void renditionsOfOneEncoderAreVariants() throws Exception {
        Path programs = programs();
        try (MediaEngine engine = engine()) {
            Process publisher = publish(
                    programs,
                    engine,
                    "sizes",
                    List.of(
                            "-filter_complex",
                            "[0:v]split[large][s];[s]scale=160x90[small]",
                            "-map",
                            "[large]",
                            "-map",
                            "[small]",
                            "-map",
                            "1:a",
                            "-c:v",
                            "libx264",
                            "-preset",
                            "ultrafast",
                            "-g",
                            "50",
                            "-c:a",
                            "aac"));
            try (HlsReader reader = new HlsReader(engine.port("http"))) {
                String playlist = new String(reader.get("/live/sizes.m3u8").body(), StandardCharsets.UTF_8);
                assertThat(playlist)
                        .containsSubsequence("RESOLUTION=320x180", "v0.m3u8", "RESOLUTION=160x90", "v1.m3u8");
                assertThat(engine.control().stream("sizes")
                                .orElseThrow()
                                .video()
                                .orElseThrow())
                        .as("what is said of the stream is said of its default rendition")
                        .extracting(StreamStatus.Video::width, StreamStatus.Video::height)
                        .containsExactly(320, 180);
                String http = "http://127.0.0.1:" + engine.port("http") + "/live/sizes/";
                read(programs, List.of(http + "v0.m3u8", http + "v1.m3u8"))
                        .forEach((address, output) -> judge(address, output, "h264", "h264"));
            } finally {
                publisher.destroy();
                publisher.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static Path programs() throws Exception {
        Optional<Path> programs = Ffmpeg8.folder();
        assumeTrue(programs.isPresent(), "no FFmpeg 8 for this system");
        return programs.orElseThrow();
    }

    private MediaEngine engine() {
        return OpenEngine.start(OpenEngine.config(directory.resolve("data")));
    }

    /** Starts an encoder and waits until it is live. */
    private Process publish(Path programs, MediaEngine engine, String name, List<String> encoder) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-v",
                "error",
                "-nostdin",
                "-re",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x180:rate=25",
                "-f",
                "lavfi",
                "-i",
                "sine=440:sample_rate=48000",
                "-t",
                "40"));
        arguments.addAll(encoder);
        arguments.addAll(List.of("-f", "flv", "rtmp://127.0.0.1:" + engine.port("rtmp") + "/live/" + name));
        Process publisher = Ffmpeg8.start(programs, "ffmpeg", directory.resolve("publisher.log"), arguments);
        Wait.until(
                name + " is live",
                Duration.ofSeconds(30),
                () -> engine.control().stream(name)
                        .filter(stream -> stream.state() == StreamState.LIVE)
                        .isPresent());
        return publisher;
    }

    /** What FFmpeg decodes of each address in three seconds, all at the same time. */
    private Map<String, Path> read(Path programs, List<String> addresses) throws Exception {
        Map<String, Path> outputs = new LinkedHashMap<>();
        List<Process> players = new ArrayList<>();
        for (String address : addresses) {
            Path output = directory.resolve("player-" + players.size() + ".log");
            outputs.put(address, output);
            players.add(Ffmpeg8.start(
                    programs,
                    "ffprobe",
                    output,
                    List.of(
                            "-v",
                            "error",
                            "-count_frames",
                            "-read_intervals",
                            "%+3",
                            "-show_entries",
                            "stream=codec_name,nb_read_frames",
                            "-of",
                            "csv=p=0",
                            address)));
        }
        for (Process player : players) {
            assertThat(player.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
        return outputs;
    }

    private static void judge(String address, Path output, String video, String audio) {
        String said;
        try {
            said = Files.readString(output);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        assertThat(said).as(address).containsPattern("(?m)^" + audio + ",");
        int pictures = said.lines()
                .filter(line -> line.startsWith(video + ","))
                .mapToInt(line -> Integer.parseInt(line.split(",", -1)[1]))
                .max()
                .orElse(0);
        assertThat(pictures).as(address + "\n" + said).isGreaterThanOrEqualTo(PICTURES);
    }
}
