// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.recording.Recording;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The last byte of each way out, after a ticket was revoked, ran out, or a stream is not for everybody any more. */
@ExtendWith(LeakExtension.class)
class TicketEndTest {
    /** So long at most whoever is taken off the list sees anything. */
    private static final Duration MOST = Duration.ofSeconds(5);

    /** Of each picture: two seconds are more than the kernel holds for one that does not read. */
    private static final int LARGE = 100_000;

    private static final int LITTLE = 4_096;

    @TempDir
    Path directory;

    private TicketScene scene;

    @BeforeEach
    void start() throws Exception {
        scene = new TicketScene(directory, LARGE);
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    /** Reads on until there is nothing more. */
    private static CompletableFuture<Long> rest(InputStream in) {
        return Beside.supply(() -> {
            long count = 0;
            byte[] buffer = new byte[LITTLE];
            try {
                for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                    count += some;
                }
            } catch (IOException reset) {
                return count;
            }
            return count;
        });
    }

    private Socket opened(String path) throws IOException {
        Socket socket = scene.connect();
        TicketScene.say(socket, "GET", path, "");
        assertThat(TicketScene.Answer.read(socket.getInputStream(), false).status())
                .as(path)
                .isEqualTo(200);
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live/anna.flv", "/live/anna.ts", "/live/anna.mp4"})
    void anAnswerWithoutAnEndEnds(String path) throws Exception {
        PlayTicket ticket = scene.invite();
        try (Socket mine = opened(TicketScene.below(ticket) + path);
                Socket other = opened(TicketScene.below(scene.invite()) + path)) {
            CompletableFuture<Long> rest = rest(mine.getInputStream());
            assertThat(scene.revoke(ticket)).isEqualTo(1);
            rest.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(other.getInputStream().readNBytes(3 * LARGE))
                    .as("another's goes on")
                    .hasSize(3 * LARGE);
        }
    }

    @Test
    void aWebSocketEnds() throws Exception {
        PlayTicket ticket = scene.invite();
        CompletableFuture<Boolean> playing = new CompletableFuture<>();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + scene.engine.port("http") + TicketScene.below(ticket)
                                    + "/live/anna.flv"),
                            new WebSocket.Listener() {
                                @Override
                                public @Nullable CompletionStage<?> onBinary(
                                        WebSocket from, ByteBuffer data, boolean last) {
                                    playing.complete(true);
                                    from.request(1);
                                    return null;
                                }

                                @Override
                                public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                    ended.complete(true);
                                    return null;
                                }

                                @Override
                                public void onError(WebSocket from, Throwable error) {
                                    ended.complete(true);
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            playing.get(10, TimeUnit.SECONDS);
            assertThat(scene.revoke(ticket)).isEqualTo(1);
            ended.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            socket.abort();
            http.shutdownNow();
        }
    }

    private static String code(RtmpScript player) throws IOException {
        return ((AmfValue.Obj) player.await("onStatus").get(3)).text("code").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"live, anna?t=", "live?t=, anna"})
    void anRtmpPlayerIsGone(String app, String name) throws Exception {
        PlayTicket ticket = scene.invite();
        String secret = ticket.secret();
        try (RtmpScript player =
                scene.play(app.endsWith("=") ? app + secret : app, name.endsWith("=") ? name + secret : name)) {
            assertThat(code(player)).isEqualTo("NetStream.Play.Reset");
            assertThat(code(player)).isEqualTo("NetStream.Play.Start");
            assertThat(player.socket().getInputStream().readNBytes(LARGE)).hasSize(LARGE);
            assertThat(scene.engine.playSessions().getFirst().attempt().bears(ticket.hash()))
                    .isTrue();
            assertThat(scene.revoke(ticket)).isEqualTo(1);
            CompletableFuture<Long> rest = rest(player.socket().getInputStream());
            rest.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void anRtmpPlayerWithoutATicketWaitsAsForAChannelThatIsOff() throws Exception {
        long begin = System.nanoTime();
        try (RtmpScript stranger =
                        scene.play("live", "anna?t=" + PlayTicket.fresh().secret());
                RtmpScript early = scene.play("live", "bella")) {
            stranger.socket().setSoTimeout(30_000);
            early.socket().setSoTimeout(30_000);
            List<AmfValue> status = stranger.await("onStatus");
            assertThat(status).isEqualTo(early.await("onStatus"));
            assertThat(((AmfValue.Obj) status.get(3)).text("code")).hasValue("NetStream.Play.StreamNotFound");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(14));
    }

    @Test
    void aHeldReloadIsAnsweredWithTheRefusalAtOnce() throws Exception {
        PlayTicket ticket = scene.invite();
        String playlist = TicketScene.below(ticket) + "/live/anna/v0.m3u8";
        scene.hush();
        String text = scene.text(playlist);
        long next = Long.parseLong(TicketScene.first(text, "#EXT-X-MEDIA-SEQUENCE:(\\d+)"))
                + text.lines().filter(line -> line.startsWith("#EXTINF")).count();
        try (Socket socket = scene.connect()) {
            TicketScene.say(socket, "GET", playlist + "?_HLS_msn=" + (next + 1), "");
            CompletableFuture<TicketScene.Answer> answer = Beside.supply(() -> {
                try {
                    return TicketScene.Answer.read(socket.getInputStream(), false);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            long begin = System.nanoTime();
            assertThat(scene.revoke(ticket)).isPositive();
            TicketScene.Answer refused = answer.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.body()).isEqualTo("This channel is not live.\n");
        }
    }

    /** One who does not read holds some of it in the buffers of both kernels: he gets what his own has, and a reset. */
    @ParameterizedTest
    @ValueSource(strings = {"segment of what is live", "segment of a video", "video as a file", "span"})
    void aSlowReaderIsCutInTheMiddle(String what) throws Exception {
        PlayTicket ticket = scene.invite();
        String below = TicketScene.below(ticket);
        String path = switch (what) {
            case "segment of what is live" ->
                "/live/anna/" + TicketScene.first(scene.text(below + "/live/anna/v0.m3u8"), "\n([^#\n]+\\.m4s)");
            case "segment of a video" ->
                "/videos/" + TicketScene.VIDEO + "/"
                        + TicketScene.first(
                                scene.text(below + "/videos/" + TicketScene.VIDEO + "/v0.m3u8"), "\n([^#\n]+\\.m4s)");
            case "span" -> "/videos/" + TicketScene.VIDEO + "/v0-0.mp4";
            default -> "/videos/" + TicketScene.VIDEO + ".mp4";
        };
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(LITTLE);
            slow.setSoTimeout(30_000);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.engine.port("http")));
            TicketScene.say(slow, "GET", below + path, "");
            InputStream in = slow.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head).startsWith("HTTP/1.1 200");
            long length = Long.parseLong(TicketScene.first(head.toString(), "content-length: (\\d+)"));
            in.readNBytes(100);
            assertThat(scene.revoke(ticket)).isPositive();
            long got = 100 + rest(in).get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(got).as("of %s", length).isLessThan(length / 2);
        }
        Wait.until("it is forgotten", () -> scene.engine.playSessions().isEmpty());
    }

    @Test
    void whatIsAskedForAgainIsRefused() throws Exception {
        PlayTicket ticket = scene.invite();
        List<String> paths = new ArrayList<>();
        for (String each : scene.addresses(ticket).values()) {
            if (!each.matches("/live/anna(\\.live)?\\.(flv|ts|mp4)")) {
                paths.add(TicketScene.below(ticket) + each);
            }
        }
        scene.revoke(ticket);
        for (int round = 0; round < 3; round++) {
            for (String path : paths) {
                assertThat(scene.get(path).status()).as(path).isEqualTo(404);
            }
            // A no holds for a second, and is asked for again then.
            long second = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_100);
            Wait.until("a second is over", () -> System.nanoTime() > second);
        }
    }

    @Test
    void aTicketThatRunsOutEndsWithTheNextLook() throws Exception {
        Instant until = Instant.now().plusSeconds(2);
        PlayTicket ticket = scene.invite("anna", Optional.of(until));
        try (Socket socket = opened(TicketScene.below(ticket) + "/live/anna.flv")) {
            rest(socket.getInputStream())
                    .get(
                            Duration.between(Instant.now(), until)
                                    .plus(MOST)
                                    .plusSeconds(1)
                                    .toMillis(),
                            TimeUnit.MILLISECONDS);
            assertThat(Instant.now()).isAfter(until);
        }
    }

    @Test
    void whatIsNotForEverybodyAnyMoreEndsForThoseWithoutATicket() throws Exception {
        scene.closed.remove("anna");
        try (Socket stranger = opened("/live/anna.flv")) {
            String playlist = "/live/anna/v0.m3u8?v=viewer-one";
            assertThat(scene.get(playlist).status()).isEqualTo(200);
            CompletableFuture<Long> rest = rest(stranger.getInputStream());
            scene.closed.add("anna");
            scene.engine.reviewPlays(attempt -> attempt.isOf("live", "anna"));
            rest.get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(scene.get(playlist).status()).isEqualTo(404);
            assertThat(scene.engine.playSessions()).isEmpty();
        }
    }

    @Test
    void aVideoThatIsNotForEverybodyAnyMoreEndsInTheMiddle() throws Exception {
        scene.index.access(TicketScene.VIDEO, Recording.Access.EVERYBODY);
        scene.engine.forgetRecording(TicketScene.VIDEO);
        String path = "/videos/" + TicketScene.VIDEO + ".mp4";
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(LITTLE);
            slow.setSoTimeout(30_000);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), scene.engine.port("http")));
            TicketScene.say(slow, "GET", path, "");
            InputStream in = slow.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            scene.index.access(TicketScene.VIDEO, Recording.Access.TICKET);
            scene.engine.forgetRecording(TicketScene.VIDEO);
            long got = rest(in).get(MOST.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(got).isLessThan(8L * 25 * LARGE / 2);
        }
        assertThat(scene.get(path).status()).isEqualTo(404);
    }
}
