// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.media.callback.CallbackContract;
import live.millrace.media.callback.Signature;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An engine that stands alone and asks a small HTTP server, in both contracts. */
class CallbacksTest {
    private static final String SECRET = "shared by both sides";
    private static final JsonMapper JSON = new JsonMapper();

    /** What the server was sent. */
    private record Received(String path, String body, String signature, String event, Instant at) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        Map<String, String> form() {
            Map<String, String> fields = new LinkedHashMap<>();
            for (String pair : body.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
                assertThat(fields).as("each field once").doesNotContainKey(name);
                fields.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
            return fields;
        }
    }

    @TempDir
    private Path directory;

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{\"code\":0}";
    private volatile String location = "";
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Duration delay = Duration.ZERO;
    private final java.util.concurrent.atomic.AtomicInteger failuresLeft =
            new java.util.concurrent.atomic.AtomicInteger();
    private StandaloneEngine engine;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        try {
            over.await(delay.toMillis(), TimeUnit.MILLISECONDS); // a slow server, until the test is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean event = path.endsWith("/unpublish") || path.endsWith("/stop");
        int code = event ? (failuresLeft.getAndDecrement() > 0 ? 500 : 200) : status;
        received.add(new Received(
                path,
                body,
                exchange.getRequestHeaders().getFirst(Signature.HEADER),
                exchange.getRequestHeaders().getFirst("X-Millrace-Event-Id"),
                Instant.now()));
        if (!location.isEmpty() && !event) {
            exchange.getResponseHeaders().add("Location", location);
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void start(CallbackContract contract) {
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        engine = new StandaloneEngine(() -> TestSettings.of(
                directory,
                null,
                new EngineFile.Callbacks(
                        contract,
                        List.of(URI.create(base + "/publish")),
                        List.of(URI.create(base + "/unpublish")),
                        List.of(URI.create(base + "/play")),
                        List.of(URI.create(base + "/stop")),
                        List.of(URI.create(base + "/record")),
                        Duration.ofMillis(700),
                        SECRET)));
    }

    @AfterEach
    void stop() {
        over.countDown();
        if (engine != null) {
            engine.close();
        }
        server.stop(0);
    }

    private RtmpScript connected() throws IOException {
        return new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live");
    }

    private Received next(String path) throws InterruptedException {
        while (true) {
            Received next = received.poll(15, TimeUnit.SECONDS);
            assertThat(next).as("waiting for %s", path).isNotNull();
            if (next.path().equals(path)) {
                return next;
            }
        }
    }

    @Test
    void srsFieldsAreAllThereAndSigned() throws Exception {
        start(CallbackContract.SRS);
        try (RtmpScript script = connected()) {
            assertThat(script.publish("anna?token=x&stream=evil&ip=1.2.3.4")).isEqualTo("NetStream.Publish.Start");
            Received publish = next("/publish");
            JsonNode json = publish.json();
            assertThat(json.propertyNames())
                    .containsExactly(
                            "server_id",
                            "service_id",
                            "action",
                            "client_id",
                            "ip",
                            "vhost",
                            "app",
                            "tcUrl",
                            "stream",
                            "param",
                            "stream_url");
            assertThat(json.path("action").asString()).isEqualTo("on_publish");
            assertThat(json.path("app").asString()).isEqualTo("live");
            assertThat(json.path("stream").asString()).isEqualTo("anna");
            assertThat(json.path("ip").asString()).isEqualTo("127.0.0.1");
            assertThat(json.path("param").asString()).isEqualTo("?token=x&stream=evil&ip=1.2.3.4");
            assertThat(json.path("stream_url").asString()).isEqualTo("/live/anna");
            long seconds = Long.parseLong(
                    publish.signature().substring(2, publish.signature().indexOf(',')));
            assertThat(publish.signature())
                    .isEqualTo(Signature.of(SECRET, Instant.ofEpochSecond(seconds), publish.body()));
            assertThat(Instant.ofEpochSecond(seconds))
                    .isBetween(publish.at().minusSeconds(3), publish.at().plusSeconds(1));
            new MediaScript(script).headers().both(6);
            script.sync();
            try (HlsReader hls = new HlsReader(engine.engine().port("http"))) {
                assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-one&pass=y").statusCode())
                        .isEqualTo(200);
                JsonNode play = next("/play").json();
                assertThat(play.path("action").asString()).isEqualTo("on_play");
                assertThat(play.path("stream").asString()).isEqualTo("anna");
                assertThat(play.path("param").asString()).isEqualTo("?v=viewer-one&pass=y");
                assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-one").statusCode())
                        .isEqualTo(200);
                assertThat(received).as("asked once for a session").isEmpty();
            }
            script.socket().close();
            JsonNode unpublish = next("/unpublish").json();
            assertThat(unpublish.path("action").asString()).isEqualTo("on_unpublish");
            assertThat(unpublish.path("client_id")).isEqualTo(json.path("client_id"));
            assertThat(unpublish.has("tcUrl")).isFalse();
            assertThat(next("/stop").json().path("action").asString()).isEqualTo("on_stop");
        }
    }

    @ParameterizedTest(name = "{0}: status {1}, {2} is {4}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "SRS   | 200 | 0                | - | Start",
                "SRS   | 200 | {\"code\":0}     | - | Start",
                "SRS   | 200 | {\"code\":1}     | - | BadName",
                "SRS   | 200 | {\"code\":\"0\"} | - | BadName",
                "SRS   | 200 | yes              | - | BadName",
                "SRS   | 200 | {}               | - | BadName",
                "SRS   | 204 | 0                | - | BadName",
                "SRS   | 403 | 0                | - | BadName",
                "NGINX | 200 | -                | - | Start",
                "NGINX | 201 | -                | - | Start",
                "NGINX | 302 | -                | bertha | Start",
                "NGINX | 302 | -                | rtmp://10.0.0.1/live/x | BadName",
                "NGINX | 302 | -                | - | BadName",
                "NGINX | 404 | -                | - | BadName",
            })
    void onlyAClearYesIsYes(CallbackContract contract, int code, String body, String to, String result)
            throws Exception {
        status = code;
        answer = body == null ? "" : body;
        location = to == null ? "" : to;
        start(contract);
        try (RtmpScript script = connected()) {
            assertThat(script.publish("anna")).isEqualTo("NetStream.Publish." + result);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatFailsIsAskedAgainAndHasRefusedNobody(CallbackContract contract) throws Exception {
        status = 503;
        start(contract);
        try (RtmpScript script = connected()) {
            CompletableFuture<String> told = publishing(script);
            next("/publish");
            assertThat(told).isNotDone();
            status = 200;
            assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("NetStream.Publish.Start");
        }
    }

    @Test
    void aServerThatIsSlowIsAskedAgain() throws Exception {
        delay = Duration.ofSeconds(2);
        start(CallbackContract.SRS);
        try (RtmpScript script = connected()) {
            CompletableFuture<String> told = publishing(script);
            next("/publish");
            delay = Duration.ZERO;
            assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("NetStream.Publish.Start");
        }
    }

    @Test
    void aServerThatIsAwayIsWaitedFor() throws Exception {
        start(CallbackContract.SRS);
        InetSocketAddress address = server.getAddress();
        server.stop(0);
        try (RtmpScript script = connected()) {
            CompletableFuture<String> told = publishing(script);
            server = HttpServer.create(address, 0);
            server.createContext("/", this::answer);
            server.start();
            assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("NetStream.Publish.Start");
        }
    }

    private static CompletableFuture<String> publishing(RtmpScript script) {
        return Beside.supply(() -> {
            try {
                return script.publish("anna");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void nginxFieldsCannotBeOverwrittenByTheClient() throws Exception {
        start(CallbackContract.NGINX);
        try (RtmpScript script = connected()) {
            assertThat(script.publish("anna?token=a%26b&name=evil&addr=1.2.3.4&call=play&n%61me=evil2"))
                    .isEqualTo("NetStream.Publish.Start");
            Map<String, String> form = next("/publish").form();
            assertThat(form.keySet())
                    .containsExactly(
                            "app",
                            "flashver",
                            "swfurl",
                            "tcurl",
                            "pageurl",
                            "addr",
                            "clientid",
                            "call",
                            "name",
                            "type",
                            "token");
            assertThat(form)
                    .containsEntry("app", "live")
                    .containsEntry("name", "anna")
                    .containsEntry("addr", "127.0.0.1")
                    .containsEntry("call", "publish")
                    .containsEntry("type", "live")
                    .containsEntry("token", "a&b");
        }
        assertThat(next("/unpublish").form())
                .containsEntry("call", "publish_done")
                .containsEntry("name", "anna");
    }

    @Test
    void aRedirectionGivesTheStreamItsPublicName() throws Exception {
        status = 302;
        location = "bertha";
        start(CallbackContract.NGINX);
        try (RtmpScript script = connected()) {
            assertThat(script.publish("secretkey")).isEqualTo("NetStream.Publish.Start");
            assertThat(engine.streams().stream("bertha")).isPresent();
            assertThat(engine.streams().stream("secretkey")).isEmpty();
        }
    }

    @Test
    void srsAnswersMayNameTheStreamToo() throws Exception {
        answer = "{\"code\":0,\"data\":{\"stream\":\"bertha\"}}";
        start(CallbackContract.SRS);
        try (RtmpScript script = connected()) {
            assertThat(script.publish("secretkey")).isEqualTo("NetStream.Publish.Start");
            assertThat(engine.streams().stream("bertha")).isPresent();
        }
    }

    @Test
    void eventsAreTriedAgainInOrder() throws Exception {
        failuresLeft.set(2);
        start(CallbackContract.SRS);
        for (String name : List.of("anna", "bertha")) {
            try (RtmpScript script = connected()) {
                assertThat(script.publish(name)).isEqualTo("NetStream.Publish.Start");
            }
        }
        Received first = next("/unpublish");
        assertThat(first.json().path("stream").asString()).isEqualTo("anna");
        for (int i = 0; i < 2; i++) {
            Received again = next("/unpublish");
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.event()).as("a repetition can be told").isEqualTo(first.event());
        }
        assertThat(next("/unpublish").json().path("stream").asString()).isEqualTo("bertha");
        assertThat(engine.server().lostCallbacks()).isZero();
    }

    @Test
    void aRefusedViewerSeesNothing() throws Exception {
        start(CallbackContract.SRS);
        try (RtmpScript script = connected();
                HlsReader hls = new HlsReader(engine.engine().port("http"))) {
            assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
            new MediaScript(script).headers().both(6);
            script.sync();
            answer = "{\"code\":1}";
            assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-one").statusCode()).isEqualTo(404);
            assertThat(engine.playSessions()).isEmpty();
            answer = "{\"code\":0}";
            Wait.until(
                    "it is asked about again",
                    () -> hls.get("/live/anna.ts.m3u8?v=viewer-one").statusCode() == 200);
            assertThat(engine.playSessions()).hasSize(1);
        }
    }

    @Test
    void whoeverWatchesWhenTheEngineGoesDownHasStopped() throws Exception {
        start(CallbackContract.NGINX);
        try (RtmpScript script = connected();
                HlsReader hls = new HlsReader(engine.engine().port("http"))) {
            assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
            new MediaScript(script).headers().both(6);
            script.sync();
            assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-one").statusCode()).isEqualTo(200);
            engine.close();
        }
        assertThat(next("/unpublish").form()).containsEntry("call", "publish_done");
        assertThat(next("/stop").form()).containsEntry("call", "play_done").containsEntry("name", "anna");
    }
}
