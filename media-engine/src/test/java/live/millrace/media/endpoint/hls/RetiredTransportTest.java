// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A playlist of transport stream segments that ended, while another one goes on at its address. */
class RetiredTransportTest {
    private static final String SOUND = "/live/anna.ts.m3u8?audio=only";

    @TempDir
    private Path directory;

    private MediaEngine engine;
    private HlsReader http;

    @BeforeEach
    void start() {
        engine = OpenEngine.start(OpenEngine.cuttingAlways(directory));
        http = new HlsReader(engine.port("http"));
    }

    @AfterEach
    void stop() {
        http.close();
        engine.close();
    }

    private RtmpScript publisher() throws Exception {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private void awaitReconnecting() throws Exception {
        Wait.until(
                "the encoder is missed",
                () -> engine.control().stream("anna").orElseThrow().state() == StreamState.RECONNECTING);
    }

    private String text(String path) throws Exception {
        return new String(http.get(path).body(), StandardCharsets.UTF_8);
    }

    private static List<String> segments(String playlist) {
        return playlist.lines().filter(line -> !line.startsWith("#")).toList();
    }

    /** RFC 8216 §6.2.2: it stays for as long as the playlist that listed it lasts. */
    @Test
    void whoeverPlaysTheEndedPlaylistGetsItsLastSegments() throws Exception {
        try (RtmpScript first = publisher()) {
            new MediaScript(first).headers().both(12);
            first.sync();
            assertThat(text(SOUND)).doesNotContain("ENDLIST");
        }
        awaitReconnecting();
        String ended;
        try (RtmpScript second = publisher()) {
            second.send(4, 9, 1, 0, SampleMedia.videoHeader());
            new MediaScript(second).video(24);
            second.sync();
            ended = text(SOUND);
            assertThat(ended).contains("#EXT-X-ENDLIST");
        }
        awaitReconnecting();
        try (RtmpScript third = publisher()) {
            new MediaScript(third).headers().both(12);
            third.sync();
            String again = text(SOUND);
            assertThat(again).doesNotContain("ENDLIST");
            assertThat(segments(again)).isNotEmpty().doesNotContainAnyElementsOf(segments(ended));
            for (String segment : segments(ended)) {
                assertThat(http.get("/live/" + segment).statusCode())
                        .as(segment)
                        .isEqualTo(200);
            }
            for (String segment : segments(again)) {
                assertThat(http.get("/live/" + segment).statusCode())
                        .as(segment)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aSegmentThatNobodyWasToldOfMakesNoPlaylist() throws Exception {
        try (RtmpScript script = publisher()) {
            MediaScript media = new MediaScript(script).headers().both(12);
            script.sync();
            String listed = segments(text("/live/anna/v0.m3u8")).getFirst();
            String broadcast = listed.substring(0, listed.indexOf('/'));
            String number = listed.replaceAll(".*/(\\d+)\\.m4s", "$1");
            assertThat(http.get("/live/anna/" + broadcast + "/" + number + ".ts")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(http.get("/live/anna/" + broadcast + "/audio/" + number + ".ts")
                            .statusCode())
                    .isEqualTo(404);
            media.both(6);
            script.sync();
            String last = segments(text("/live/anna/v0.m3u8")).getLast().replaceAll(".*/(\\d+)\\.m4s", "$1");
            Wait.until(
                    "files are written in their order", () -> files().stream().anyMatch(file -> file.startsWith(last)));
            assertThat(files()).isNotEmpty().noneMatch(file -> file.endsWith("ts"));
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(file -> file.matches("\\d+.*(ts|m4s)"))
                    .toList();
        }
    }
}
