// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ports for program streams, as programs that know ZLMediaKit ask for them. */
class RtpServerNamesTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private StandaloneEngine engine;

    @BeforeEach
    void start() {
        EngineFile settings = TestSettings.of(directory, new EngineFile.Publish(true, List.of()), null);
        engine = new StandaloneEngine(() -> settings);
    }

    @AfterEach
    void stop() {
        engine.close();
        http.shutdownNow();
    }

    private JsonNode ask(String name, String parameters) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + engine.managementPort() + "/index/api/" + name + "?" + parameters))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode trusted(String name, String parameters) throws Exception {
        return ask(name, "secret=" + TestSettings.TOKEN + "&" + parameters);
    }

    @Test
    void aPortIsOpenedListedAndClosed() throws Exception {
        JsonNode opened = trusted("openRtpServer", "port=0&tcp_mode=1&stream_id=34020000001320000001");
        assertThat(opened.path("code").asInt()).isZero();
        int port = opened.path("port").asInt();
        assertThat(port).isPositive();
        JsonNode listed = trusted("listRtpServer", "").path("data");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("port").asInt()).isEqualTo(port);
        assertThat(listed.path(0).path("stream_id").asString()).isEqualTo("34020000001320000001");
        assertThat(trusted("getRtpInfo", "stream_id=34020000001320000001")
                        .path("exist")
                        .asBoolean())
                .isFalse();
        JsonNode twice = trusted("openRtpServer", "port=0&tcp_mode=0&stream_id=34020000001320000001");
        assertThat(twice.path("code").asInt()).isEqualTo(-1);
        assertThat(trusted("closeRtpServer", "stream_id=34020000001320000001")
                        .path("hit")
                        .asInt())
                .isEqualTo(1);
        assertThat(trusted("closeRtpServer", "stream_id=34020000001320000001")
                        .path("hit")
                        .asInt())
                .isZero();
        assertThat(trusted("listRtpServer", "").path("data")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "openRtpServer, port=0&tcp_mode=0, -300",
        "openRtpServer, port=0&tcp_mode=2&stream_id=a, -300",
        "openRtpServer, port=70000&stream_id=a, -300",
        "openRtpServer, port=0&stream_id=a/b, -300",
        "openRtpServer, port=0&stream_id=a&ssrc=x, -300",
        "closeRtpServer, x=1, -300"
    })
    void whatCannotBeIsRefused(String name, String parameters, int code) throws Exception {
        assertThat(trusted(name, parameters).path("code").asInt()).isEqualTo(code);
    }

    @Test
    void strangersOpenNothing() throws Exception {
        for (String name : List.of("openRtpServer", "closeRtpServer", "listRtpServer", "getRtpInfo")) {
            assertThat(ask(name, "secret=wrong&port=0&stream_id=a").path("code").asInt())
                    .isEqualTo(-100);
        }
    }
}
