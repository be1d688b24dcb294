// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera, an engine, viewers: when it is fetched, and what becomes of them when it goes away. */
class FetchedStreamTest {
    private static final StreamPath PATH = StreamPath.live("yard");

    @TempDir
    private Path directory;

    private ScriptedCamera camera;
    private MediaEngine engine;

    @BeforeEach
    void start() throws Exception {
        camera = new ScriptedCamera();
        engine = OpenEngine.start(OpenEngine.config(directory));
        engine.sourceGuard().loopback(true);
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        camera.close();
    }

    private SourceAddress address() {
        return address(camera.uri());
    }

    private static SourceAddress address(URI uri) {
        return new SourceAddress(uri, "", "", false, SourceAddress.Reach.PUBLIC, SourceAddress.USUAL_PATIENCE);
    }

    private SourceStatus status() {
        return engine.sources().status(PATH).orElseThrow();
    }

    private InputStream watch() throws Exception {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + engine.port("http") + "/live/yard.flv")
                        .toURL()
                        .openConnection();
        connection.setReadTimeout(30_000);
        assertThat(connection.getResponseCode()).isEqualTo(200);
        return connection.getInputStream();
    }

    @Test
    void nothingIsFetchedBeforeSomebodyWatchesNorLongAfter() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ON_DEMAND);
        assertThat(status().state()).isEqualTo(SourceStatus.State.IDLE);
        assertThat(camera.connections()).isZero();

        long left;
        try (InputStream media = watch()) {
            assertThat(media.readNBytes(2_000)).hasSize(2_000);
            assertThat(status().state()).isEqualTo(SourceStatus.State.RUNNING);
            assertThat(status().lastMedia()).isPresent();
            assertThat(camera.connections()).isEqualTo(1);
            left = System.nanoTime();
        }
        Wait.until("it is let go of", () -> camera.open() == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(15));
        assertThat(camera.methods()).endsWith("TEARDOWN");
        Wait.until("it is idle", () -> status().state() == SourceStatus.State.IDLE);
        assertThat(engine.control().streams()).isEmpty();
    }

    @Test
    void aViewerStaysWhenTheCameraGoesAndComesBack() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ON_DEMAND);
        try (InputStream media = watch()) {
            media.readNBytes(2_000);
            UUID broadcast = engine.control().stream(PATH).orElseThrow().broadcastId();
            camera.cut();
            Wait.until("it waits", () -> status().state() == SourceStatus.State.WAITING);
            assertThat(status().failure()).hasValue(SourceFailure.LOST);
            Wait.until("it is back", () -> camera.connections() == 2);
            assertThat(media.readNBytes(20_000)).hasSize(20_000);
            assertThat(status().state()).isEqualTo(SourceStatus.State.RUNNING);
            assertThat(status().failure()).isEmpty();
            assertThat(engine.control().stream(PATH).orElseThrow().broadcastId())
                    .isEqualTo(broadcast);
        }
    }

    @Test
    void whatIsAlwaysOnBeginsAtOnceAndEndsWithItsRemoval() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ALWAYS);
        Wait.until("it is on", () -> engine.control().stream(PATH).isPresent());
        assertThat(engine.sources().all()).containsOnlyKeys(PATH);
        assertThat(engine.sources().remove(PATH)).isTrue();
        Wait.until("its broadcast ends", () -> engine.control().stream(PATH).isEmpty());
        Wait.until("it is let go of", () -> camera.open() == 0);
        assertThat(engine.sources().remove(PATH)).isFalse();
    }

    /** monibuca #121. */
    @Test
    void whatIsAlwaysOnIsTriedAgainWhenItsFirstConnectionFails() throws Exception {
        URI gone = camera.uri();
        int port = camera.port();
        camera.close();
        engine.sources().put(PATH, address(gone), SourceMode.ALWAYS);
        Wait.until("it failed", () -> status().failure().isPresent());
        assertThat(status().failure()).hasValue(SourceFailure.UNREACHABLE);
        camera = new ScriptedCamera(port);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
    }

    @Test
    void anotherAddressGoesOnWithTheBroadcast() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ALWAYS);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
        UUID broadcast = engine.control().stream(PATH).orElseThrow().broadcastId();
        try (ScriptedCamera other = new ScriptedCamera()) {
            engine.sources().put(PATH, address(other.uri()), SourceMode.ALWAYS);
            Wait.until("the other is fetched", () -> other.open() == 1 && camera.open() == 0);
            Wait.until("it is on again", () -> status().state() == SourceStatus.State.RUNNING);
            assertThat(engine.control().stream(PATH).orElseThrow().broadcastId())
                    .isEqualTo(broadcast);
        }
    }

    @Test
    void ourOwnPortsAreNobodysSource() throws Exception {
        URI own = URI.create("rtsp://127.0.0.1:" + engine.port("http") + "/live");
        engine.sources().put(PATH, address(own), SourceMode.ALWAYS);
        Wait.until("it is refused", () -> status().state() == SourceStatus.State.STOPPED);
        assertThat(status().failure()).hasValue(SourceFailure.FORBIDDEN_ADDRESS);
    }

    @Test
    void aTrialSaysWhatItSawWithAPicture() {
        Probe probe = engine.sources().probe(address()).toCompletableFuture().join();
        assertThat(probe.failure()).isEmpty();
        assertThat(probe.codecs()).isEqualTo(List.of("H.264"));
        assertThat(probe.picture().orElseThrow()).containsSubsequence("moov".getBytes(StandardCharsets.US_ASCII));
    }

    /** Three wrong passwords lock some cameras. */
    @Test
    void theSecondWrongPasswordIsTheLastUntilThereIsAnotherAddress() throws Exception {
        camera.answering((asked, _) -> "RTSP/1.0 401 Unauthorized\r\nCSeq: " + asked.header("CSeq")
                + "\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"" + asked.header("CSeq") + "\"\r\n\r\n");
        SourceAddress wrong = SourceAddress.of(
                camera.uri().toString().replace("//", "//admin:wrong@"),
                false,
                SourceAddress.Reach.PUBLIC,
                SourceAddress.USUAL_PATIENCE);
        engine.sources().put(PATH, wrong, SourceMode.ALWAYS);
        Wait.until("it is stopped", () -> status().state() == SourceStatus.State.STOPPED);
        assertThat(status().failure()).hasValue(SourceFailure.WRONG_LOGIN);
        assertThat(camera.connections()).isEqualTo(2);
        camera.answering((_, usual) -> usual);
        engine.sources().put(PATH, wrong, SourceMode.ALWAYS);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
    }

    /** Nobody waits for the grace of a broadcast whose camera is not asked any more. */
    @Test
    void whoIsNotAskedAnyMoreHasNoBroadcastThatIsWaitedFor() throws Exception {
        engine.sources().put(PATH, login("admin:right"), SourceMode.ALWAYS);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
        camera.answering((asked, _) -> "RTSP/1.0 401 Unauthorized\r\nCSeq: " + asked.header("CSeq")
                + "\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"" + asked.header("CSeq") + "\"\r\n\r\n");
        camera.cut();
        Wait.until("it is stopped", () -> status().state() == SourceStatus.State.STOPPED);
        Wait.until("it is over", () -> engine.control().stream(PATH).isEmpty());
    }

    private SourceAddress login(String user) {
        return SourceAddress.of(
                camera.uri().toString().replace("//", "//" + user + "@"),
                false,
                SourceAddress.Reach.PUBLIC,
                SourceAddress.USUAL_PATIENCE);
    }

    /** What a process before this one knows is not found out again at the camera's cost. */
    @Test
    void whatIsKnownToFailIsNotTriedUntilItIsPutAnew() throws Exception {
        engine.sources().put(PATH, login("admin:wrong"), SourceMode.ALWAYS, Optional.of(SourceFailure.WRONG_LOGIN));
        Wait.until("it is stopped", () -> status().state() == SourceStatus.State.STOPPED);
        assertThat(status().failure()).hasValue(SourceFailure.WRONG_LOGIN);
        engine.sources().put(PATH, login("admin:wrong"), SourceMode.ON_DEMAND, Optional.of(SourceFailure.WRONG_LOGIN));
        try (HlsReader hls = new HlsReader(engine.port("http"))) {
            assertThat(hls.get("/live/yard.m3u8").statusCode()).isEqualTo(404);
        }
        assertThat(camera.connections()).isZero();
        engine.sources().put(PATH, login("admin:wrong"), SourceMode.ALWAYS);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
    }

    /** What is said of it anew, with nothing that is new, costs its viewers nothing. */
    @Test
    void theSameOnceMoreChangesNothing() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ALWAYS);
        Wait.until("it is on", () -> status().state() == SourceStatus.State.RUNNING);
        engine.sources().put(PATH, address(), SourceMode.ALWAYS);
        try (InputStream media = watch()) {
            assertThat(media.readNBytes(20_000)).hasSize(20_000);
        }
        assertThat(camera.connections()).isEqualTo(1);
    }

    @Test
    void anotherModeForgetsNoFailureAndAnotherAddressDoes() throws Exception {
        URI gone = camera.uri();
        camera.close();
        List<SourceStatus> heard = new CopyOnWriteArrayList<>();
        engine.sources().listen((_, status) -> heard.add(status));
        engine.sources().put(PATH, address(gone), SourceMode.ALWAYS);
        Wait.until("it failed", () -> status().failure().isPresent());
        engine.sources().put(PATH, address(gone), SourceMode.ON_DEMAND);
        Wait.until("nobody wants it", () -> status().state() == SourceStatus.State.IDLE);
        assertThat(status().failure()).hasValue(SourceFailure.UNREACHABLE);
        heard.clear();
        camera = new ScriptedCamera();
        engine.sources().put(PATH, address(), SourceMode.ON_DEMAND);
        Wait.until("it is forgotten", () -> status().failure().isEmpty());
        assertThat(heard).isNotEmpty().allMatch(status -> status.failure().isEmpty());
    }

    @Test
    void whoPublishesByAKeyIsNotDisturbed() throws Exception {
        try (RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            assertThat(script.publish("yard")).isEqualTo("NetStream.Publish.Start");
            new MediaScript(script).headers().both(3);
            script.sync();
            engine.sources().put(PATH, address(), SourceMode.ALWAYS);
            Wait.until("it came, and waits", () -> camera.connections() == 1 && camera.open() == 0);
            Wait.until("it waits", () -> status().state() == SourceStatus.State.WAITING);
            assertThat(engine.control().stream(PATH)
                            .orElseThrow()
                            .publisher()
                            .orElseThrow()
                            .protocol())
                    .isEqualTo("rtmp");
            engine.sources().remove(PATH);
            new MediaScript(script).both(3);
            script.sync();
            assertThat(engine.control().stream(PATH)).isPresent();
        }
    }

    @Test
    void whatIsFetchedIsCounted() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        engine.metrics().bindTo(meters);
        engine.sources().put(PATH, address(), SourceMode.ALWAYS);
        Wait.until(
                "it runs", () -> meters.get("millrace.sources.running").gauge().value() == 1);
        camera.cut();
        Wait.until("it is counted as cut off", () -> count(meters, "failures", "cause", "lost") == 1);
        Wait.until("it is back", () -> count(meters, "attempts", "outcome", "on-air") == 2);
        assertThat(count(meters, "attempts", "outcome", "begun")).isEqualTo(2);
        Wait.until(
                "bytes",
                () -> meters.get("millrace.sources.received").functionCounter().count() > 1_000);
        engine.sources().remove(PATH);
        assertThat(meters.get("millrace.sources.running").gauge().value()).isZero();
    }

    private static double count(SimpleMeterRegistry meters, String what, String label, String value) {
        return meters.get("millrace.sources." + what)
                .tag(label, value)
                .functionCounter()
                .count();
    }

    /** A player that hears that there is nothing does not ask again. */
    @Test
    void aPlayerOfListsIsServedAtItsFirstRequest() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ON_DEMAND);
        try (HlsReader hls = new HlsReader(engine.port("http"))) {
            assertThat(hls.get("/live/yard.m3u8").statusCode()).isEqualTo(200);
        }
        assertThat(camera.connections()).isEqualTo(1);
    }

    /** What is known of its segments holds from its first key frame on. */
    @Test
    void theNextBroadcastIsLiveWithItsFirstKeyFrame() throws Exception {
        engine.sources().put(PATH, address(), SourceMode.ALWAYS);
        Wait.until(
                "it is live",
                () -> engine.control().stream(PATH)
                        .filter(stream -> stream.state() == StreamState.LIVE)
                        .isPresent());
        UUID before = engine.control().stream(PATH).orElseThrow().broadcastId();
        // From now on key frames are half a minute apart: the second would be waited for in vain.
        camera.every(Duration.ofMillis(1_200));
        engine.control().end(PATH);
        Wait.until(
                "the next is live",
                () -> engine.control().stream(PATH)
                        .filter(stream -> !stream.broadcastId().equals(before) && stream.state() == StreamState.LIVE)
                        .filter(stream -> stream.statistics().frames() < 4)
                        .isPresent());
    }
}
