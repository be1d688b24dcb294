// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import javax.xml.parsers.DocumentBuilderFactory;
import live.millrace.media.frame.Repair;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The management API, held against its own description. */
class ApiTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private final AtomicReference<EngineFile> settings = new AtomicReference<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private StandaloneEngine engine;

    @BeforeEach
    void start() {
        settings.set(TestSettings.of(directory, keys("anna"), null));
        engine = new StandaloneEngine(settings::get);
    }

    private static EngineFile.Publish keys(String... channels) {
        List<EngineFile.Key> keys = new ArrayList<>();
        for (String channel : channels) {
            keys.add(new EngineFile.Key(channel, "secret-" + channel, null, null));
        }
        return new EngineFile.Publish(false, keys);
    }

    @AfterEach
    void stop() {
        engine.close();
        http.shutdownNow();
    }

    private HttpResponse<String> send(String method, String path, @Nullable String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + engine.managementPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, TestSettings.TOKEN);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private RtmpScript publisher(String channel) throws Exception {
        RtmpScript script =
                new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live");
        assertThat(script.publish("secret-" + channel)).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    @Test
    void everyDescribedOperationAnswersAndWantsTheTokenItSaysItWants() throws Exception {
        JsonNode description =
                JSON.readTree(send("GET", "/api/v1/openapi.json", null).body());
        assertThat(description.path("openapi").asString()).isEqualTo("3.1.0");
        int operations = 0;
        for (String path : description.path("paths").propertyNames()) {
            JsonNode item = description.path("paths").path(path);
            for (String method : List.of("get", "put", "post", "delete")) {
                JsonNode operation = item.path(method);
                if (operation.isMissingNode()) {
                    continue;
                }
                operations++;
                String address = path.replace("{channel}", "nobody")
                        .replace("{application}", "cam")
                        .replace("{stream}", "nobody")
                        .replace("{id}", "00000000-0000-0000-0000-000000000000");
                String name = method.toUpperCase(Locale.ROOT);
                boolean open =
                        operation.has("security") && operation.path("security").isEmpty();
                for (String stranger : new String[] {null, "wrong", TestSettings.TOKEN + "x", ""}) {
                    HttpResponse<String> answer = send(name, address, stranger);
                    assertThat(answer.statusCode())
                            .as("%s %s as a stranger", name, path)
                            .isEqualTo(open ? 200 : 401);
                }
                HttpResponse<String> answer = send(name, address, TestSettings.TOKEN);
                assertThat(operation.path("responses").propertyNames())
                        .as("%s %s answered %d", name, path, answer.statusCode())
                        .contains(String.valueOf(answer.statusCode()));
                assertThat(answer.headers().firstValue("access-control-allow-origin"))
                        .isEmpty();
            }
        }
        assertThat(operations).isEqualTo(27);
    }

    @Test
    void aStreamAndItsSessionsAreShownAsDescribed() throws Exception {
        JsonNode schemas = JSON.readTree(
                        send("GET", "/api/v1/openapi.json", null).body())
                .path("components")
                .path("schemas");
        try (RtmpScript script = publisher("anna");
                HlsReader hls = new HlsReader(engine.engine().port("http"))) {
            new MediaScript(script).headers().both(6);
            script.sync();
            hls.get("/live/anna.ts.m3u8?v=viewer-one");
            JsonNode stream = get("/api/v1/streams").path("streams").path(0);
            assertThat(stream.propertyNames()).containsExactlyInAnyOrderElementsOf(names(schemas.path("Stream")));
            assertThat(stream).isEqualTo(get("/api/v1/streams/anna"));
            assertThat(stream.path("state").asString()).isEqualTo("live");
            assertThat(stream.path("viewers").asInt()).isEqualTo(1);
            JsonNode tracks = get("/api/v1/streams/anna/tracks").path("tracks");
            assertThat(tracks.path(0).path("width").asInt()).isEqualTo(640);
            assertThat(tracks.path(1).path("codecString").asString()).isEqualTo("mp4a.40.2");
            JsonNode sessions = get("/api/v1/sessions").path("sessions");
            assertThat(sessions).hasSize(2);
            assertThat(sessions.path(0).propertyNames())
                    .containsExactlyInAnyOrderElementsOf(names(schemas.path("Session")));
            assertThat(get("/api/v1/server").propertyNames())
                    .containsExactlyInAnyOrderElementsOf(names(schemas.path("Server")));
            for (String path : List.of("/api/v1/streams", "/api/v1/sessions", "/stat", "/metrics")) {
                assertThat(send("GET", path, TestSettings.TOKEN).body())
                        .as(path)
                        .doesNotContain("secret-anna");
            }
        }
    }

    private static List<String> names(JsonNode schema) {
        return List.copyOf(schema.path("properties").propertyNames());
    }

    @Test
    void kickingEndsAPublisherAndStopsAViewer() throws Exception {
        try (RtmpScript script = publisher("anna");
                HlsReader hls = new HlsReader(engine.engine().port("http"))) {
            new MediaScript(script).headers().both(6);
            script.sync();
            assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-one").statusCode()).isEqualTo(200);
            String viewer = session("play");
            assertThat(send("DELETE", "/api/v1/sessions/" + viewer, TestSettings.TOKEN)
                            .statusCode())
                    .isEqualTo(204);
            assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-one").statusCode()).isEqualTo(403);
            assertThat(hls.get("/live/anna.ts.m3u8?v=viewer-two").statusCode()).isEqualTo(200);
            String publisher = session("publish");
            assertThat(send("DELETE", "/api/v1/sessions/" + publisher, TestSettings.TOKEN)
                            .statusCode())
                    .isEqualTo(204);
            script.awaitClose();
            Wait.until("it is gone", () -> engine.streams().streams().isEmpty());
        }
    }

    private String session(String kind) throws Exception {
        for (JsonNode session : get("/api/v1/sessions").path("sessions")) {
            if (session.path("kind").asString().equals(kind)) {
                return session.path("id").asString();
            }
        }
        throw new AssertionError("no session to " + kind);
    }

    @Test
    void statisticsHaveTheShapeOfNginxRtmp() throws Exception {
        try (RtmpScript script = publisher("anna")) {
            new MediaScript(script).headers().both(6);
            script.sync();
            Document stat = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(
                            send("GET", "/stat", TestSettings.TOKEN).body().getBytes(StandardCharsets.UTF_8)));
            var path = javax.xml.xpath.XPathFactory.newInstance().newXPath();
            String stream = "/rtmp/server/application[name='live']/live/stream[name='anna']";
            assertThat(path.evaluate(stream + "/nclients", stat)).isEqualTo("1");
            assertThat(path.evaluate(stream + "/meta/video/width", stat)).isEqualTo("640");
            assertThat(path.evaluate(stream + "/meta/audio/sample_rate", stat)).isEqualTo("44100");
            assertThat(path.evaluate("count(" + stream + "/client[publishing]/address)", stat))
                    .isEqualTo("1");
            assertThat(Long.parseLong(path.evaluate("/rtmp/bytes_in", stat))).isPositive();
        }
    }

    @Test
    void metricsHaveEveryRepairRefusalAndOutcomeFromTheStart() throws Exception {
        String text = send("GET", "/metrics", TestSettings.TOKEN).body();
        for (Repair repair : Repair.values()) {
            assertThat(text).contains("millrace_media_repairs_total{kind=\"" + repair.label() + "\"} 0.0");
        }
        assertThat(text)
                .contains("millrace_publish_refused_total{cause=\"unknown-key\"} 0.0")
                .contains("millrace_rtmp_connections_total{outcome=\"protocol-error\"}")
                .contains("millrace_http_answers_total{outcome=\"too-many\"}")
                .contains("millrace_loop_stalls_total")
                .contains("millrace_streams{state=\"live\"} 0.0");
        try (RtmpScript script =
                new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live")) {
            script.publish("nobody");
        }
        assertThat(send("GET", "/metrics", TestSettings.TOKEN).body())
                .contains("millrace_publish_refused_total{cause=\"unknown-key\"} 1.0");
    }

    @Test
    void keysReloadWithoutDroppingAnybody() throws Exception {
        try (RtmpScript script = publisher("anna")) {
            settings.set(TestSettings.of(directory, keys("bertha"), null));
            HttpResponse<String> answer = send("POST", "/api/v1/reload", TestSettings.TOKEN);
            assertThat(answer.body()).isEqualTo("{\"changed\":[\"publish\"],\"needRestart\":[]}");
            new MediaScript(script).headers().both(6);
            script.sync();
            assertThat(engine.streams().stream("anna").orElseThrow().publisher())
                    .isPresent();
            try (RtmpScript other = publisher("bertha")) {
                other.sync();
            }
            try (RtmpScript late =
                    new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live")) {
                assertThat(late.publish("secret-anna")).isEqualTo("NetStream.Publish.BadName");
            }
        }
    }

    @Test
    void settingsThatCannotBeChangeNothing() throws Exception {
        settings.set(TestSettings.of(directory, null, null));
        HttpResponse<String> answer = send("POST", "/api/v1/reload", TestSettings.TOKEN);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("detail").asString()).startsWith("Nobody could publish");
        try (RtmpScript script = publisher("anna")) {
            script.sync();
        }
    }

    @Test
    void whatNeedsARestartIsSaid() throws Exception {
        EngineFile d = settings.get();
        settings.set(new EngineFile(
                "127.0.0.1",
                d.dataDir(),
                d.drain(),
                d.transport(),
                d.flush(),
                d.tls(),
                d.rtmp(),
                d.rtsp(),
                d.srt(),
                d.webrtc(),
                new EngineFile.Http(0, 7, null),
                d.hls(),
                d.api(),
                d.publish(),
                null,
                null,
                null,
                null,
                true,
                null));
        assertThat(send("POST", "/api/v1/reload", TestSettings.TOKEN).body())
                .isEqualTo("{\"changed\":[],\"needRestart\":[\"http\"]}");
    }

    @Test
    void aTokenIsMadeOnceAndKeptFromOthers() throws Exception {
        Path data = directory.resolve("fresh");
        ApiToken made = ApiToken.of(null, data);
        Path file = data.resolve("api-token");
        String token = Files.readString(file).strip();
        assertThat(token).hasSize(43);
        assertThat(made.is(token)).isTrue();
        assertThat(made.is("")).isFalse();
        assertThat(ApiToken.of(null, data).is(token)).isTrue();
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }
}
