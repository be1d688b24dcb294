// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.source.Probe;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceMode;
import live.millrace.media.source.SourceStatus;
import live.millrace.media.testing.FreePort;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera that GStreamer plays, behind Digest: what a house has. Python of the system, since another one lacks the bindings. */
class CameraIT {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String PASSWORD = "three quiet herons";
    private static final StreamPath PATH = StreamPath.live("yard");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private MediaEngine engine;
    private @Nullable Process camera;
    private int port;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)) && hasBindings(), "GStreamer's RTSP server for Python");
        port = FreePort.next();
        engine = OpenEngine.start(OpenEngine.config(directory));
        engine.sourceGuard().loopback(true);
    }

    private static boolean hasBindings() throws Exception {
        Process asked = new ProcessBuilder(
                        PYTHON,
                        "-c",
                        "import gi; gi.require_version('GstRtspServer', '1.0'); gi.require_version('Gst', '1.0')")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return asked.waitFor(20, TimeUnit.SECONDS) && asked.exitValue() == 0;
    }

    @AfterEach
    void stop() {
        kill();
        if (engine != null) {
            engine.close();
        }
        http.shutdownNow();
    }

    private void camera(String sound) throws IOException {
        Path script = directory.resolve("camera.py");
        try (InputStream in = Objects.requireNonNull(CameraIT.class.getResourceAsStream("/interop/camera.py"))) {
            Files.write(script, in.readAllBytes());
        }
        Process started = new ProcessBuilder(
                        PYTHON, script.toString(), Integer.toString(port), sound, "admin", PASSWORD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        camera = started;
        BufferedReader said =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        assertThat(said.readLine()).startsWith("ready");
    }

    private void kill() {
        Process running = camera;
        camera = null;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    private SourceAddress address(String password, boolean datagrams) {
        return new SourceAddress(
                URI.create("rtsp://127.0.0.1:" + port + "/unicast"),
                "admin",
                password,
                datagrams,
                SourceAddress.Reach.PUBLIC,
                Duration.ofSeconds(30));
    }

    private InputStream watch() throws Exception {
        HttpResponse<InputStream> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.port("http") + "/live/yard.flv"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private StreamStatus stream() {
        return engine.control().stream(PATH).orElseThrow();
    }

    private SourceStatus.State state() {
        return engine.sources().status(PATH).orElseThrow().state();
    }

    @Test
    void pictureAndSoundOfAUsualCamera() throws Exception {
        camera("pcma");
        engine.sources().put(PATH, address(PASSWORD, false), SourceMode.ON_DEMAND);
        try (InputStream media = watch()) {
            assertThat(media.readNBytes(30_000)).hasSize(30_000);
            assertThat(stream().video().orElseThrow().codec()).isEqualTo("H.264");
            assertThat(stream().video().orElseThrow().width()).isEqualTo(320);
            assertThat(stream().audio().orElseThrow().codec()).isEqualTo("G.711 A-law");
            assertThat(stream().publisher().orElseThrow().encoder()).contains("GStreamer");
        }
        Wait.until("it is let go of", () -> state() == SourceStatus.State.IDLE);
    }

    /** The camera of the paper: MP3 at 16 kHz. Over datagrams, which is what such a camera does unless asked. */
    @Test
    void soundAtSixteenKilohertzOverDatagrams() throws Exception {
        camera("mp3");
        engine.sources().put(PATH, address(PASSWORD, true), SourceMode.ALWAYS);
        Wait.until(
                "sound and picture",
                () -> engine.control().stream(PATH)
                        .filter(each -> each.audio().isPresent() && each.video().isPresent())
                        .isPresent());
        assertThat(stream().audio().orElseThrow().codec()).isEqualTo("MP3");
        assertThat(stream().audio().orElseThrow().sampleRate()).isEqualTo(16_000);
        long frames = stream().statistics().frames();
        Wait.until("it goes on", () -> stream().statistics().frames() > frames + 60);
    }

    @Test
    void aCameraThatIsKilledComesBackToTheSameViewer() throws Exception {
        camera("pcma");
        engine.sources().put(PATH, address(PASSWORD, false), SourceMode.ON_DEMAND);
        try (InputStream media = watch()) {
            media.readNBytes(30_000);
            UUID broadcast = stream().broadcastId();
            kill();
            Wait.until("it is missed", () -> state() != SourceStatus.State.RUNNING);
            camera("pcma");
            assertThat(media.readNBytes(200_000)).hasSize(200_000);
            assertThat(state()).isEqualTo(SourceStatus.State.RUNNING);
            assertThat(stream().broadcastId()).isEqualTo(broadcast);
        }
    }

    @Test
    void aTrialHasAPictureOrTheReason() throws Exception {
        camera("pcma");
        Probe seen = engine.sources()
                .probe(address(PASSWORD, false))
                .toCompletableFuture()
                .join();
        assertThat(seen.failure()).isEmpty();
        assertThat(seen.codecs()).isEqualTo(List.of("H.264", "G.711 A-law"));
        assertThat(seen.picture()).isPresent();
        assertThat(engine.sources()
                        .probe(address("wrong", false))
                        .toCompletableFuture()
                        .join()
                        .failure())
                .hasValue(SourceFailure.WRONG_LOGIN);
    }
}
