// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.LeakExtension;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A track leaves its broadcast: whoever plays it hears of the end, and nobody is sent to it any more. */
@ExtendWith(LeakExtension.class)
class VanishedTrackTest {
    private static final String SOUND = "/live/anna/a0.m3u8";
    private static final String SOUND_AGAIN = "/live/anna/a0-1.m3u8";
    private static final String TRANSPORT_SOUND = "/live/anna.ts.m3u8?audio=only";

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

    private HttpResponse<byte[]> get(String path) throws Exception {
        return http.get(path);
    }

    private String text(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static long next(String playlist) {
        return new HlsReader.Playlist(200, playlist).next();
    }

    @Test
    void soundThatDoesNotComeBackWithItsEncoderEnds() throws Exception {
        try (RtmpScript first = publisher()) {
            new MediaScript(first).headers().both(12);
            first.sync();
            assertThat(text(TRANSPORT_SOUND)).doesNotContain("ENDLIST");
        }
        awaitReconnecting();
        long awaited = next(text(SOUND)) + 1;
        CompletableFuture<HttpResponse<byte[]>> held = Beside.supply(() -> {
            try {
                return get(SOUND + "?_HLS_msn=" + awaited);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try (RtmpScript second = publisher()) {
            second.send(4, 9, 1, 0, SampleMedia.videoHeader());
            new MediaScript(second).video(24);
            second.sync();
            String ended = text(SOUND);
            assertThat(ended).contains("#EXT-X-ENDLIST").doesNotContain("PRELOAD-HINT");
            assertThat(new String(held.get(15, TimeUnit.SECONDS).body(), StandardCharsets.UTF_8))
                    .contains("#EXT-X-ENDLIST");
            assertThat(text("/live/anna/v0.m3u8")).doesNotContain("ENDLIST").doesNotContain("a0.m3u8");
            assertThat(text("/live/anna.m3u8"))
                    .contains("v0.m3u8")
                    .doesNotContain("a0")
                    .doesNotContain("mp4a");
            assertThat(text("/live/anna.ts.m3u8")).doesNotContain("ENDLIST");
            assertThat(text(TRANSPORT_SOUND)).contains("#EXT-X-ENDLIST");
            String last =
                    ended.lines().filter(line -> !line.startsWith("#")).toList().getLast();
            assertThat(get("/live/anna/" + last).statusCode()).isEqualTo(200);
            assertThat(get("/live/anna/a7.m3u8").body()).asString().contains("no such track");
        }
        awaitReconnecting();
        try (RtmpScript third = publisher()) {
            new MediaScript(third).headers().both(12);
            third.sync();
            assertThat(text("/live/anna.m3u8")).contains("a0-1.m3u8").doesNotContain("a0.m3u8");
            String again = text(SOUND_AGAIN);
            assertThat(again).doesNotContain("ENDLIST");
            assertThat(text(SOUND)).contains("#EXT-X-ENDLIST");
            String segment =
                    again.lines().filter(line -> !line.startsWith("#")).toList().getLast();
            assertThat(get("/live/anna/" + segment).statusCode()).isEqualTo(200);
            String map = again.replaceAll("(?s).*#EXT-X-MAP:URI=\"([^\"]+)\".*", "$1");
            assertThat(get("/live/anna/" + map).statusCode()).as(map).isEqualTo(200);
            assertThat(text("/live/anna.mpd")).contains("a0-1/");
            assertThat(text(TRANSPORT_SOUND)).doesNotContain("ENDLIST");
        }
    }

    @Test
    void soundThatComesASecondLaterGoesOn() throws Exception {
        try (RtmpScript first = publisher()) {
            new MediaScript(first).headers().both(8);
            first.sync();
        }
        awaitReconnecting();
        try (RtmpScript second = publisher()) {
            MediaScript media = new MediaScript(second).clock(at -> at + 2_400).headers();
            for (int i = 0; i < 300; i++) { // more than the gate holds: it opens without the sound
                second.send(4, 9, 1, i * 8L, SampleMedia.picture(i % 100 == 0, 60));
            }
            media.both(12);
            second.sync();
            assertThat(text(SOUND)).doesNotContain("ENDLIST");
            assertThat(get(SOUND_AGAIN).statusCode()).isEqualTo(404);
            assertThat(text("/live/anna.m3u8")).contains("a0.m3u8");
        }
    }

    /** No silence is known for Opus: nothing takes its place. */
    @Test
    void soundThatFallsSilentForAWholeWindowEnds() throws Exception {
        try (RtmpScript script = publisher()) {
            MediaScript media = new MediaScript(script);
            script.send(4, 9, 1, 0, SampleMedia.videoHeader());
            script.send(5, 8, 1, 0, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("904f707573")));
            for (int i = 0; i < 500; i++) {
                media.run(20, true, false);
                opus(script, i * 20L);
            }
            script.sync();
            assertThat(text(SOUND)).doesNotContain("ENDLIST");
            media.video(8);
            script.sync();
            assertThat(text(SOUND)).doesNotContain("ENDLIST");
            media.video(12);
            script.sync();
            assertThat(text(SOUND)).contains("#EXT-X-ENDLIST");
            assertThat(text("/live/anna.m3u8")).doesNotContain("a0").doesNotContain("opus");
            for (int i = 1_500; i < 1_900; i++) {
                media.run(20, true, false);
                opus(script, i * 20L);
            }
            script.sync();
            assertThat(text(SOUND_AGAIN)).doesNotContain("ENDLIST");
            assertThat(text("/live/anna.m3u8")).contains("a0-1.m3u8");
        }
    }

    private static void opus(RtmpScript script, long millis) throws Exception {
        script.send(5, 8, 1, millis, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("914f707573fc010203")));
    }
}
