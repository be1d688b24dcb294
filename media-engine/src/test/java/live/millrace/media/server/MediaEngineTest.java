// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.PublishObserver;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.admission.AdmissionConfig;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.control.EngineListener;
import live.millrace.media.control.StreamStatus;
import live.millrace.media.endpoint.webrtc.WebrtcConfig;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamState;
import live.millrace.media.socket.PortInUseException;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole engine on loopback, spoken to by a raw RTMP client and an HTTP client. */
class MediaEngineTest {
    @TempDir
    private Path directory;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private MediaEngine engine;

    @BeforeEach
    void start() {
        engine = start(directory, AdmissionConfig.defaults());
    }

    private MediaEngine start(Path data, AdmissionConfig admission) {
        EngineConfig defaults = EngineConfig.defaults(data);
        return MediaEngine.start(
                new EngineConfig(
                                defaults.rtmp().at("127.0.0.1", 0),
                                defaults.http().at("127.0.0.1", 0),
                                defaults.hub(),
                                defaults.fanout(),
                                defaults.hls().cuttingAlways(),
                                Transport.AUTO)
                        .with(StreamNaming.CHANNELS)
                        .with(WebrtcConfig.defaults().at("127.0.0.1", 0))
                        .with(admission),
                EnginePorts.openToViewers(
                        attempt -> {
                            String key = attempt.key().orElseThrow().secret();
                            return switch (key) {
                                case "good", "good2" ->
                                    CompletableFuture.completedStage(new PublishDecision.Granted("anna", key));
                                case "never" -> new CompletableFuture<>();
                                case "broken" ->
                                    CompletableFuture.failedStage(new IllegalStateException("database is gone"));
                                default ->
                                    CompletableFuture.completedStage(
                                            new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY));
                            };
                        },
                        new PublishObserver() {
                            @Override
                            public void refused(
                                    PublishAttempt attempt,
                                    RefusalCause cause,
                                    Optional<PublishDecision.Granted> granted) {
                                told.add("refused " + cause);
                            }

                            @Override
                            public void started(PublishAttempt attempt, PublishDecision.Granted granted) {
                                told.add("started");
                            }

                            @Override
                            public void ended(PublishAttempt attempt, PublishDecision.Granted granted, PublishEnd end) {
                                told.add("ended " + end);
                            }
                        },
                        new EngineListener() {
                            @Override
                            public void stateChanged(StreamStatus status, StreamState from, StreamState to) {
                                told.add("state " + to);
                            }

                            @Override
                            public void tracksChanged(StreamStatus status) {
                                told.add("tracks");
                            }
                        }));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private void awaitTold(String what) throws InterruptedException {
        while (true) {
            String next = told.poll(15, TimeUnit.SECONDS);
            assertThat(next).as("waiting for \"%s\"", what).isNotNull();
            if (what.equals(next)) {
                return;
            }
        }
    }

    private RtmpScript publisher(String key) throws IOException {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish(key)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    /** Media runs as fast as the socket takes it: the engine goes by its time stamps. */
    private static void media(RtmpScript script, long fromMillis, int seconds) throws IOException {
        script.send(4, 9, 1, fromMillis, SampleMedia.videoHeader());
        script.send(4, 8, 1, fromMillis, SampleMedia.audioHeader());
        for (int i = 0; i < seconds * 25; i++) {
            long at = fromMillis + i * 40L;
            script.send(4, 9, 1, at, SampleMedia.picture(i % 50 == 0, 600));
            script.send(4, 8, 1, at, SampleMedia.sound(100));
        }
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.port("http") + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String playlist() throws Exception {
        return new String(get("/live/anna.ts.m3u8").body(), StandardCharsets.UTF_8);
    }

    private static long number(String playlist, String tag) {
        Matcher matcher = Pattern.compile("#EXT-X-" + tag + ":(\\d+)").matcher(playlist);
        assertThat(matcher.find()).as(tag).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** A route about nothing is one that everybody may have: there is none on the media port. */
    @Test
    void everyRouteOfTheMediaPortSaysWhatItIsAbout() {
        assertThat(engine.httpRoutes())
                .isNotEmpty()
                .filteredOn(route -> route.method().equals(HttpMethod.GET))
                .allSatisfy(
                        route -> assertThat(route.subject()).as(route.pattern()).isInstanceOf(Subject.Stream.class));
        assertThat(engine.httpRoutes())
                .filteredOn(route -> !route.method().equals(HttpMethod.GET))
                .filteredOn(route -> !route.pattern().contains("whep"))
                .as("what takes something is decided upon by a stream key")
                .allSatisfy(route -> assertThat(route.subject().toString()).contains("stream key"));
        assertThat(engine.httpRoutes())
                .filteredOn(route ->
                        route.pattern().endsWith("/whep") && route.pattern().contains("{stream"))
                .hasSize(2)
                .allSatisfy(
                        route -> assertThat(route.subject()).as(route.pattern()).isInstanceOf(Subject.Stream.class));
        assertThat(engine.httpRoutes())
                .filteredOn(route -> route.subject().equals(new Subject.Stream(Subject.Use.LISTING, "hls")))
                .as("what can be had without a session where a stream is public")
                .allSatisfy(route -> assertThat(route.pattern()).endsWith(".m3u8"));
    }

    /** What is not listed here is open to nobody yet. */
    @Test
    void theMediaPortAnswersWhatIsDeclaredAndNothingThatControls() throws Exception {
        assertThat(engine.httpRoutes())
                .extracting(route -> route.method() + " " + route.pattern())
                .containsExactlyInAnyOrder(
                        "GET /live/{stream:any}.m3u8",
                        "GET /live/{stream:any}.ts.m3u8",
                        "GET /live/{stream:any}.fmp4.m3u8",
                        "GET /live/{stream:any}.mpd",
                        "GET /live/{stream:any}/hls.m3u8",
                        "GET /live/{stream:any}/hls.fmp4.m3u8",
                        "GET /live/{stream:any}/{track}.m3u8",
                        "GET /live/{stream:any}/{broadcast}/{number}.ts",
                        "GET /live/{stream:any}/{broadcast}/audio/{number}.ts",
                        "GET /live/{stream:any}/{broadcast}/{track}/{number}.m4s",
                        "GET /live/{stream:any}/{broadcast}/{track}/{number}.{part}.m4s",
                        "GET /live/{stream:any}/{broadcast}/{track}/{init}.mp4",
                        "GET /live/{stream:any}.flv",
                        "GET /live/{stream:any}.live.flv",
                        "GET /live/{stream:any}.ts",
                        "GET /live/{stream:any}.live.ts",
                        "GET /live/{stream:any}.mp4",
                        "GET /live/{stream:any}.live.mp4",
                        "GET /hls/{stream:any}.m3u8",
                        "GET /hls/{stream:any}/index.m3u8",
                        "GET /hls/{stream:any}/playlist.m3u8",
                        "GET /{stream:any}/index.m3u8",
                        // What is neither is told so.
                        "PUT /live/{stream:any}.ts",
                        "PUT /live/{stream:any}.flv",
                        "PUT /live/{stream:any}.mp4",
                        "PUT /live/{stream:any}.mkv",
                        "PUT /live/{stream:any}.mov",
                        "PUT /live/{stream:any}.webm",
                        "PUT /live/{stream}",
                        "POST /live/{stream:any}.ts",
                        "POST /live/{stream:any}.flv",
                        "POST /live/{stream:any}.mp4",
                        "POST /live/{stream:any}.mkv",
                        "POST /live/{stream:any}.mov",
                        "POST /live/{stream:any}.webm",
                        "POST /live/{stream}",
                        "POST /whip",
                        "POST /live/{stream:any}/whip",
                        "POST /{stream:any}/whip",
                        "POST /rtc/v1/whip",
                        "POST /rtc/v1/whip/",
                        "DELETE /whip/{session}",
                        "POST /live/{stream:any}/whep",
                        "POST /{stream:any}/whep",
                        "POST /rtc/v1/whep",
                        "POST /rtc/v1/whep/",
                        "DELETE /whep/{session}");
        for (String path : List.of("/api/v1/streams", "/api/v1/health", "/api/v1/reload", "/metrics", "/stat")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void theLastSecondsCanBeKept() throws Exception {
        assertThat(engine.recentSegments(StreamPath.live("anna"), Duration.ofSeconds(30)))
                .isEmpty();
        try (RtmpScript script = publisher("good")) {
            media(script, 0, 60);
            awaitTold("state LIVE");
            List<byte[]> kept = recent(Duration.ofSeconds(30));
            assertThat(kept).hasSizeGreaterThan(4).allSatisfy(segment -> {
                assertThat(segment.length % 188).isZero();
                assertThat(segment[0]).isEqualTo((byte) 0x47);
            });
            assertThat(recent(Duration.ofSeconds(4)).size()).isLessThan(kept.size());
        }
    }

    private List<byte[]> recent(Duration length) throws Exception {
        Wait.until(
                "segments are there",
                Duration.ofSeconds(15),
                () -> engine.recentSegments(StreamPath.live("anna"), Duration.ofSeconds(30))
                                .size()
                        > 4);
        return engine.recentSegments(StreamPath.live("anna"), length);
    }

    @Test
    void aReturnCostsOneDiscontinuityAndNumbersOnlyGrow() throws Exception {
        try (RtmpScript first = publisher("good")) {
            media(first, 5_000_000, 5);
            awaitTold("state LIVE");
        }
        awaitTold("state RECONNECTING");
        String before = playlist();
        assertThat(before).doesNotContain("ENDLIST");
        try (RtmpScript second = publisher("good")) {
            media(second, 0, 5); // OBS starts again at 0
            awaitTold("state LIVE");
            awaitCondition(() -> playlist().contains("#EXT-X-DISCONTINUITY\n"));
            String after = playlist();
            assertThat(after.lines().filter("#EXT-X-DISCONTINUITY"::equals)).hasSize(1);
            assertThat(number(after, "MEDIA-SEQUENCE")).isGreaterThanOrEqualTo(number(before, "MEDIA-SEQUENCE"));
            assertThat(number(after, "TARGETDURATION")).isEqualTo(number(before, "TARGETDURATION"));
            media(second, 5_000, 20);
            awaitCondition(() -> !playlist().contains("#EXT-X-DISCONTINUITY\n"));
            assertThat(number(playlist(), "DISCONTINUITY-SEQUENCE"))
                    .isEqualTo(number(before, "DISCONTINUITY-SEQUENCE") + 1);
        }
    }

    @Test
    void numbersGrowOverARestart() throws Exception {
        String before;
        try (RtmpScript script = publisher("good")) {
            media(script, 0, 5);
            awaitTold("state LIVE");
            before = playlist();
        }
        long media = number(before, "MEDIA-SEQUENCE");
        long discontinuity = number(before, "DISCONTINUITY-SEQUENCE");
        engine.close();
        engine = start(directory, AdmissionConfig.defaults());
        told.clear();
        // Segments last two seconds, so the clock is always ahead of the numbers; this test was faster than that.
        awaitCondition(() -> java.time.Instant.now().getEpochSecond() > media + 3);
        try (RtmpScript script = publisher("good")) {
            media(script, 0, 5);
            awaitTold("state LIVE");
            assertThat(number(playlist(), "MEDIA-SEQUENCE")).isGreaterThan(media);
            assertThat(number(playlist(), "DISCONTINUITY-SEQUENCE")).isGreaterThan(discontinuity);
        }
    }

    @Test
    void anEndedBroadcastHasAnEndAndThenNothing() throws Exception {
        try (RtmpScript script = publisher("good")) {
            media(script, 0, 5);
            awaitTold("state LIVE");
            assertThat(engine.control().end("anna")).isTrue();
            script.awaitClose();
        }
        awaitTold("ended KICKED");
        awaitCondition(() -> playlist().contains("#EXT-X-ENDLIST"));
        assertThat(engine.control().streams()).isEmpty();
    }

    @Test
    void aRefusedKeyGetsBadNameAndTheDoor() throws Exception {
        try (RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            assertThat(script.publish("wrong")).isEqualTo("NetStream.Publish.BadName");
            script.awaitClose();
        }
        awaitTold("refused UNKNOWN_KEY");
    }

    @Test
    void aKeyThatNobodyCouldJudgeIsNotCalledBad() throws Exception {
        try (RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            assertThatThrownBy(() -> script.publish("broken"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
        }
        awaitTold("refused NO_ANSWER");
    }

    @Test
    void noAnswerInTimeEndsWithoutAWordAboutTheKey() throws Exception {
        engine.close();
        AdmissionConfig d = AdmissionConfig.defaults();
        engine = start(directory, new AdmissionConfig(Duration.ofMillis(200), d.silence(), d.limits()));
        try (RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            assertThatThrownBy(() -> script.publish("never"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
        }
        awaitTold("refused NO_ANSWER");
    }

    @Test
    void theSameKeyTakesOverAndAnotherIsRefused() throws Exception {
        try (RtmpScript first = publisher("good")) {
            media(first, 0, 3);
            try (RtmpScript other =
                    new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
                assertThat(other.publish("good2")).isEqualTo("NetStream.Publish.BadName");
            }
            awaitTold("refused CHANNEL_BUSY");
            try (RtmpScript second = publisher("good")) {
                first.awaitClose();
                awaitTold("ended TAKEN_OVER");
                media(second, 0, 3);
                awaitCondition(() -> playlist().contains("#EXT-X-DISCONTINUITY\n"));
                assertThat(engine.control().stream("anna").orElseThrow().state())
                        .isEqualTo(StreamState.LIVE);
            }
        }
    }

    @Test
    void aCodecThatCannotBeCarriedIsSaid() throws Exception {
        try (RtmpScript script = publisher("good")) {
            // As many as five seconds have: sound that can be heard may begin later than the first picture.
            for (int i = 0; i < 500; i++) {
                script.send(4, 9, 1, i * 40L, Unpooled.wrappedBuffer(new byte[] {0x12, 0, 0, 0, 0}));
            }
            List<AmfValue> status = script.await("onStatus");
            assertThat(((AmfValue.Obj) status.get(3)).text("description"))
                    .hasValue("Not supported: video codec Sorenson H.263.");
        }
        awaitTold("ended UNSUPPORTED_MEDIA");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/../../etc/passwd",
                "/live/%2e%2e/%2e%2e/etc/passwd",
                "/live/anna/..%2f..%2fsecret/1.ts",
                "/live/anna/x/99999999999999999999.ts",
                "/live/anna/00000000-0000-0000-0000-000000000000/1.ts",
                "/live/.m3u8",
                "/live/a%00.m3u8",
                "/",
            })
    void nothingMapsToAFile(String path) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port("http"))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 404");
        }
    }

    @Test
    void aTakenPortIsNamed() {
        EngineConfig defaults = EngineConfig.defaults(directory.resolve("other"));
        assertThatThrownBy(() -> MediaEngine.start(
                        new EngineConfig(
                                defaults.rtmp().at("127.0.0.1", engine.port("rtmp")),
                                defaults.http().at("127.0.0.1", 0),
                                defaults.hub(),
                                defaults.fanout(),
                                defaults.hls().cuttingAlways(),
                                Transport.NIO),
                        EnginePorts.openToViewers(
                                _ -> CompletableFuture.completedStage(new PublishDecision.Refused(RefusalCause.NO_KEY)),
                                null,
                                null)))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("rtmp")
                .hasMessageContaining(String.valueOf(engine.port("rtmp")));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void awaitCondition(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited 15 s in vain").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
