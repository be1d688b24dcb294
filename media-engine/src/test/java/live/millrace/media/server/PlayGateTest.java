// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.endpoint.StreamAddresses;
import live.millrace.media.endpoint.http.HttpEndpoint;
import live.millrace.media.endpoint.http.PlayGate;
import live.millrace.media.http.Gate;
import live.millrace.media.http.Subject;
import live.millrace.media.hub.LocalStreams;
import live.millrace.media.hub.StreamNaming;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What of a stream that is not public reaches whom: a stranger, one who says the wrong word, one who was allowed and is sent away. */
@ExtendWith(LeakExtension.class)
class PlayGateTest {
    private static final String RIGHT = "v=viewer-right&word=right";

    /** Three times as long as a viewer who is sent away may still see something, for a busy machine. */
    private static final long GONE_SECONDS = 15;

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    /** Whether the right word still helps: who is sent away is asked about again some seconds later. */
    private volatile boolean welcome = true;

    private MediaEngine engine;

    @BeforeEach
    void start() {
        engine = MediaEngine.start(
                OpenEngine.cuttingAlways(directory).with(StreamNaming.CHANNELS),
                new EnginePorts(
                        OpenEngine.EVERYBODY,
                        OpenEngine.SILENT,
                        attempt -> CompletableFuture.completedStage(
                                welcome && attempt.parameters().contains("word=right")
                                        ? PlayDecision.UNLIMITED
                                        : PlayDecision.NOT_ALLOWED),
                        PlayObserver.NOBODY,
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
        new MediaScript(script).headers().both(6);
        script.sync();
        return script;
    }

    private HttpRequest request(String path, String agent) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.port("http") + path))
                .header("User-Agent", agent)
                .build();
    }

    private HttpResponse<InputStream> open(String path, String agent) throws Exception {
        return http.send(request(path, agent), HttpResponse.BodyHandlers.ofInputStream());
    }

    private int status(String path, String agent) throws Exception {
        HttpResponse<InputStream> answer = open(path, agent);
        answer.body().close();
        return answer.statusCode();
    }

    private String text(String path) throws Exception {
        HttpResponse<String> answer = http.send(request(path, "player"), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static String first(String playlist, String pattern) {
        assertThat(playlist).containsPattern(pattern);
        return playlist.replaceAll("(?s).*?" + pattern + ".*", "$1");
    }

    /** One address of everything there is to see, as a viewer who may see it learns them. */
    private List<String> pieces() throws Exception {
        String playlist = text("/live/anna/v0.m3u8?" + RIGHT);
        String transport = text("/live/anna.ts.m3u8?" + RIGHT);
        List<String> pieces = new ArrayList<>();
        pieces.add("/live/anna/" + first(playlist, "#EXT-X-MAP:URI=\"([^\"]+)\""));
        pieces.add("/live/anna/" + first(playlist, "#EXT-X-PART:[^\\n]*URI=\"([^\"]+)\""));
        pieces.add("/live/anna/" + first(playlist, "\\n([^#\\n]+\\.m4s)"));
        pieces.add("/live/" + first(transport, "\\n([^#\\n]+\\.ts)"));
        return pieces;
    }

    private static final List<String> PLAYLISTS =
            List.of("/live/anna.m3u8", "/live/anna/v0.m3u8", "/live/anna.ts.m3u8", "/live/anna.mpd", "/hls/anna.m3u8");

    private static final List<String> ENDLESS = List.of("/live/anna.flv", "/live/anna.ts", "/live/anna.mp4");

    @Test
    void aStrangerAndOneWithTheWrongWordGetNothing() throws Exception {
        try (RtmpScript _ = publisher()) {
            List<String> pieces = pieces();
            for (String piece : pieces) {
                assertThat(status(piece, "player")).as(piece).isEqualTo(200);
                assertThat(status(piece + "?v=viewer-right", "any"))
                        .as("by the id, %s", piece)
                        .isEqualTo(200);
                assertThat(status(piece, "stranger")).as(piece).isEqualTo(404);
                assertThat(status(piece + "?" + "v=viewer-wrong&word=right", "stranger"))
                        .as("pieces open no session, %s", piece)
                        .isEqualTo(404);
            }
            List<CompletableFuture<HttpResponse<Void>>> endless = new ArrayList<>();
            for (String word : List.of("v=viewer-wrong&word=wrong", "")) {
                for (String path : PLAYLISTS) {
                    assertThat(status(path + "?" + word, "stranger")).as(path).isEqualTo(404);
                }
                ENDLESS.forEach(path -> endless.add(http.sendAsync(
                        request(path + "?" + word, "stranger"), HttpResponse.BodyHandlers.discarding())));
                for (String piece : pieces) {
                    assertThat(status(piece + "?" + word, "stranger")).as(piece).isEqualTo(404);
                }
            }
            assertThat(engine.playSessions()).hasSize(1);
            for (CompletableFuture<HttpResponse<Void>> each : endless) {
                // After as long as for a channel that is off.
                assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void aNameThatIsNotOnAirIsNobodysQuestionAndTheSameForAll() throws Exception {
        for (String path : List.of("/live/bella.m3u8", "/live/bella/v0.m3u8?" + RIGHT, "/live/bella.mpd")) {
            assertThat(status(path, "player")).as(path).isEqualTo(404);
        }
        assertThat(engine.playSessions()).isEmpty();
    }

    @Test
    void whoIsSentAwayGetsNothingMore() throws Exception {
        try (RtmpScript _ = publisher()) {
            List<String> pieces = pieces();
            InputStream flv = open("/live/anna.flv?" + RIGHT, "player").body();
            flv.readNBytes(20);
            CompletableFuture<Integer> goodbye = new CompletableFuture<>();
            WebSocket webSocket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + engine.port("http") + "/live/anna.flv?" + RIGHT),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletableFuture<?> onClose(
                                        WebSocket socket, int code, String reason) {
                                    goodbye.complete(code);
                                    return null;
                                }

                                @Override
                                public void onError(WebSocket socket, Throwable error) {
                                    goodbye.complete(0);
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            assertThat(engine.playSessions()).hasSize(1);
            welcome = false;
            assertThat(engine.stopPlaying(
                            engine.playSessions().getFirst().attempt().sessionId()))
                    .isTrue();
            for (String piece : pieces) {
                assertThat(status(piece, "player")).as(piece).isEqualTo(404);
                assertThat(status(piece + "?v=viewer-right", "player"))
                        .as(piece)
                        .isEqualTo(404);
            }
            for (String path :
                    List.of("/live/anna.m3u8", "/live/anna/v0.m3u8", "/live/anna.ts.m3u8", "/live/anna.mpd")) {
                assertThat(status(path + "?" + RIGHT, "player")).as(path).isEqualTo(404);
            }
            assertThat(status("/live/anna.flv?" + RIGHT, "player")).isEqualTo(404);
            assertThat(Beside.supply(() -> ends(flv)).get(GONE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            goodbye.get(GONE_SECONDS, TimeUnit.SECONDS);
            webSocket.abort();
            http.close();
            Wait.until(
                    "the sockets closed",
                    () -> engine.endpoint(HttpEndpoint.class).connections() == 0);
        }
    }

    private static boolean ends(InputStream body) {
        try (body) {
            body.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException cut) {
            return true;
        }
        return true;
    }

    /** Where everybody may watch, a piece costs a look into memory: the same answer for all, made once. */
    @Test
    void piecesOfWhatIsPublicPassWithoutASession() {
        PlayAdmission admission = new PlayAdmission(
                new PlayAdmission.Limits(1, true),
                PlayAuthorizer.ANYBODY,
                PlayObserver.NOBODY,
                InstantSource.system(),
                System::nanoTime);
        PlayGate gate = new PlayGate(
                admission,
                new StreamAddresses(StreamNaming.CHANNELS),
                new LocalStreams(_ -> Optional.empty(), List.of(), Duration.ZERO),
                Optional.empty());
        live.millrace.media.http.HttpRequest request = new live.millrace.media.http.HttpRequest(
                HttpMethod.GET,
                Map.of("stream", "anna"),
                Map.of(),
                "",
                EmptyHttpHeaders.INSTANCE,
                Unpooled.EMPTY_BUFFER,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        EmbeddedChannel socket = new EmbeddedChannel();
        assertThat((Object) gate.ask(new Subject.Stream(Subject.Use.ARTEFACT, "hls"), request, socket))
                .isSameAs(Gate.FREE);
        assertThat((Object) gate.ask(new Subject.Stream(Subject.Use.LISTING, "hls"), request, socket))
                .isSameAs(Gate.FREE);
        assertThat(admission.sessions()).isEmpty();
        socket.finishAndReleaseAll();
    }
}
