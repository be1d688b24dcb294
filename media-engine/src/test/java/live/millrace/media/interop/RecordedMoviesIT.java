// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.recording.MemoryIndex;
import live.millrace.media.recording.RecordingConfig;
import live.millrace.media.recording.RecordingId;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** FFmpeg publishes a film; what it finds in the recording, as a file and as a playlist, are the film's packets. */
class RecordedMoviesIT {
    private static final String ID = RecordingId.fresh();

    @TempDir
    private Path directory;

    private final MemoryIndex index = new MemoryIndex();
    private MediaEngine engine;

    @BeforeEach
    void start() {
        EnginePorts ports = EnginePorts.openToViewers(
                attempt -> CompletableFuture.completedStage(
                        new PublishDecision.Granted(attempt.key().orElseThrow().secret(), "key")
                                .recordedAs(Optional.of(ID))),
                OpenEngine.SILENT,
                OpenEngine.DEAF);
        RecordingConfig usual = RecordingConfig.defaults(directory.resolve("recordings"));
        RecordingConfig small = new RecordingConfig(
                usual.directory(),
                usual.sync(),
                usual.spanLength(),
                usual.spanBytes(),
                usual.queueBytes(),
                usual.streamQueueBytes(),
                0,
                0);
        engine = MediaEngine.start(OpenEngine.config(directory).with(small), ports.with(index));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private List<String> run(Path folder, String... arguments) throws Exception {
        Path output = directory.resolve("ffmpeg.txt");
        Process process = Ffmpeg8.start(folder, "ffmpeg", output, List.of(arguments));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The packets of one kind: how much later each is shown than decoded, how long after the one before it is decoded, in ms, and its hash. */
    private List<String> packets(Path ffmpeg, String kind, String input) throws Exception {
        // One that grows is read from its end, unless somebody says otherwise.
        List<String> from = input.endsWith(".m3u8") ? List.of("-live_start_index", "0") : List.of();
        List<String> arguments = new ArrayList<>(List.of("-v", "error", "-copyts"));
        arguments.addAll(from);
        arguments.addAll(List.of("-i", input, "-map", "0:" + kind, "-c", "copy", "-y", "-f", "framemd5"));
        Path sums = directory.resolve("sums.txt");
        arguments.add(sums.toString());
        run(ffmpeg, arguments.toArray(String[]::new));
        List<String> lines = Files.readAllLines(sums, StandardCharsets.UTF_8);
        String[] base = lines.stream()
                .filter(line -> line.startsWith("#tb 0:"))
                .findFirst()
                .orElseThrow()
                .replace("#tb 0: ", "")
                .split("/", -1);
        double unit = Double.parseDouble(base[0]) * 1_000 / Double.parseDouble(base[1]);
        List<String> packets = new ArrayList<>();
        long before = Long.MIN_VALUE;
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(",\\s*", -1);
            long decoded = Long.parseLong(fields[1]);
            long shown = Long.parseLong(fields[2]);
            long step = before == Long.MIN_VALUE ? 0 : Math.round((decoded - before) * unit);
            packets.add(Math.round((shown - decoded) * unit) + " " + (kind.equals("v") ? step : 0) + " " + fields[5]);
            before = decoded;
        }
        return packets;
    }

    static Stream<Arguments> codecs() {
        return Stream.of(
                Arguments.of(List.of("-c:v", "libx264", "-bf", "3", "-g", "25", "-c:a", "aac")),
                Arguments.of(List.of("-c:v", "libx264", "-bf", "0", "-g", "25", "-c:a", "libmp3lame")));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void theFilmsPacketsAreInTheRecording(List<String> codecs) throws Exception {
        Optional<Path> ffmpeg = Ffmpeg8.folder();
        assumeTrue(ffmpeg.isPresent(), "FFmpeg 8 for this system");
        Path folder = ffmpeg.get();
        Path film = directory.resolve("film.flv");
        List<String> arguments = new ArrayList<>(List.of(
                "-v",
                "error",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=160x90:r=25:d=8",
                "-f",
                "lavfi",
                "-i",
                "sine=r=44100:d=8",
                "-ac",
                "2"));
        arguments.addAll(codecs);
        arguments.add(film.toString());
        assertThat(run(folder, arguments.toArray(String[]::new))).isEmpty();
        run(
                folder,
                "-v",
                "error",
                "-readrate",
                "4",
                "-i",
                film.toString(),
                "-c",
                "copy",
                "-f",
                "flv",
                "rtmp://127.0.0.1:" + engine.port("rtmp") + "/live/anna");
        Wait.until(
                "it is recorded",
                () -> index.get(ID) != null && !index.get(ID).spans().isEmpty());
        engine.control().end(StreamPath.live("anna"));
        Wait.until("it is over", () -> index.get(ID).endedAt().isPresent());
        String base = "http://127.0.0.1:" + engine.port("http") + "/videos/" + ID;
        for (String kind : List.of("v", "a")) {
            List<String> source = packets(folder, kind, film.toString());
            List<String> kept = packets(folder, kind, base + ".mp4");
            // The first one has none before it, wherever in the film it was.
            assertThat(String.join("\n", source)).contains(String.join("\n", kept.subList(1, kept.size())));
            assertThat(kept).hasSizeGreaterThan(source.size() * 8 / 10);
            List<String> listed = packets(folder, kind, base + "/index.m3u8");
            assertThat(listed).hasSameSizeAs(kept);
        }
    }
}
