// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.endpoint.srt.SrtConfig;
import live.millrace.media.endpoint.srt.SrtEndpoint;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.srt.SrtRekeying;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.source.Probe;
import live.millrace.media.source.ScriptedCamera;
import live.millrace.media.source.SourceAddress;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceMode;
import live.millrace.media.source.SourceStatus;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.ImpairedLink;
import live.millrace.media.testing.Impairment;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One engine fetches from another, and from programs; a camera stands behind the other. */
class SrtSourceTest {
    private static final String FFMPEG = "/usr/bin/ffmpeg";
    private static final String SECRET = "three quiet herons";
    private static final StreamPath YARD = StreamPath.live("yard");
    private static final StreamPath COPY = StreamPath.live("copy");

    @TempDir
    private Path directory;

    private ScriptedCamera camera;
    private MediaEngine far;
    private MediaEngine near;

    @BeforeEach
    void start() throws Exception {
        camera = new ScriptedCamera();
        far = OpenEngine.start(OpenEngine.config(Files.createDirectory(directory.resolve("far")))
                .with(new SrtConfig(
                        "127.0.0.1", 0, Duration.ofMillis(120), Optional.of(SECRET), new SrtRekeying(40, 20))));
        far.sourceGuard().loopback(true);
        far.sources()
                .put(
                        YARD,
                        new SourceAddress(
                                camera.uri(), "", "", false, SourceAddress.Reach.PUBLIC, SourceAddress.USUAL_PATIENCE),
                        SourceMode.ALWAYS);
        near = OpenEngine.start(OpenEngine.config(Files.createDirectory(directory.resolve("near"))));
        near.sourceGuard().loopback(true);
        Wait.until(
                "the other has it",
                () -> far.sources().status(YARD).orElseThrow().state() == SourceStatus.State.RUNNING);
    }

    @AfterEach
    void stop() throws Exception {
        near.close();
        far.close();
        camera.close();
    }

    private int port() {
        return far.port(SrtEndpoint.SCHEME);
    }

    private static SourceAddress address(String text, Duration patience) {
        return SourceAddress.of(text, false, SourceAddress.Reach.PUBLIC, patience);
    }

    private static SourceAddress address(int port, String query) {
        return address("srt://127.0.0.1:" + port + query, SourceAddress.USUAL_PATIENCE);
    }

    private static SourceAddress yard(int port) {
        return address(port, "?streamid=#!::r=live/yard&latency=200&passphrase=" + SECRET);
    }

    private SourceStatus status() {
        return near.sources().status(COPY).orElseThrow();
    }

    private int callers() {
        return far.endpoint(SrtEndpoint.class).connections();
    }

    private InputStream watch() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + near.port("http") + "/live/copy.flv")
                        .toURL()
                        .openConnection();
        connection.setReadTimeout(30_000);
        assertThat(connection.getResponseCode()).isEqualTo(200);
        return connection.getInputStream();
    }

    private void frames(int count) throws Exception {
        Wait.until(
                "many frames",
                Duration.ofSeconds(60),
                () -> near.control().stream(COPY)
                        .filter(stream -> stream.statistics().frames() > count)
                        .isPresent());
    }

    /** With keys that change all the time. */
    @Test
    void itIsFetchedWhileSomebodyWatches() throws Exception {
        near.sources().put(COPY, yard(port()), SourceMode.ON_DEMAND);
        assertThat(callers()).isZero();
        try (InputStream media = watch()) {
            assertThat(media.readNBytes(2_000)).hasSize(2_000);
            frames(100);
            assertThat(status().state()).isEqualTo(SourceStatus.State.RUNNING);
            assertThat(callers()).isEqualTo(1);
            assertThat(near.control().stream(COPY).orElseThrow().statistics().repairs())
                    .isEmpty();
        }
        Wait.until("it is let go of", () -> callers() == 0);
        Wait.until("it is idle", () -> status().state() == SourceStatus.State.IDLE);
    }

    @Test
    void aLineThatLosesCostsNothing() throws Exception {
        try (ImpairedLink link = ImpairedLink.udp(
                port(),
                Impairment.lossy(1, 0.05, Duration.ofMillis(10)),
                Impairment.lossy(2, 0.05, Duration.ofMillis(10)))) {
            near.sources()
                    .put(
                            COPY,
                            address(link.port(), "?streamid=read:live/yard&latency=2000&passphrase=" + SECRET),
                            SourceMode.ALWAYS);
            frames(200);
            assertThat(link.lost()).isPositive();
            assertThat(near.control().stream(COPY).orElseThrow().statistics().repairs())
                    .isEmpty();
        }
    }

    @Test
    void itComesBackWhenTheOtherDoes() throws Exception {
        near.sources().put(COPY, yard(port()), SourceMode.ALWAYS);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
        assertThat(far.control().end("yard")).isTrue();
        Wait.until("it is lost", () -> status().failure().equals(Optional.of(SourceFailure.LOST)));
        Wait.until("it is back", () -> status().state() == SourceStatus.State.RUNNING);
    }

    private Probe probe(SourceAddress address) {
        return near.sources()
                .probe(address)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aTrialShowsWhatThereIs() {
        Probe found = probe(yard(port()));
        assertThat(found.failure()).isEmpty();
        assertThat(found.codecs()).contains("H.264");
        assertThat(found.picture()).isPresent();
        assertThat(callers()).as("it has left, or does in a moment").isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "?streamid=read:live/yard&passphrase=three quiet storks, WRONG_LOGIN",
        "?streamid=read:live/yard, WRONG_LOGIN",
        "?streamid=read:live/nobody&passphrase=three quiet herons, NOT_FOUND",
        "?passphrase=three quiet herons, NOT_FOUND",
        "?streamid=read:live/yard&passphrase=short, PROTOCOL",
        "?streamid=read:live/yard&mode=listener&passphrase=three quiet herons, PROTOCOL"
    })
    void aTrialSaysWhyNot(String query, SourceFailure failure) {
        assertThat(probe(address(port(), query)).failure()).contains(failure);
        assertThat(callers()).isLessThanOrEqualTo(1);
    }

    @Test
    void whereNobodyListensNobodyIs() throws Exception {
        int free = free();
        assertThat(probe(address("srt://127.0.0.1:" + free, Duration.ofSeconds(20)))
                        .failure())
                .contains(SourceFailure.UNREACHABLE);
    }

    private static int free() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** It answers everything with what it was sent, and then with noise. */
    @Test
    void somethingElseThatAnswersIsNoSrt() throws Exception {
        try (DatagramSocket echo = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var _ = Beside.run(() -> {
                byte[] room = new byte[2_000];
                try {
                    while (true) {
                        DatagramPacket packet = new DatagramPacket(room, room.length);
                        echo.receive(packet);
                        ByteBuffer bytes = ByteBuffer.wrap(room);
                        bytes.putInt(12, bytes.getInt(16 + 24)); // to whoever asked
                        echo.send(new DatagramPacket(room, packet.getLength(), packet.getSocketAddress()));
                        byte[] noise = Arrays.copyOf(room, 40);
                        echo.send(new DatagramPacket(noise, noise.length, packet.getSocketAddress()));
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            assertThat(probe(address("srt://127.0.0.1:" + echo.getLocalPort(), Duration.ofSeconds(20)))
                            .failure())
                    .contains(SourceFailure.PROTOCOL);
        }
    }

    /** An encoder that is called, as field encoders can be set to. */
    @Test
    void ffmpegIsCalled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(FFMPEG)), "FFmpeg");
        int free = free();
        Process program = new ProcessBuilder(
                        FFMPEG,
                        "-loglevel",
                        "error",
                        "-re",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc=s=320x180:r=25",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=r=48000",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-tune",
                        "zerolatency",
                        "-g",
                        "25",
                        "-pix_fmt",
                        "yuv420p",
                        "-c:a",
                        "aac",
                        "-f",
                        "mpegts",
                        "srt://127.0.0.1:" + free
                                + "?mode=listener&pkt_size=1316&passphrase=0123456789abc&kmrefreshrate=200&kmpreannounce=90")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("ffmpeg.log").toFile())
                .start();
        try {
            near.sources().put(COPY, address(free, "?passphrase=0123456789abc&pbkeylen=24"), SourceMode.ALWAYS);
            frames(300);
            assertThat(near.control().stream(COPY).orElseThrow().statistics().repairs())
                    .isEmpty();
        } finally {
            program.destroyForcibly();
            program.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
