// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way out of a running engine: who gets what, who gets nothing, and what comes first. */
@ExtendWith(LeakExtension.class)
class PlayTest {
    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> stopped = new ConcurrentLinkedQueue<>();
    private MediaEngine engine;

    @BeforeEach
    void start() {
        engine = MediaEngine.start(
                OpenEngine.config(directory).with(StreamNaming.CHANNELS),
                new EnginePorts(
                        OpenEngine.EVERYBODY,
                        OpenEngine.SILENT,
                        attempt -> CompletableFuture.completedStage(
                                attempt.parameters().contains("stranger")
                                        ? PlayDecision.NOT_ALLOWED
                                        : PlayDecision.UNLIMITED),
                        (PlayAttempt attempt) -> stopped.add(attempt.protocol()),
                        OpenEngine.DEAF));
    }

    @AfterEach
    void stop() {
        engine.close();
        http.shutdownNow();
    }

    private RtmpScript publisher() throws Exception {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + engine.port("http") + path);
    }

    private HttpResponse<InputStream> open(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private String text(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @ParameterizedTest
    @CsvSource({
        "/live/anna.flv, video/x-flv, 464c560105",
        "/live/anna.live.flv, video/x-flv, 464c560105",
        "/live/anna.flv?audio=only, video/x-flv, 464c560104",
        "/live/anna.ts, video/mp2t, 474000",
        "/live/anna.live.ts, video/mp2t, 474000",
        "/live/anna.mp4, video/mp4, 0000001c66747970",
        "/live/anna.live.mp4, video/mp4, 0000001c66747970",
    })
    void anEndlessAnswerStartsWithItsHeader(String path, String type, String head) throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            HttpResponse<InputStream> answer = open(path);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).hasValue(type);
            assertThat(answer.headers().firstValue("content-length")).isEmpty();
            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .hasValue("*");
            try (InputStream body = answer.body()) {
                byte[] first = body.readNBytes(head.length() / 2);
                assertThat(first).asHexString().isEqualToIgnoringCase(head);
                assertThat(body.readNBytes(2_000)).hasSize(2_000);
            }
        }
        Wait.until(
                "nobody watches", () -> engine.control().streams().stream().noneMatch(stream -> stream.viewers() > 0));
    }

    @Test
    void aWebSocketCarriesTheSameTagsInBinaryFrames() throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            CompletableFuture<byte[]> first = new CompletableFuture<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + engine.port("http") + "/live/anna.flv"),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                                    byte[] bytes = new byte[data.remaining()];
                                    data.get(bytes);
                                    first.complete(bytes);
                                    from.request(1);
                                    return null;
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            assertThat(first.get(10, TimeUnit.SECONDS)).startsWith('F', 'L', 'V', 1, 5);
            assertThat(engine.control().stream("anna").orElseThrow().viewers()).isEqualTo(1);
            socket.abort();
        }
    }

    @Test
    void aWebSocketIsToldOfTheEnd() throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            CompletableFuture<Integer> closed = new CompletableFuture<>();
            CompletableFuture<Boolean> playing = new CompletableFuture<>();
            http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + engine.port("http") + "/live/anna.mp4"),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
                                    playing.complete(true);
                                    from.request(1);
                                    return CompletableFuture.completedStage(null);
                                }

                                @Override
                                public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                    closed.complete(code);
                                    return CompletableFuture.completedStage(null);
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            playing.get(10, TimeUnit.SECONDS);
            engine.control().end("anna");
            assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
        }
    }

    @Test
    void aFormatWithoutAPlaceForTheCodecSaysWhatToPlay() throws Exception {
        try (RtmpScript script = publisher()) {
            for (int i = 0; i < 300; i++) {
                // G.711 A-law, 20 ms
                script.chunked(
                        5, 8, 1, i * 20L, Unpooled.buffer().writeByte(0x72).writeZero(160), true);
            }
            script.sync();
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(address("/live/anna.ts")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("MPEG-TS has no place", "/live/anna.flv");
            try (InputStream flv = open("/live/anna.flv").body()) {
                assertThat(flv.readNBytes(3)).isEqualTo("FLV".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "live/", "other"})
    void anRtmpPlayerIsToldThatItPlaysAndGetsMedia(String app) throws Exception {
        try (RtmpScript script = publisher();
                RtmpScript player =
                        new RtmpScript(engine.port("rtmp")).handshake().connect(app)) {
            new MediaScript(script).headers().both(4);
            script.sync();
            player.command(0, "createStream", 2, AmfValue.NULL);
            player.await("_result");
            player.command(1, "play", 0, AmfValue.NULL, AmfValue.of("anna"), AmfValue.of(-2000));
            assertThat(code(player)).isEqualTo("NetStream.Play.Reset");
            assertThat(code(player)).isEqualTo("NetStream.Play.Start");
            assertThat(engine.playSessions()).hasSize(1);
            player.awaitMessage(9);
            script.command(0, "FCUnpublish", 6, AmfValue.NULL, AmfValue.of("anna"));
            assertThat(code(player)).isEqualTo("NetStream.Play.UnpublishNotify");
        }
        Wait.until("the end was told", () -> stopped.contains("rtmp"));
    }

    @Test
    void anInventedMessageStreamIsNoPlayer() throws Exception {
        try (RtmpScript script = publisher();
                RtmpScript player =
                        new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            new MediaScript(script).headers().both(4);
            script.sync();
            player.command(4_711, "play", 0, AmfValue.NULL, AmfValue.of("anna"));
            player.awaitClose();
            assertThat(engine.playSessions()).isEmpty();
        }
    }

    private static String code(RtmpScript player) throws Exception {
        List<AmfValue> status = player.await("onStatus");
        return ((AmfValue.Obj) status.get(3)).text("code").orElseThrow();
    }

    @Test
    void whoComesBeforeThePublisherWaitsForIt() throws Exception {
        CompletableFuture<HttpResponse<InputStream>> early = http.sendAsync(
                HttpRequest.newBuilder(address("/live/anna.flv")).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(3);
            try (InputStream body = early.get(10, TimeUnit.SECONDS).body()) {
                assertThat(body.readNBytes(3))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("FLV");
            }
        }
    }

    @Test
    void aStrangerSeesNothing() throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            // Together: who asks for a stream without an end hears after some time that there is none.
            List<CompletableFuture<HttpResponse<String>>> answers = Stream.of(
                            "/live/anna.flv", "/live/anna.ts", "/live/anna.mp4", "/live/anna/v0.m3u8", "/live/anna.mpd")
                    .map(path -> http.sendAsync(
                            HttpRequest.newBuilder(address(path + "?stranger")).build(),
                            HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
                assertThat(answer.get().body()).isEqualTo("This channel is not live.\n");
            }
        }
    }

    @Test
    void aStoppedSessionLosesItsSocket() throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(4);
            script.sync();
            try (InputStream body = open("/live/anna.flv").body()) {
                body.readNBytes(100);
                assertThat(engine.stopPlaying(
                                engine.playSessions().getFirst().attempt().sessionId()))
                        .isTrue();
                Wait.until(
                        "the socket closed",
                        () -> engine.endpoint(HttpEndpoint.class).connections() == 0);
            }
        }
    }

    @Test
    void segmentsAreCutWhenSomebodyAsksAndTheFirstAnswerHasOne() throws Exception {
        try (RtmpScript script = publisher()) {
            MediaScript media = new MediaScript(script).headers().both(5);
            script.sync();
            String multivariant = text("/live/anna.m3u8?v=abcdefgh12");
            assertThat(multivariant)
                    .contains("TYPE=AUDIO", "anna/a0.m3u8?v=abcdefgh12", "CODECS=\"avc1.42C01E,mp4a.40.2\"");
            String playlist = text("/live/anna/v0.m3u8");
            assertThat(playlist).contains("#EXT-X-MAP:URI=", "#EXT-X-PART:DURATION=", "INDEPENDENT=YES", "#EXTINF:");
            String map = playlist.replaceAll("(?s).*#EXT-X-MAP:URI=\"([^\"]+)\".*", "$1");
            byte[] init = open("/live/anna/" + map).body().readAllBytes();
            assertThat(new String(init, StandardCharsets.ISO_8859_1)).contains("ftyp", "avcC");
            String hint = playlist.replaceAll("(?s).*#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"([^\"]+)\".*", "$1");
            CompletableFuture<HttpResponse<byte[]>> hinted = http.sendAsync(
                    HttpRequest.newBuilder(address("/live/anna/" + hint)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            media.both(2);
            HttpResponse<byte[]> part = hinted.get(10, TimeUnit.SECONDS);
            assertThat(part.statusCode()).isEqualTo(200);
            assertThat(new String(part.body(), 4, 4, StandardCharsets.US_ASCII)).isEqualTo("moof");
            assertThat(text("/live/anna.mpd"))
                    .contains("<MPD", "SegmentTimeline", "contentType=\"video\"", "contentType=\"audio\"");
            assertThat(text("/live/anna.ts.m3u8")).contains("#EXTINF:", ".ts");
            assertThat(text("/live/anna.m3u8?audio=only")).contains("a0.m3u8").doesNotContain("RESOLUTION");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "_HLS_part=1, 400",
        "_HLS_msn=x, 400",
        "_HLS_msn=99999999999, 400",
        "_HLS_msn=1, 200",
        "_HLS_msn=1&_HLS_skip=YES, 200"
    })
    void deliveryDirectivesAreAnsweredAsTheDraftSays(String query, int status) throws Exception {
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(5);
            script.sync();
            assertThat(open("/live/anna/v0.m3u8?" + query).statusCode()).isEqualTo(status);
        }
    }
}
