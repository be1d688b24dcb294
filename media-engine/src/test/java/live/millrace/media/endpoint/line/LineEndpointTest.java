// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.server.EnginePorts;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A protocol that the engine has never heard of publishes and plays, and everything else that the engine does is there for it. */
class LineEndpointTest {
    private static final int READ_MILLIS = 20_000;

    private MediaEngine engine;

    /** Somebody who speaks the protocol. */
    private static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Peer(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(READ_MILLIS);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        }

        String hear() throws IOException {
            return in.readLine();
        }

        /** Waits for the end: a reset as well, where the other side had not read all that this one said. */
        boolean isSentAway() throws IOException {
            try {
                return in.readLine() == null;
            } catch (SocketException reset) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeEach
    void start(@TempDir Path directory) {
        EnginePorts ports = new EnginePorts(
                attempt -> CompletableFuture.completedStage(
                        attempt.key().orElseThrow().secret().equals("right")
                                ? new PublishDecision.Granted("anna", "key")
                                : new PublishDecision.Refused(RefusalCause.UNKNOWN_KEY)),
                OpenEngine.SILENT,
                attempt -> CompletableFuture.completedStage(
                        attempt.name().equals("anna") ? PlayDecision.UNLIMITED : PlayDecision.NOT_ALLOWED),
                PlayObserver.NOBODY,
                OpenEngine.DEAF);
        engine = MediaEngine.start(OpenEngine.cuttingAlways(directory), ports, List.of(LineEndpoint::new));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static void seconds(Peer publisher, int from, int to) throws IOException {
        for (int i = from * 50; i < to * 50; i++) {
            publisher.say("frame " + i * 20 + " 21%06x".formatted(i));
        }
    }

    @Test
    void whatOnePublishesAnotherPlays() throws Exception {
        try (Peer publisher = new Peer(engine.port("line"));
                Peer viewer = new Peer(engine.port("line"))) {
            publisher.say("publish right");
            assertThat(publisher.hear()).isEqualTo("ok");
            publisher.say("sound " + SampleMedia.ASC);
            seconds(publisher, 0, 8);
            viewer.say("play anna");
            assertThat(viewer.hear()).isEqualTo("ok");
            Wait.until(
                    "he watches",
                    () -> engine.control().stream("anna").orElseThrow().viewers() == 1);
            seconds(publisher, 8, 10);
            assertThat(viewer.hear()).isEqualTo("sound " + SampleMedia.ASC);
            String first = viewer.hear();
            assertThat(first).matches("frame \\d+ 21[0-9a-f]{6}");
            int next = Integer.parseInt(first.substring(first.length() - 6), 16) + 1;
            assertThat(viewer.hear()).endsWith(" 21%06x".formatted(next));

            engine.control().end("anna");
            assertThat(publisher.isSentAway()).isTrue();
            while (viewer.hear() != null) {
                // the rest, and then the end
            }
        }
    }

    @Test
    void itsSoundIsThereForOtherProtocols() throws Exception {
        try (Peer publisher = new Peer(engine.port("line"));
                HlsReader hls = new HlsReader(engine.port("http"))) {
            publisher.say("publish right");
            assertThat(publisher.hear()).isEqualTo("ok");
            publisher.say("sound " + SampleMedia.ASC);
            seconds(publisher, 0, 8);
            Wait.until(
                    "segments are cut",
                    () -> hls.get("/live/anna/a0.m3u8").statusCode() == 200
                            && new String(hls.get("/live/anna/a0.m3u8").body(), StandardCharsets.UTF_8)
                                    .contains("#EXTINF"));
        }
    }

    @Test
    void aWrongKeyAndAStreamThatIsNotForHimAreRefused() throws Exception {
        try (Peer stranger = new Peer(engine.port("line"))) {
            stranger.say("publish wrong");
            assertThat(stranger.hear()).isEqualTo("no");
            stranger.say("play bert");
            assertThat(stranger.hear()).isEqualTo("no");
        }
        assertThat(engine.publishTallies().refusals().of(RefusalCause.UNKNOWN_KEY))
                .isEqualTo(1);
    }
}
