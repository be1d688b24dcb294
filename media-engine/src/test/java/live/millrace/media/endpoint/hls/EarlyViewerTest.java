// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import live.millrace.media.container.mpegts.TsReader;
import live.millrace.media.hub.StreamState;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments that are cut because somebody asks, in the middle of a group of pictures: each begins where a decoder can begin. */
class EarlyViewerTest {
    @Test
    void everySegmentBeginsWithAKeyFrameHoweverEarlyItIsAskedFor(@TempDir Path directory) throws Exception {
        try (MediaEngine engine = OpenEngine.start(OpenEngine.config(directory));
                HlsReader http = new HlsReader(engine.port("http"))) {
            Set<String> seen = new LinkedHashSet<>();
            try (RtmpScript script = publisher(engine)) {
                MediaScript media = new MediaScript(script).headers().run(3_000, true, true);
                script.sync();
                CompletableFuture<ParsedPlaylist> first = Beside.supply(() -> playlist(http));
                Wait.until("a first segment is whole", () -> {
                    media.run(40, true, true);
                    script.sync();
                    return first.isDone();
                });
                look(http, first.get(10, TimeUnit.SECONDS), seen);
                for (int i = 0; i < 10; i++) {
                    media.run(700, true, true);
                    script.sync();
                    look(http, playlist(http), seen);
                }
            }
            Wait.until(
                    "the encoder is missed",
                    () -> engine.control().stream("anna").orElseThrow().state() == StreamState.RECONNECTING);
            try (RtmpScript script = publisher(engine)) {
                MediaScript media = new MediaScript(script).headers();
                for (int i = 0; i < 10; i++) {
                    media.run(700, true, true);
                    script.sync();
                    look(http, playlist(http), seen);
                }
            }
            assertThat(seen).hasSizeGreaterThan(6);
        }
    }

    private static RtmpScript publisher(MediaEngine engine) throws Exception {
        RtmpScript script = new RtmpScript(engine.port("rtmp")).handshake().connect("live");
        assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
        return script;
    }

    private static ParsedPlaylist playlist(HlsReader http) {
        try {
            var answer = http.get("/live/anna.ts.m3u8");
            assertThat(answer.statusCode()).isEqualTo(200);
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            assertThat(text).as("a promise for segments to come").doesNotContain("INDEPENDENT-SEGMENTS");
            return ParsedPlaylist.parse(URI.create("http://engine/live/anna.ts.m3u8"), text);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private static void look(HlsReader http, ParsedPlaylist playlist, Set<String> seen) throws Exception {
        for (ParsedPlaylist.Entry segment : playlist.segments()) {
            String path = playlist.path(segment.uri());
            if (seen.add(path)) {
                List<TsReader.Packet> packets = new TsReader()
                        .read(Unpooled.wrappedBuffer(http.get(path).body()));
                assertThat(packets.stream().filter(each -> each.pid() == 0x100 && each.unitStart()))
                        .first()
                        .as(path)
                        .matches(TsReader.Packet::randomAccess);
            }
        }
    }
}
