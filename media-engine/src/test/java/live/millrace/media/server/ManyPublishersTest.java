// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.hub.StreamState;
import live.millrace.media.socket.ReadTurns;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** So many publishers that those whom nobody watches are read in turns. */
@ExtendWith(LeakExtension.class)
class ManyPublishersTest {
    @TempDir
    Path directory;

    private final int count = Runtime.getRuntime().availableProcessors() * (ReadTurns.FEW + 1);
    private final List<RtmpScript> scripts = new ArrayList<>();
    private MediaEngine engine;

    @BeforeEach
    void start() throws Exception {
        engine = OpenEngine.start(OpenEngine.config(directory));
        for (int i = 0; i < count; i++) {
            RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
            scripts.add(script);
            assertThat(script.publish("many" + i)).isEqualTo("NetStream.Publish.Start");
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (RtmpScript script : scripts) {
            script.close();
        }
        engine.close();
    }

    @Test
    void whatTheySendComesAViewerGetsItAndTheirLeavingIsSeen() throws Exception {
        for (RtmpScript script : scripts) {
            new MediaScript(script).headers().both(1);
        }
        for (int i = 0; i < count; i++) {
            int each = i;
            Wait.until(
                    "many" + i + " has come",
                    () -> engine.control().stream("many" + each)
                            .filter(stream -> stream.video().isPresent())
                            .isPresent());
        }
        RtmpScript first = scripts.getFirst();
        MediaScript media = new MediaScript(first).headers().both(3);
        Wait.until(
                "it is live",
                () -> engine.control().stream("many0")
                        .filter(stream -> stream.state() == StreamState.LIVE)
                        .isPresent());
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI address = URI.create("http://127.0.0.1:" + engine.port("http") + "/live/many0.flv");
            HttpResponse<InputStream> answer =
                    http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                assertThat(body.readNBytes(1_000)).hasSize(1_000);
                media.both(1);
                first.sync();
            }
        }
        for (RtmpScript script : scripts) {
            script.close();
        }
        for (int i = 0; i < count; i++) {
            int each = i;
            Wait.until(
                    "many" + i + " is gone",
                    () -> engine.control().stream("many" + each)
                            .filter(stream -> stream.publisher().isPresent())
                            .isEmpty());
        }
    }
}
