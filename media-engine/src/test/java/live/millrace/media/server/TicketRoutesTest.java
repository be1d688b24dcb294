// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.http.HttpRouter;
import live.millrace.media.http.Subject;
import live.millrace.media.testing.LeakExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route of the media port, asked in every way with every kind of ticket: who may not have what is there gets, byte for byte, what he
 * gets where nothing is. A new route without an address in {@link TicketScene#addresses} fails.
 */
@ExtendWith(LeakExtension.class)
class TicketRoutesTest {
    private static final String UPGRADE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    /** A channel and a recording that there are not. */
    private static final String NOBODY = "bella";

    private static final String NOTHING = "AAAAAAAAAAA";

    /** There is no FFmpeg to draw a sheet, and the sound is AAC. */
    private static final Set<String> NOT_MADE = Set.of("/videos/{id:any}/{span}.jpg", "/videos/{id:any}.mp3");

    @TempDir
    Path directory;

    /** Where there is no stream one waits for it: many wait together, and no more than a connection of HTTP/2 takes. */
    private final Semaphore sockets = new Semaphore(500);

    private final Semaphore streams = new Semaphore(90);
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
    private TicketScene scene;
    private HttpClient http2;

    /** How an address is asked for. */
    @FunctionalInterface
    private interface Way {
        TicketScene.Answer ask(String path) throws Exception;
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Of clients that believe every certificate. */
    static SSLContext trusting() throws GeneralSecurityException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, null);
        return trusting;
    }

    @BeforeEach
    void start() throws Exception {
        http2 = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trusting())
                .build();
        scene = new TicketScene(directory);
    }

    @AfterEach
    void stop() {
        http2.shutdownNow();
        scene.close();
        askers.shutdownNow();
    }

    private Map<String, Way> ways() {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("GET", path -> scene.ask("GET", path, ""));
        ways.put("HEAD", path -> scene.ask("HEAD", path, ""));
        ways.put("OPTIONS", path -> scene.ask("OPTIONS", path, "Origin: https://example.org\r\n"));
        ways.put("range", path -> scene.ask("GET", path, "Range: bytes=0-3\r\n"));
        ways.put("WebSocket", path -> scene.ask("GET", path, UPGRADE));
        ways.put("absolute form", path -> scene.ask("GET", "http://localhost" + path, ""));
        ways.put("HTTP/2", this::overHttp2);
        return ways;
    }

    private TicketScene.Answer overHttp2(String path) throws Exception {
        HttpResponse<InputStream> answer = http2.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + scene.engine.port("https") + path))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        Map<String, String> headers = new TreeMap<>();
        answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
        try (InputStream body = answer.body()) {
            return new TicketScene.Answer(
                    answer.statusCode(), headers, new String(body.readNBytes(64), StandardCharsets.ISO_8859_1));
        }
    }

    /** What stands before the path, by what is wrong with it. */
    private Map<String, String> wrongTickets() throws Exception {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("none", "");
        wrong.put("malformed", "/t/nonsense");
        wrong.put("empty", "/t/");
        wrong.put("not canonical", "/t/9pX0cQ2mR1uTn5vYw8sK3B");
        wrong.put("unknown", TicketScene.below(PlayTicket.fresh()));
        wrong.put("foreign", TicketScene.below(scene.invite("clara", Optional.empty())));
        wrong.put("expired", TicketScene.below(scene.invite("anna", Optional.of(Instant.EPOCH))));
        PlayTicket revoked = scene.invite();
        assertThat(scene.get(TicketScene.below(revoked) + "/live/anna.m3u8").status())
                .isEqualTo(200);
        assertThat(scene.revoke(revoked)).isPositive();
        wrong.put("revoked", TicketScene.below(revoked));
        return wrong;
    }

    private record Row(
            String name, boolean options, Future<TicketScene.Answer> here, Future<TicketScene.Answer> nowhere) {}

    private Future<TicketScene.Answer> later(Way way, boolean multiplexed, String path) {
        Semaphore room = multiplexed ? streams : sockets;
        return askers.submit(() -> {
            room.acquire();
            try {
                return way.ask(path).timeless();
            } finally {
                room.release();
            }
        });
    }

    @Test
    void whoMayNotHaveItGetsWhatIsNotThere() throws Exception {
        Map<String, String> addresses = scene.addresses(scene.invite());
        assertThat(addresses.keySet())
                .containsExactlyInAnyOrderElementsOf(scene.engine.httpRoutes().stream()
                        .filter(route -> route.subject() instanceof Subject.Guarded)
                        .map(HttpRouter.Route::pattern)
                        // What is offered there and not asked for has a test of its own: WhepTicketTest.
                        .filter(pattern -> !pattern.contains("/whep"))
                        .toList());
        List<Row> rows = new ArrayList<>();
        asks(rows, addresses, wrongTickets(), ways());
        refused(rows);
    }

    /** The same of the addresses for caches, in the ways that a cache asks. */
    @Test
    void whatIsNotSignedForItGetsWhatIsNotThere() throws Exception {
        Map<String, Way> ways = ways();
        ways.keySet().retainAll(Set.of("GET", "HTTP/2"));
        PlayTicket ticket = scene.invite();
        Map<String, String> addresses = scene.addresses(ticket);
        Map<String, String> wrong = wrongSignatures();
        String live = scene.signed(ticket); // after one was sent away
        wrong.put(
                "forged",
                live.substring(0, live.length() - 2)
                        + (live.charAt(live.length() - 2) == 'A' ? "B" : "A")
                        + live.charAt(live.length() - 1));
        wrong.put(
                "of another time",
                live.replaceFirst("/k/\\d+", "/k/" + (Instant.now().getEpochSecond() + 45)));
        wrong.put("of another key", live.replace(".20002.", ".20001."));
        wrong.put("of no key", live.replace(".20002.", ".1."));
        wrong.put("in the place of a ticket", live.replace("/k/", "/t/"));
        List<Row> rows = new ArrayList<>();
        asks(rows, addresses, wrong, ways);
        // What is signed for one of both is not for the other, nor for what is no list or piece of HLS and DASH.
        asks(
                rows,
                matching(addresses, pattern -> pattern.startsWith("/videos") || !cached(pattern)),
                Map.of("live", live),
                ways);
        asks(
                rows,
                matching(addresses, pattern -> !pattern.startsWith("/videos") || !cached(pattern)),
                Map.of("a video", scene.signedVideo(ticket)),
                ways);
        refused(rows);
    }

    private static Map<String, String> matching(Map<String, String> addresses, Predicate<String> which) {
        Map<String, String> some = new TreeMap<>(addresses);
        some.keySet().removeIf(which.negate());
        return some;
    }

    /** Whether a cache may ask for what is behind a pattern; what is recorded of what is live has a signature of its own. */
    private static boolean cached(String pattern) {
        return !pattern.matches(".*any}(\\.live)?\\.(flv|ts|mp4|m4a|mp3)")
                && !pattern.startsWith("/playback")
                && !pattern.matches(".*([./]record\\.m3u8|any}\\.storyboard\\.vtt|/signed\\.json)");
    }

    /** What stands in the place of a signature, by what is wrong with it. */
    private Map<String, String> wrongSignatures() throws Exception {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("malformed", "/k/nonsense");
        wrong.put("empty", "/k/");
        wrong.put("a ticket", TicketScene.below(scene.invite()).replace("/t/", "/k/"));
        PlayTicket gone = scene.invite();
        String ended = scene.signed(gone);
        assertThat(scene.get(ended + "/live/anna.m3u8").status()).isEqualTo(200);
        assertThat(scene.revoke(gone)).isPositive();
        wrong.put("of another epoch", ended);
        return wrong;
    }

    private void asks(
            List<Row> rows, Map<String, String> addresses, Map<String, String> wrongs, Map<String, Way> ways) {
        for (Map.Entry<String, String> wrong : wrongs.entrySet()) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                boolean multiplexed = way.getKey().equals("HTTP/2");
                addresses.forEach((pattern, address) -> {
                    String here = wrong.getValue() + address;
                    String nowhere =
                            wrong.getValue() + address.replace("anna", NOBODY).replace(TicketScene.VIDEO, NOTHING);
                    rows.add(new Row(
                            way.getKey() + " " + pattern + " with what is " + wrong.getKey(),
                            way.getKey().equals("OPTIONS"),
                            later(way.getValue(), multiplexed, here),
                            later(way.getValue(), multiplexed, nowhere)));
                });
            }
        }
    }

    private static void refused(List<Row> rows) throws Exception {
        for (Row row : rows) {
            TicketScene.Answer here = row.here().get(90, TimeUnit.SECONDS);
            assertThat(here.status()).as(row.name()).isEqualTo(row.options() ? 204 : 404);
            assertThat(here).as(row.name()).isEqualTo(row.nowhere().get(90, TimeUnit.SECONDS));
        }
    }

    /** A cache has what not everybody may have for as long as its address holds, and lists for a second. */
    @Test
    void aCacheHasWhatIsSigned() throws Exception {
        PlayTicket ticket = scene.invite();
        assertThat(scene.signed(ticket)).isEqualTo(scene.signed(scene.invite()));
        assertThat(scene.get(TicketScene.below(ticket) + "/live/anna/signed.json")
                        .headers())
                .containsEntry("cache-control", "private, no-store");
        Map<String, String> addresses = matching(scene.addresses(ticket), TicketRoutesTest::cached);
        for (Map.Entry<String, Way> way : ways().entrySet()) {
            for (Map.Entry<String, String> each : addresses.entrySet()) {
                String name = way.getKey() + " " + each.getKey();
                String below = each.getKey().startsWith("/videos") ? scene.signedVideo(ticket) : scene.signed(ticket);
                TicketScene.Answer answer = way.getValue().ask(below + each.getValue());
                if (way.getKey().equals("OPTIONS")) {
                    assertThat(answer.status()).as(name).isEqualTo(204);
                } else if (!each.getKey().contains("storyboard") && !NOT_MADE.contains(each.getKey())) {
                    assertThat(answer.status()).as(name).isIn(200, 206);
                    assertThat(answer.headers())
                            .as(name)
                            .containsEntry("referrer-policy", "no-referrer")
                            .containsEntry("access-control-allow-origin", "*");
                    String keeping = answer.headers().get("cache-control");
                    if (each.getKey().endsWith("{span}.mp4")) {
                        assertThat(keeping).as(name).isEqualTo("private, no-store"); // it is being written
                    } else if (each.getValue().matches(".*\\.(m3u8|mpd)")) {
                        assertThat(keeping).as(name).isEqualTo("public, max-age=0, s-maxage=1");
                    } else {
                        assertThat(keeping).as(name).matches("public, max-age=([1-9]|[1-5][0-9]|60)");
                    }
                }
            }
        }
        assertThat(scene.engine.playSessions())
                .as("a cache is no viewer")
                .allMatch(session -> session.attempt().ticket().isPresent());
    }

    @Test
    void whoMayHasAllOfItAndNoCacheDoes() throws Exception {
        PlayTicket ticket = scene.invite();
        for (Map.Entry<String, Way> way : ways().entrySet()) {
            for (Map.Entry<String, String> each : scene.addresses(ticket).entrySet()) {
                String name = way.getKey() + " " + each.getKey();
                TicketScene.Answer answer = way.getValue().ask(TicketScene.below(ticket) + each.getValue());
                boolean socket = each.getKey().matches(".*any}(\\.live)?\\.(flv|ts|mp4)")
                        && !each.getKey().startsWith("/videos");
                if (way.getKey().equals("OPTIONS")) {
                    assertThat(answer.status()).as(name).isEqualTo(204);
                    assertThat(answer.headers().get("access-control-allow-headers"))
                            .contains("Range", "Accept-Encoding", "Content-Type");
                } else if (way.getKey().equals("WebSocket") && socket) {
                    assertThat(answer.status()).as(name).isEqualTo(101);
                } else if (!NOT_MADE.contains(each.getKey())) {
                    assertThat(answer.status()).as(name).isIn(200, 206);
                }
                assertThat(answer.headers())
                        .as(name)
                        .containsEntry("cache-control", "private, no-store")
                        .containsEntry("referrer-policy", "no-referrer");
                if (answer.status() != 101) {
                    assertThat(answer.headers()).as(name).containsEntry("access-control-allow-origin", "*");
                }
            }
        }
    }

    @Test
    void aRangeOfAPieceIsARangeForReceiversToo() throws Exception {
        PlayTicket ticket = scene.invite();
        Map<String, String> addresses = scene.addresses(ticket);
        for (String piece : Set.of(
                "/live/{stream:any}/{broadcast}/{track}/{number}.m4s",
                "/videos/{id:any}/{track}/{sequence}.m4s",
                "/videos/{id:any}.mp4")) {
            TicketScene.Answer answer = scene.ask(
                    "GET",
                    TicketScene.below(ticket) + addresses.get(piece),
                    "Range: bytes=0-3\r\nOrigin: https://x\r\n");
            assertThat(answer.status()).as(piece).isEqualTo(206);
            assertThat(answer.headers().get("content-range")).as(piece).startsWith("bytes 0-3/");
            assertThat(answer.body()).as(piece).hasSize(4);
        }
    }

    @Test
    void aTicketInTheQueryIsNone() throws Exception {
        String ticket = scene.invite().secret();
        assertThat(scene.get("/live/anna.m3u8?t=" + ticket).status()).isEqualTo(404);
        assertThat(scene.get("/videos/" + TicketScene.VIDEO + "/index.m3u8?t=" + ticket)
                        .status())
                .isEqualTo(404);
    }

    /** What everybody may watch, everybody may watch by any ticket as well: what was opened to all goes on for the invited. */
    @Test
    void whatIsPublicIsPublicBelowATicketToo() throws Exception {
        scene.closed.clear();
        assertThat(scene.get("/live/anna.m3u8").headers()).doesNotContainKey("referrer-policy");
        for (String ticket : Set.of(TicketScene.below(PlayTicket.fresh()), "/t/nonsense")) {
            TicketScene.Answer answer = scene.get(ticket + "/live/anna/v0.m3u8");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("cache-control", "private, no-store");
        }
    }

    /** A session is asked about once, however many addresses it takes. */
    @Test
    void oneSessionIsOneQuestion() throws Exception {
        PlayTicket ticket = scene.invite();
        String below = TicketScene.below(ticket);
        scene.text(below + "/live/anna.m3u8?v=viewer-one");
        String media = scene.text(below + "/live/anna/v0.m3u8?v=viewer-one");
        scene.text(below + "/live/anna/" + TicketScene.first(media, "\n([^#\n]+\\.m4s)"));
        scene.text(below + "/live/anna/" + TicketScene.first(media, "#EXT-X-MAP:URI=\"([^\"]+)\""));
        assertThat(scene.asked).hasSize(1);
        assertThat(scene.engine.playSessions()).hasSize(1);
        assertThat(scene.asked.element().toString()).doesNotContain(ticket.secret());
    }
}
