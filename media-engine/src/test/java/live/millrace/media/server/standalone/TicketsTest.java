// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tickets that stand in the settings file. */
class TicketsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final PlayTicket FAMILY = PlayTicket.fresh();
    private static final PlayTicket FRIENDS = PlayTicket.fresh();

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private volatile List<TicketRules.Setting> tickets = List.of();
    private StandaloneEngine engine;

    private void start(TicketRules.Setting... written) {
        tickets = List.of(written);
        engine = new StandaloneEngine(() -> TestSettings.of(
                directory,
                new EngineFile.Publish(true, List.of()),
                null,
                new RecordingSettings("true", null, null, null, null, null, null, 0, 0),
                tickets));
    }

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
        http.shutdownNow();
    }

    private static TicketRules.Setting family(Instant until) {
        return new TicketRules.Setting("anna", FAMILY.secret(), null, until, "family");
    }

    private static TicketRules.Setting friends() {
        return new TicketRules.Setting("live/anna", null, FRIENDS.hash(), null, null);
    }

    private static String below(PlayTicket ticket) {
        return "/t/" + ticket.secret();
    }

    private RtmpScript publisher(String name) throws Exception {
        RtmpScript script =
                new RtmpScript(engine.engine().port("rtmp")).handshake().connect("live");
        assertThat(script.publish(name)).isEqualTo("NetStream.Publish.Start");
        new MediaScript(script).headers().both(8);
        script.sync();
        return script;
    }

    private JsonNode sessions() throws Exception {
        return JSON.readTree(http.send(
                                HttpRequest.newBuilder(URI.create(
                                                "http://127.0.0.1:" + engine.managementPort() + "/api/v1/sessions"))
                                        .header("Authorization", "Bearer " + TestSettings.TOKEN)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("sessions");
    }

    @Test
    void aStreamWithATicketIsForThoseWhoBringItAndItsRecordingToo() throws Exception {
        start(family(null), friends());
        try (RtmpScript _ = publisher("anna");
                RtmpScript _ = publisher("bella");
                HlsReader reader = new HlsReader(engine.engine().port("http"))) {
            assertThat(reader.get("/live/bella.m3u8").statusCode()).isEqualTo(200);
            for (String nobody : List.of("", below(PlayTicket.fresh()), "/t/x")) {
                assertThat(reader.get(nobody + "/live/anna.m3u8").statusCode()).isEqualTo(404);
            }
            for (PlayTicket each : List.of(FAMILY, FRIENDS)) {
                assertThat(reader.get(below(each) + "/live/anna/v0.m3u8").statusCode())
                        .isEqualTo(200);
            }
            assertThat(reader.get(below(FAMILY) + "/live/anna.m3u8?v=viewer-one")
                            .statusCode())
                    .isEqualTo(200);
            String video = engine.recordings().stream()
                    .filter(each -> each.channel().equals("anna"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            Wait.until(
                    "it is recorded",
                    () -> reader.get(below(FAMILY) + "/videos/" + video + "/v0.m3u8")
                                    .statusCode()
                            == 200);
            assertThat(reader.get("/videos/" + video + "/v0.m3u8").statusCode()).isEqualTo(404);
            assertThat(reader.get("/videos/" + video + ".mp4").statusCode()).isEqualTo(404);
            JsonNode all = sessions();
            assertThat(all.findValuesAsString("identity")).contains("family");
            assertThat(all.findValuesAsString("ticket"))
                    .contains(FAMILY.hash().substring(0, 12), FRIENDS.hash().substring(0, 12));
            assertThat(all.toString()).doesNotContain(FAMILY.secret(), FRIENDS.secret());
        }
    }

    @Test
    void aTicketThatIsTakenFromTheFileEndsWhatIsWatched() throws Exception {
        start(family(null), friends());
        try (RtmpScript _ = publisher("anna");
                HlsReader reader = new HlsReader(engine.engine().port("http"));
                Socket socket = reader.socket()) {
            socket.getOutputStream()
                    .write(("GET " + below(FRIENDS) + "/live/anna.flv HTTP/1.1\r\nHost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            CompletableFuture<String> rest = Beside.supply(() -> HlsReader.readAll(in));
            tickets = List.of(family(null));
            assertThat(engine.reloadNow().changed()).containsExactly("tickets");
            rest.get(5, TimeUnit.SECONDS);
            assertThat(reader.get(below(FRIENDS) + "/live/anna.m3u8").statusCode())
                    .isEqualTo(404);
            assertThat(reader.get(below(FAMILY) + "/live/anna.m3u8").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void oneThatRanOutOpensNothingAndTheStreamStaysClosed() throws Exception {
        start(family(Instant.EPOCH));
        try (RtmpScript _ = publisher("anna");
                HlsReader reader = new HlsReader(engine.engine().port("http"))) {
            assertThat(reader.get(below(FAMILY) + "/live/anna.m3u8").statusCode())
                    .isEqualTo(404);
            assertThat(reader.get("/live/anna.m3u8").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theFileSaysTicketsAndShowsNone() throws Exception {
        EngineFile file = EngineFile.read(
                Files.writeString(directory.resolve("engine.yml"), """
                publish: {anonymous: true}
                tickets:
                  - {stream: anna, ticket: %s, until: 2026-12-31T20:00:00Z, name: family}
                  - {stream: app/bella, sha256: %s}
                """.formatted(FAMILY.secret(), FRIENDS.hash())));
        assertThat(file.ticketRules().guards("live", "anna")).isTrue();
        assertThat(file.ticketRules().guards("app/bella")).isTrue();
        assertThat(file.ticketRules().guards("live", "bella")).isFalse();
        assertThat(file.toString()).doesNotContain(FAMILY.secret(), FRIENDS.hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stream: anna, ticket: short                           | 22 characters of base64url",
                "stream: anna                                          | 22 characters of base64url",
                "stream: anna, sha256: abc                             | 64 hexadecimal digits",
                "ticket: 9pX0cQ2mR1uTn5vYw8sK3A                        | A channel is a name",
                "stream: a/b/c, ticket: 9pX0cQ2mR1uTn5vYw8sK3A         | A channel is a name",
                "stream: anna, ticket: 9pX0cQ2mR1uTn5vYw8sK3A, until: x | engine.yml, line",
                "stream: anna, secret: x                               | there is no setting",
            })
    void whatCannotBeATicketIsSaidInOneLine(String written, String message) throws Exception {
        Path file = Files.writeString(
                directory.resolve("engine.yml"),
                "publish: {anonymous: true}\ntickets:\n  - {" + written.strip() + "}\n");
        assertThatThrownBy(() -> EngineFile.read(file).ticketRules())
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(message)
                .doesNotContain("\n", "9pX0cQ2mR1uTn5vYw8sK3A");
    }
}
