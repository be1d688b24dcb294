// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.media.callback.CallbackContract;
import live.millrace.media.recording.FileIndex;
import live.millrace.media.recording.Recording;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The engine without a site records, says so, and tells of the end. */
class RecordingAloneTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;
    private StandaloneEngine engine;

    private void start(String mode, CallbackContract contract) throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] yes = {'0'};
            exchange.sendResponseHeaders(200, yes.length);
            exchange.getResponseBody().write(yes);
            exchange.close();
        });
        server.start();
        URI record = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/record");
        engine = new StandaloneEngine(() -> TestSettings.of(
                directory,
                new EngineFile.Publish(true, List.of()),
                new EngineFile.Callbacks(
                        contract, null, null, null, null, List.of(record), Duration.ofSeconds(2), null),
                new RecordingSettings(mode, null, null, null, null, null, null, 0, 0)));
    }

    @AfterEach
    void stop() {
        engine.close();
        server.stop(0);
        http.shutdownNow();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.managementPort() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Authorization", "Bearer " + TestSettings.TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode recordings() throws Exception {
        return JSON.readTree(send("GET", "/api/v1/recordings").body()).path("recordings");
    }

    private RtmpScript publisher() throws Exception {
        RtmpScript script =
                new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private String end() throws Exception {
        send("DELETE", "/api/v1/streams/anna");
        String body = told.poll(20, TimeUnit.SECONDS);
        assertThat(body).isNotNull();
        return body;
    }

    @Test
    void everyBroadcastIsRecorded() throws Exception {
        start("true", CallbackContract.SRS);
        try (RtmpScript script = publisher()) {
            new MediaScript(script).headers().both(8);
            script.sync();
            Wait.until("it is written", () -> engine.recordings().getFirst().durationMillis() > 2_000);
            JsonNode running = recordings().path(0);
            assertThat(running.path("state").asString()).isEqualTo("recording");
            assertThat(send("GET", "/metrics").body())
                    .contains("millrace_recording_running 1.0")
                    .containsPattern("millrace_recording_written_bytes_total [1-9]");
            JsonNode body = JSON.readTree(end());
            assertThat(body.path("action").asString()).isEqualTo("on_dvr");
            assertThat(body.path("stream").asString()).isEqualTo("anna");
            assertThat(body.path("recording")).isEqualTo(running.path("id"));
            assertThat(Files.isDirectory(Path.of(body.path("file").asString()))).isTrue();
            FileIndex index = new FileIndex(directory.resolve("recordings/index"), _ -> {});
            Recording kept = index.find(running.path("id").asString()).orElseThrow();
            assertThat(kept.endedAt()).isPresent();
            assertThat(kept.durationMillis()).isBetween(6_000L, 8_500L);
        }
    }

    @Test
    void othersAreRecordedWhenSomebodySaysSo() throws Exception {
        start("manual", CallbackContract.NGINX);
        try (RtmpScript script = publisher()) {
            MediaScript media = new MediaScript(script).headers().both(2);
            script.sync();
            assertThat(recordings()).isEmpty();
            assertThat(send("DELETE", "/api/v1/streams/anna/recording").statusCode())
                    .isEqualTo(404);
            assertThat(send("POST", "/api/v1/streams/anna/recording").statusCode())
                    .isEqualTo(200);
            Wait.until("it is recorded", () -> !engine.recordings().isEmpty());
            media.both(8);
            script.sync();
            Wait.until("it is written", () -> engine.recordings().getFirst().durationMillis() > 2_000);
            assertThat(send("DELETE", "/api/v1/streams/anna/recording").statusCode())
                    .isEqualTo(204);
            Wait.until(
                    "it is paused", () -> engine.recordings().getFirst().state().equals("paused"));
            assertThat(end()).startsWith("app=live&call=record_done&name=anna&recorder=");
        }
    }
}
