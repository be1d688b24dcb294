// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An engine that takes applications and names as they come. */
@ExtendWith(LeakExtension.class)
class StreamNamesTest {
    @TempDir
    private static Path directory;

    private static StandaloneEngine engine;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        engine = new StandaloneEngine(() -> TestSettings.of(
                directory,
                new EngineFile.Publish(true, List.of(new EngineFile.Key("cam/Held", "secret-of-held", null, null))),
                null));
    }

    @AfterAll
    static void stop() {
        engine.close();
        HTTP.shutdownNow();
    }

    private static RtmpScript connected(String application) throws Exception {
        return new RtmpScript(engine.engine().port("rtmp")).handshake().connect(application);
    }

    /** Asks for a stream by name; answers with what it is told. */
    private static String asked(RtmpScript script, String command, String name) throws Exception {
        script.command(0, "createStream", 2, AmfValue.NULL);
        script.await("_result");
        script.command(1, command, 3, AmfValue.NULL, AmfValue.of(name));
        return script.await("onStatus").toString();
    }

    private static MediaScript published(RtmpScript script, String name) throws Exception {
        assertThat(script.publish(name)).as(name).isEqualTo("NetStream.Publish.Start");
        MediaScript media = new MediaScript(script).headers().both(4);
        script.sync();
        return media;
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + engine.engine().port("http") + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode api(String path) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.managementPort() + path))
                        .header("Authorization", "Bearer " + TestSettings.TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new JsonMapper().readTree(answer.body());
    }

    private static void awaitSegments(String path) throws Exception {
        Wait.until(path + " has segments", () -> get(path).statusCode() == 200);
    }

    @ParameterizedTest
    @CsvSource({
        "live, s0",
        "live, Cam_01",
        "live1, test1",
        "cam, Hall-2",
        "cam, a..b",
        "app.v1, 10.0.0.7",
        "hls, s1",
    })
    void aStreamIsFoundWhereItWasPublished(String application, String name) throws Exception {
        try (RtmpScript script = connected(application);
                RtmpScript player = connected(application)) {
            MediaScript media = published(script, name);
            assertThat(asked(player, "play", name)).contains("NetStream.Play.Reset");
            assertThat(head("/" + application + "/" + name + ".flv")).startsWith("FLV");
            media.both(30);
            String hls = "/" + application + "/" + name + "/hls.m3u8";
            awaitSegments(hls);
            assertThat(get(hls).body()).contains("../" + name + "/");
            assertThat(get("/" + application + "/" + name + ".mpd").body()).contains(name + "/");
            assertThat(api("/api/v1/streams/" + application + "/" + name)
                            .path("application")
                            .asString())
                    .isEqualTo(application);
        }
    }

    /** The first line of an answer's body, of one that never ends. */
    private static String head(String path) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), engine.engine().port("http"))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) in.readUnsignedByte());
            }
            assertThat(text.toString()).contains(" 200 ");
            return new String(in.readNBytes(3), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void twoApplicationsHaveTwoStreamsOfOneName() throws Exception {
        try (RtmpScript one = connected("one");
                RtmpScript two = connected("two")) {
            published(one, "same").both(30);
            published(two, "same").both(30);
            awaitSegments("/one/same.m3u8");
            awaitSegments("/two/same.m3u8");
            assertThat(api("/api/v1/streams").path("streams"))
                    .extracting(stream -> stream.path("application").asString() + "/"
                            + stream.path("channel").asString())
                    .contains("one/same", "two/same");
            assertThat(api("/api/v1/streams/one/same").path("broadcastId"))
                    .isNotEqualTo(api("/api/v1/streams/two/same").path("broadcastId"));
            String segment = segment("/one/same");
            assertThat(get("/one/same/" + segment).statusCode()).isEqualTo(200);
            assertThat(get("/two/same/" + segment).statusCode())
                    .as("a segment belongs to its stream")
                    .isEqualTo(404);
            assertThat(get("/live/same.m3u8").statusCode()).isEqualTo(404);
            assertThat(get("/hls/same.m3u8").statusCode()).isEqualTo(404);
            assertThat(get("/same/index.m3u8").statusCode()).isEqualTo(404);
            engine.engine().control().end(new StreamPath("one", "same"));
            Wait.until(
                    "one is over",
                    () -> engine.engine().control().stream(new StreamPath("one", "same"))
                            .isEmpty());
            assertThat(engine.engine().control().stream(new StreamPath("two", "same")))
                    .isPresent();
        }
    }

    /** What an address of the newest segment has behind the stream's own folder. */
    private static String segment(String stream) throws Exception {
        String track = get(stream + ".m3u8")
                .body()
                .lines()
                .filter(line -> line.endsWith(".m3u8"))
                .findFirst()
                .orElseThrow();
        String folder = stream.substring(stream.lastIndexOf('/') + 1) + "/";
        return get(stream + "/" + track.substring(folder.length()))
                .body()
                .lines()
                .filter(line -> line.endsWith(".m4s"))
                .findFirst()
                .map(line -> line.substring(line.startsWith(folder) ? folder.length() : 0))
                .orElseThrow();
    }

    @Test
    void fixedFoldersOfOtherServersLeadToTheApplicationLive() throws Exception {
        try (RtmpScript script = connected("live")) {
            published(script, "Alias.1").both(30);
            for (String address : List.of(
                    "/hls/Alias.1.m3u8",
                    "/hls/Alias.1/index.m3u8",
                    "/hls/Alias.1/playlist.m3u8",
                    "/Alias.1/index.m3u8",
                    "/live/Alias.1.m3u8",
                    "/live/Alias.1.ts.m3u8",
                    "/live/Alias.1.fmp4.m3u8")) {
                awaitSegments(address);
            }
            assertThat(get("/live/alias.1.m3u8").statusCode())
                    .as("names keep their case")
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.flv", "a.TS", "_a", "..", "a b", "ä", "-", "a%2Fb", "a.record"})
    void whoPublishesUnderNoNameIsToldSo(String name) throws Exception {
        try (RtmpScript script = connected("live")) {
            assertThat(asked(script, "publish", name))
                    .contains("NetStream.Publish.BadName", "No stream can have this name", "1 to 128");
            script.awaitClose();
        }
    }

    @Test
    void soIsWhoseNameOrApplicationIsTooLong() throws Exception {
        for (String name : List.of("a".repeat(129), "a".repeat(1_100))) {
            try (RtmpScript script = connected("live")) {
                assertThat(asked(script, "publish", name)).contains("No stream can have this name");
            }
        }
        try (RtmpScript script = connected("a".repeat(129))) {
            assertThat(asked(script, "publish", "s0")).contains("No stream can have this name");
        }
        try (RtmpScript script = connected("two/folders")) {
            assertThat(asked(script, "publish", "s0")).contains("No stream can have this name");
        }
    }

    @Test
    void aPlayerIsToldSoAtOnce() throws Exception {
        try (RtmpScript script = connected("live")) {
            assertThat(asked(script, "play", "a.flv"))
                    .contains("NetStream.Play.StreamNotFound", "No stream can have this name");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/live/a.flv.flv",
                "/live/_a.m3u8",
                "/live/-.mpd",
                "/live/%2e%2e.m3u8",
                "/live/a%2Fb.flv",
                "/live/a%00.ts",
                "/live/....flv",
                "/.../a.m3u8",
                "/a%2Fb/a.m3u8",
                "/hls/_a.m3u8",
                "/_a/index.m3u8",
                "/live/_a/video.m3u8",
                "/live/_a/0/1.ts",
            })
    void aRequestIsToldSo(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).startsWith("No stream can have this name: 1 to 128");
    }

    @Test
    void aTooLongNameIsToldSo() throws Exception {
        assertThat(get("/live/" + "a".repeat(129) + ".flv").body()).startsWith("No stream can have this name");
        assertThat(get("/live/" + "a".repeat(128) + ".m3u8").body()).startsWith("This channel is not live");
    }

    @Test
    void aKeyLeadsToItsStreamFromAnyApplication() throws Exception {
        try (RtmpScript stranger = connected("cam")) {
            assertThat(stranger.publish("Held")).as("it has a key").isEqualTo("NetStream.Publish.BadName");
        }
        try (RtmpScript script = connected("anything/at/all")) {
            published(script, "secret-of-held");
            assertThat(engine.engine().control().stream(new StreamPath("cam", "Held")))
                    .isPresent();
        }
        try (RtmpScript script = connected("live")) {
            published(script, "Held"); // another stream than the one with the key
        }
    }
}
