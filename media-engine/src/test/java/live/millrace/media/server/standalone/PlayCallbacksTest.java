// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlaySession;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.callback.CallbackContract;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code on_play} hears and may say: a ticket, who it is, and for how long. */
class PlayCallbacksTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private final BlockingQueue<String> questions = new LinkedBlockingQueue<>();
    private HttpServer server;
    private volatile String answer = "0";
    private StandaloneEngine engine;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            questions.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    private void start(CallbackContract contract) {
        URI play = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/play");
        engine = new StandaloneEngine(() -> TestSettings.of(
                directory,
                new EngineFile.Publish(true, List.of()),
                new EngineFile.Callbacks(
                        contract, null, null, List.of(play), null, null, Duration.ofSeconds(2), null)));
    }

    @AfterEach
    void stop() {
        engine.close();
        server.stop(0);
    }

    private RtmpScript publisher() throws Exception {
        RtmpScript script =
                new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        new MediaScript(script).headers().both(6);
        script.sync();
        return script;
    }

    private String question() throws InterruptedException {
        String body = questions.poll(20, TimeUnit.SECONDS);
        assertThat(body).isNotNull();
        return body;
    }

    @ParameterizedTest
    @EnumSource(CallbackContract.class)
    void hearsTheTicket(CallbackContract contract) throws Exception {
        start(contract);
        PlayTicket ticket = PlayTicket.fresh();
        try (RtmpScript _ = publisher();
                HlsReader reader = new HlsReader(engine.engine().port("http"))) {
            reader.get("/t/" + ticket.secret() + "/live/anna.ts.m3u8");
            String body = question();
            assertThat(
                            contract == CallbackContract.SRS
                                    ? JSON.readTree(body).path("ticket").asString()
                                    : URLDecoder.decode(
                                            body.replaceAll(".*ticket=([^&]*).*", "$1"), StandardCharsets.UTF_8))
                    .isEqualTo(ticket.secret());
            reader.get("/live/anna.ts.m3u8");
            assertThat(question()).doesNotContain("ticket");
        }
    }

    @Test
    void saysWhoItIsAndForHowLong() throws Exception {
        start(CallbackContract.SRS);
        answer = "{\"code\":0,\"data\":{\"expires_in\":12,\"identity\":\"grandma\"}}";
        try (RtmpScript _ = publisher();
                HlsReader reader = new HlsReader(engine.engine().port("http"));
                Socket socket = reader.socket()) {
            socket.getOutputStream()
                    .write("GET /live/anna.flv HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            PlaySession session = engine.playSessions().getFirst();
            assertThat(session.identity()).hasValue("grandma");
            JsonNode first = JSON.readTree(question());
            JsonNode again = JSON.readTree(question());
            assertThat(again).as("asked again before the end, about the same").isEqualTo(first);
            answer = "{\"code\":1}";
            CompletableFuture<String> rest = Beside.supply(() -> HlsReader.readAll(in));
            rest.get(20, TimeUnit.SECONDS);
            assertThat(engine.playSessions()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"600\"", "1.5", "31536001", "[]"})
    void aLifeThatIsNoneIsNoYes(String life) throws Exception {
        start(CallbackContract.SRS);
        answer = "{\"code\":0,\"data\":{\"expires_in\":" + life + "}}";
        try (RtmpScript _ = publisher();
                HlsReader reader = new HlsReader(engine.engine().port("http"))) {
            assertThat(reader.get("/live/anna.ts.m3u8").statusCode()).isEqualTo(404);
        }
    }
}
