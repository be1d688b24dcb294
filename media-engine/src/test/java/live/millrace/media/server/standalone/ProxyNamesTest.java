// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.source.ScriptedCamera;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sources of an engine that stands alone: by ZLMediaKit's names, by the API, by the settings file. */
class ProxyNamesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final StreamPath PATH = new StreamPath("live1", "test1");

    @TempDir
    private Path directory;

    private final AtomicReference<EngineFile> settings = new AtomicReference<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private ScriptedCamera camera;
    private StandaloneEngine engine;

    @BeforeEach
    void start() throws Exception {
        camera = new ScriptedCamera();
        settings.set(TestSettings.of(directory, new EngineFile.Publish(true, null), null, null));
        engine = new StandaloneEngine(settings::get);
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        camera.close();
        http.shutdownNow();
    }

    private HttpResponse<String> send(String method, String path, String type, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.managementPort() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", type)
                        .header("Authorization", "Bearer " + TestSettings.TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String get(String name, String query) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + engine.managementPort() + "/index/api/" + name + "?" + query))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        return answer.body();
    }

    private String secret() {
        return "secret=" + TestSettings.TOKEN;
    }

    private String stream() {
        return "vhost=__defaultVhost__&app=live1&stream=test1";
    }

    private String url() {
        return "url=" + URLEncoder.encode(camera.uri().toString(), StandardCharsets.UTF_8);
    }

    private String state() {
        return engine.sources().status(PATH).map(each -> each.state().name()).orElse("");
    }

    /** The line of an article, but for host and secret. */
    @Test
    void theLineOfTheArticleWorks() throws Exception {
        assertThat(get("addStreamProxy", secret() + "&" + stream() + "&" + url() + "&enable_rtmp=1&retry_count=3"))
                .isEqualTo("{\"code\":0,\"data\":{\"key\":\"__defaultVhost__/live1/test1\"}}");
        assertThat(get("isMediaOnline", secret() + "&" + stream() + "&schema=fmp4"))
                .isEqualTo("{\"code\":0,\"online\":false}");
        assertThat(camera.connections()).isZero();

        HttpResponse<InputStream> watched = http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + engine.engine().port("http") + "/live1/test1.live.mp4"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream media = watched.body()) {
            assertThat(watched.statusCode()).isEqualTo(200);
            assertThat(new String(media.readNBytes(12), StandardCharsets.ISO_8859_1))
                    .contains("ftyp");
            assertThat(get("isMediaOnline", secret() + "&" + stream() + "&schema=fmp4"))
                    .isEqualTo("{\"code\":0,\"online\":true}");
            JsonNode list = JSON.readTree(get("getMediaList", secret() + "&schema=rtmp"))
                    .path("data");
            assertThat(list).hasSize(1);
            assertThat(list.path(0).path("stream").asString()).isEqualTo("test1");
            assertThat(list.path(0).path("originType").asInt()).isEqualTo(4);
            assertThat(list.path(0).path("tracks").path(0).path("codec_id_name").asString())
                    .isEqualTo("CodecH264");
        }
        // Segments are always cut here, and that keeps nothing on.
        Wait.until("it is let go of", () -> camera.open() == 0);
        assertThat(get("delStreamProxy", secret() + "&key=__defaultVhost__/live1/test1"))
                .isEqualTo("{\"code\":0,\"data\":{\"flag\":true}}");
        assertThat(get("delStreamProxy", secret() + "&key=__defaultVhost__/live1/test1"))
                .isEqualTo("{\"code\":0,\"data\":{\"flag\":false}}");
    }

    @Test
    void formsAndJsonDoAsWell() throws Exception {
        assertThat(send(
                                "POST",
                                "/index/api/addStreamProxy",
                                "application/x-www-form-urlencoded",
                                secret() + "&" + stream() + "&" + url())
                        .body())
                .startsWith("{\"code\":0,");
        assertThat(send(
                                "POST",
                                "/index/api/delStreamProxy",
                                "application/json",
                                "{\"secret\":\"" + TestSettings.TOKEN + "\",\"key\":\"a/live1/test1\"}")
                        .body())
                .isEqualTo("{\"code\":0,\"data\":{\"flag\":true}}");
        assertThat(send("POST", "/index/api/delStreamProxy", "application/json", "{")
                        .body())
                .startsWith("{\"code\":-300,");
    }

    @Test
    void whatIsWrongHasItsCode() throws Exception {
        assertThat(get("addStreamProxy", "secret=wrong&" + stream() + "&" + url()))
                .isEqualTo("{\"code\":-100,\"msg\":\"Incorrect secret\"}");
        assertThat(get("getMediaList", "")).isEqualTo("{\"code\":-300,\"msg\":\"Required parameter missed: secret\"}");
        assertThat(get("addStreamProxy", secret() + "&" + stream()))
                .isEqualTo("{\"code\":-300,\"msg\":\"Required parameter missed: url\"}");
        assertThat(get("addStreamProxy", secret() + "&" + url() + "&vhost=a&app=..&stream=b"))
                .startsWith("{\"code\":-300,");
        assertThat(get("addStreamProxy", secret() + "&" + stream() + "&url=gopher://a:pass@b"))
                .startsWith("{\"code\":-1,")
                .doesNotContain("pass");
        assertThat(get("addStreamProxy", secret() + "&" + stream() + "&" + url()))
                .startsWith("{\"code\":0,");
        assertThat(get("addStreamProxy", secret() + "&" + stream() + "&" + url()))
                .isEqualTo("{\"code\":-1,\"msg\":\"This stream already exists\"}");
        assertThat(get("getSnap", secret() + "&" + url() + "&timeout_sec=10&expire_sec=30"))
                .startsWith("{\"code\":-1,");
    }

    @Test
    void theApiPutsShowsAndRemoves() throws Exception {
        String body =
                "{\"url\":\"" + camera.uri().toString().replace("//", "//admin:hidden@") + "\",\"mode\":\"always\"}";
        HttpResponse<String> put = send("PUT", "/api/v1/sources/live1/test1", "application/json", body);
        assertThat(put.statusCode()).isEqualTo(200);
        Wait.until("it is on", () -> state().equals("RUNNING"));
        HttpResponse<String> shown = send("GET", "/api/v1/sources", "application/json", "");
        JsonNode source = JSON.readTree(shown.body()).path("sources").path(0);
        assertThat(source.path("state").asString()).isEqualTo("running");
        assertThat(source.path("lastMedia").asString()).isNotEmpty();
        assertThat(shown.body()).doesNotContain("hidden");
        for (String wrong : List.of("", "[", "{}", body.replace("always", "often"), body.replace("rtsp:", "file:"))) {
            HttpResponse<String> refused = send("PUT", "/api/v1/sources/live1/test1", "application/json", wrong);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(422);
            assertThat(refused.body()).doesNotContain("hidden");
        }
        assertThat(send("DELETE", "/api/v1/sources/live1/test1", "application/json", "")
                        .statusCode())
                .isEqualTo(204);
        Wait.until("it is let go of", () -> camera.open() == 0);
    }

    private EngineFile with(List<SourceSettings> sources) {
        EngineFile d = settings.get();
        return new EngineFile(
                d.bind(),
                d.dataDir(),
                d.drain(),
                d.transport(),
                d.flush(),
                d.tls(),
                d.rtmp(),
                d.rtsp(),
                d.srt(),
                d.webrtc(),
                d.http(),
                d.hls(),
                d.api(),
                d.publish(),
                d.callbacks(),
                d.recording(),
                d.tickets(),
                sources,
                d.sourcesLoopback(),
                d.ffmpeg());
    }

    @Test
    void theFileIsReadAgain() throws Exception {
        settings.set(with(List.of(new SourceSettings("live1/test1", camera.uri().toString(), "always", null, null))));
        assertThat(engine.reloadNow().changed()).containsExactly("sources");
        Wait.until("it is on", () -> state().equals("RUNNING"));
        assertThat(engine.reloadNow().changed()).isEmpty();
        settings.set(with(List.of()));
        assertThat(engine.reloadNow().changed()).containsExactly("sources");
        Wait.until("it is let go of", () -> camera.open() == 0);
        assertThat(engine.sources().all()).isEmpty();
        settings.set(with(List.of(new SourceSettings("a", "http//x:secret", "never", null, null))));
        assertThatThrownBy(engine::reloadNow)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret");
    }
}
