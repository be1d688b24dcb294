// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.TestPrograms;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What players that know no Opus get of a stream whose sound is Opus: FFmpeg publishes, makes the sound anew, and reads it. */
class CommonSoundIT {
    @TempDir
    Path directory;

    private Path folder;
    private MediaEngine engine;
    private Process publisher;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> ffmpeg = Ffmpeg8.folder();
        assumeTrue(ffmpeg.isPresent(), "no FFmpeg 8 for this machine");
        folder = ffmpeg.get();
        Path program = TestPrograms.shell(
                directory.resolve("converter"),
                "LD_LIBRARY_PATH=" + folder + " exec " + folder.resolve("ffmpeg") + " \"$@\"");
        begin(program);
    }

    private void begin(Path program) throws Exception {
        engine = OpenEngine.start(OpenEngine.converting(OpenEngine.config(directory), program)
                .with(WebrtcConfig.defaults().at("127.0.0.1", 0)));
        publisher = Ffmpeg8.start(
                folder,
                "ffmpeg",
                directory.resolve("publish.log"),
                List.of(("-hide_banner -loglevel error -re -f lavfi -i testsrc=s=320x180:r=15 -f lavfi"
                                + " -i sine=r=48000 -ac 2 -t 60"
                                + " -c:v libx264 -profile:v baseline -preset ultrafast"
                                + " -pix_fmt yuv420p -g 15 -c:a libopus -f whip -authorization anna"
                                + " http://127.0.0.1:" + engine.port("http") + "/whip")
                        .split(" ")));
        Wait.until(
                "it is live",
                () -> engine.control().stream("anna")
                        .filter(each -> each.state() == StreamState.LIVE
                                && each.audio().isPresent()
                                && each.video().isPresent())
                        .isPresent());
    }

    @AfterEach
    void stop() throws Exception {
        if (publisher != null) {
            publisher.destroyForcibly().waitFor();
        }
        if (engine != null) {
            engine.close();
            Wait.until("the engine takes its children along", () -> sounds() == 0);
        }
    }

    private long sounds() {
        return ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().arguments().map(Arrays::asList).orElse(List.of()).stream()
                        .anyMatch("-pes_payload_size"::equals))
                .count();
    }

    /** What ffprobe says of the first seconds. */
    private List<String> read(String format, String of, String... more) throws Exception {
        String address = of.replace("HTTP", "http://127.0.0.1:" + engine.port("http"))
                .replace("RTMP", "rtmp://127.0.0.1:" + engine.port("rtmp"));
        List<String> arguments = new ArrayList<>(List.of("-v", "error", "-of", "csv=p=0"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("-show_entries", format, address));
        Path log = directory.resolve("probe.log");
        Process probe = Ffmpeg8.start(folder, "ffprobe", log, arguments);
        assertThat(probe.waitFor(40, TimeUnit.SECONDS)).as("ffprobe ends").isTrue();
        return Files.readAllLines(log).stream()
                .map(line -> line.replaceAll(",+$", ""))
                .filter(line -> !line.isBlank())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/live/anna.flv",
        "HTTP/live/anna.ts",
        "RTMP/live/anna",
        "HTTP/live/anna.ts.m3u8",
        "HTTP/live/anna.m3u8?sound=aac",
        "HTTP/live/anna.mpd?sound=aac"
    })
    void itIsSuchAsEveryPlayerKnows(String address) throws Exception {
        assertThat(read("stream=codec_name", address)).containsOnly("h264", "aac");
    }

    @ParameterizedTest
    @CsvSource({"HTTP/live/anna.flv", "HTTP/live/anna.ts", "HTTP/live/anna.ts.m3u8", "HTTP/live/anna.m3u8?sound=aac"})
    void soundAndPicturesAreOnOneClock(String address) throws Exception {
        List<String[]> packets = read("packet=codec_type,pts_time", address, "-read_intervals", "%+4").stream()
                .map(line -> line.split(","))
                .filter(each -> each.length == 2 && !each[1].equals("N/A"))
                .toList();
        List<Double> sounds = times(packets, "audio");
        List<Double> pictures = times(packets, "video");
        assertThat(sounds).hasSizeGreaterThan(50);
        assertThat(sounds.getLast()).as("no later than the pictures").isCloseTo(pictures.getLast(), within(1.0));
        for (int i = 1; i < sounds.size(); i++) {
            // FLV has milliseconds.
            assertThat(sounds.get(i) - sounds.get(i - 1)).as("packet " + i).isCloseTo(1_024 / 48_000.0, within(0.0011));
        }
    }

    private static List<Double> times(List<String[]> packets, String type) {
        return packets.stream()
                .filter(each -> each[0].equals(type))
                .map(each -> Double.valueOf(each[1]))
                .toList();
    }

    @Test
    void whoAsksForOthersGetsWhatComes() throws Exception {
        assertThat(read("stream=codec_name", "HTTP/live/anna.live.mp4")).containsOnly("h264", "opus");
        assertThat(read("stream=codec_name", "HTTP/live/anna.m3u8")).containsOnly("h264", "opus");
        assertThat(sounds()).isZero();
    }

    /** Reports keep what was seen. */
    @Test
    void whatIsWatchedSoAloneIsKnownAsWell() throws Exception {
        assertThat(read("stream=codec_name", "HTTP/live/anna.m3u8?sound=aac")).containsOnly("h264", "aac");
        Wait.until(
                "a segment is whole",
                () -> !engine.recentSegments(StreamPath.live("anna"), Duration.ofSeconds(4))
                        .isEmpty());
    }

    @Test
    void allShareOneChild() throws Exception {
        assertThat(read("stream=codec_name", "HTTP/live/anna.flv")).containsOnly("h264", "aac");
        assertThat(read("stream=codec_name", "RTMP/live/anna")).containsOnly("h264", "aac");
        assertThat(sounds()).as("the one before is still there").isEqualTo(1);
    }
}
