// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cache in front, set up as {@code docs/deployment/nginx-cdn.conf} says: what it keeps, and for how long of whom. Where there is an nginx. */
class NginxCacheTest {
    private static final Optional<Path> NGINX = Stream.of("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();

    /** What is in front of nothing any more: so long a list may be kept, the time that it takes to ask, and one more for a busy machine. */
    private static final Duration MOST = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private TicketScene scene;
    private Process nginx;
    private int port;

    @BeforeEach
    void start() throws Exception {
        assumeThat(NGINX).isPresent();
        scene = new TicketScene(Files.createDirectory(directory.resolve("engine")));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path folder = Files.createDirectory(directory.resolve("nginx"));
        String manual = Files.readString(Path.of("..", "docs", "deployment", "nginx-cdn.conf"))
                .replaceAll("listen 443 ssl http2;", "listen 127.0.0.1:" + port + ";")
                .replaceAll("ssl_certificate.*;|proxy_ssl_server_name.*;", "")
                .replace("https://live.example.org", "http://127.0.0.1:" + scene.engine.port("http"))
                .replace("/var/cache/nginx/millrace", folder.resolve("cache").toString())
                .replace("/var/log/nginx", folder.toString());
        Path config = Files.writeString(
                folder.resolve("nginx.conf"),
                (System.getProperty("user.name").equals("root") ? "user root; " : "") + "daemon off; pid " + folder
                        + "/pid; error_log " + folder + "/error.log; events {}\nhttp {\n"
                        + Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                                .map(kind -> kind + "_temp_path " + folder + "/" + kind + ";\n")
                                .reduce("", String::concat)
                        + manual + "}\n");
        nginx = new ProcessBuilder(NGINX.orElseThrow().toString(), "-c", config.toString(), "-p", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        Wait.until("nginx answers", () -> {
            try {
                return get("/").statusCode() == 404;
            } catch (ConnectException notYet) {
                assertThat(nginx.isAlive()).as("nginx").isTrue();
                return false;
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor(10, TimeUnit.SECONDS);
        }
        http.shutdownNow();
        if (scene != null) {
            scene.close();
        }
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(request(path), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    private static String cache(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Cache").orElse("");
    }

    private String list(String signed) throws Exception {
        HttpResponse<byte[]> answer = get(signed + "/live/anna/v0.m3u8");
        assertThat(answer.statusCode()).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String newest(String list) {
        return Stream.of(list.split("\n"))
                .filter(line -> line.endsWith(".m4s"))
                .toList()
                .getLast();
    }

    @Test
    void twoViewersFetchOneSegment() throws Exception {
        PlayTicket one = scene.invite();
        PlayTicket other = scene.invite();
        String piece = "/live/anna/" + newest(list(scene.signed(one)));
        HttpResponse<byte[]> first = get(scene.signed(one) + piece);
        HttpResponse<byte[]> second = get(scene.signed(other) + piece);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(cache(first)).isEqualTo("MISS");
        assertThat(cache(second)).isEqualTo("HIT");
        assertThat(second.body()).isEqualTo(first.body()).hasSizeGreaterThan(1_000);
        assertThat(second.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        HttpResponse<byte[]> behindTicket = get(TicketScene.below(one) + piece);
        assertThat(behindTicket.statusCode()).as("tickets are not for caches").isEqualTo(404);
        String log = Files.readString(directory.resolve("nginx").resolve("cdn.log"));
        assertThat(log).contains("/k/-/live/anna/").doesNotContain(scene.signed(one), one.secret());
    }

    /** What many wait for is asked for once. */
    @Test
    void aListThatIsWaitedForIsOneQuestion() throws Exception {
        String signed = scene.signed(scene.invite());
        String list = list(signed);
        long next = Long.parseLong(TicketScene.first(list, "#EXT-X-MEDIA-SEQUENCE:(\\d+)"))
                + list.lines().filter(line -> line.startsWith("#EXTINF")).count();
        String held = signed + "/live/anna/v0.m3u8?_HLS_msn=" + next;
        List<CompletableFuture<HttpResponse<byte[]>>> all = Stream.generate(
                        () -> http.sendAsync(request(held), HttpResponse.BodyHandlers.ofByteArray()))
                .limit(10)
                .toList();
        List<String> said = all.stream()
                .map(CompletableFuture::join)
                .map(NginxCacheTest::cache)
                .toList();
        assertThat(said).containsOnlyOnce("MISS").contains("HIT");
        assertThat(all)
                .allSatisfy(each -> assertThat(each.join().body())
                        .isEqualTo(all.getFirst().join().body()));
    }

    @Test
    void whoIsSentAwayHasWhatIsInTheCacheAndNothingNew() throws Exception {
        PlayTicket stays = scene.invite();
        PlayTicket goes = scene.invite();
        String before = scene.signed(goes);
        assertThat(scene.signed(stays)).isEqualTo(before);
        String list = list(before);
        String seen = "/live/anna/" + newest(list);
        assertThat(get(before + seen).statusCode()).isEqualTo(200);
        long begin = System.nanoTime();
        assertThat(scene.revoke(goes)).isPositive();
        Wait.until("the list is old", () -> get(before + "/live/anna/v0.m3u8").statusCode() == 404);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertThat(took).isLessThan(MOST);
        HttpResponse<byte[]> kept = get(before + seen);
        assertThat(kept.statusCode()).as("what was seen is in the cache").isEqualTo(200);
        assertThat(cache(kept)).isEqualTo("HIT");
        assertThat(scene.get(TicketScene.below(goes) + "/live/anna/signed.json").status())
                .isEqualTo(404);
        String after = scene.signed(stays);
        Wait.until("there is more", () -> !newest(list(after)).equals(newest(list)));
        String fresh = "/live/anna/" + newest(list(after));
        assertThat(get(after + fresh).statusCode()).isEqualTo(200);
        assertThat(get(before + fresh).statusCode())
                .as("what is new, by the old address")
                .isEqualTo(404);
    }
}
