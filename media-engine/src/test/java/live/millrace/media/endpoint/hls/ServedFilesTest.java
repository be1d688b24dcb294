// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Playlists, manifests, segments and parts as they are served while a broadcast is on air. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServedFilesTest {
    private OnAir onAir;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        onAir = new OnAir(directory);
    }

    @AfterAll
    void close() throws Exception {
        onAir.close();
    }

    @Test
    void aListedSegmentConsistsOfItsParts() throws Exception {
        for (String rendition : WatchedBroadcast.LOW_LATENCY) {
            ParsedPlaylist playlist = onAir.read("/live/bert/" + rendition + ".m3u8");
            ParsedPlaylist.Entry segment = playlist.segments().getLast();
            assertThat(segment.open()).isFalse();
            assertThat(segment.parts()).isNotEmpty();
            java.io.ByteArrayOutputStream parts = new java.io.ByteArrayOutputStream();
            for (ParsedPlaylist.Part part : segment.parts()) {
                HttpResponse<byte[]> answer = onAir.http.get(playlist.path(part.uri()));
                assertThat(answer.statusCode()).as(part.uri()).isEqualTo(200);
                parts.write(answer.body());
            }
            assertThat(onAir.http.get(playlist.path(segment.uri())).body()).isEqualTo(parts.toByteArray());
            assertThat(segment.duration())
                    .isCloseTo(
                            segment.parts().stream()
                                    .mapToDouble(ParsedPlaylist.Part::duration)
                                    .sum(),
                            within(0.001));
        }
    }

    @Test
    void whoAsksForSoundThatTheStreamHasGetsWhatAllGet() throws Exception {
        String variants = text("/live/bert.m3u8?v=viewer-one&sound=aac");
        assertThat(variants).contains("bert/v0.m3u8?v=viewer-one&sound=aac", "bert/a0.m3u8?v=viewer-one&sound=aac");
        for (String rendition : WatchedBroadcast.LOW_LATENCY) {
            String address = "/live/bert/" + rendition + ".m3u8";
            assertThat(text(address + "?sound=aac")).isEqualTo(text(address));
        }
        assertThat(text("/live/bert.m3u8?sound=mp3")).isEqualTo(text("/live/bert.m3u8"));
    }

    private String text(String path) throws Exception {
        return new String(onAir.http.get(path).body(), StandardCharsets.UTF_8);
    }

    @Test
    void aManifestListsSegmentsOfTheSameCutWithoutAHole() throws Exception {
        Element manifest = onAir.manifest("bert");
        List<Element> representations = OnAir.elements(manifest, "Representation");
        assertThat(representations).hasSize(2);
        for (Element representation : representations) {
            Element template = OnAir.elements(representation, "SegmentTemplate").getFirst();
            assertThat(onAir.status("/live/" + template.getAttribute("initialization")))
                    .isEqualTo(200);
            List<Element> segments = OnAir.elements(template, "S");
            assertThat(segments).hasSizeGreaterThanOrEqualTo(3);
            long number = Long.parseLong(template.getAttribute("startNumber"));
            long time = Long.parseLong(segments.getFirst().getAttribute("t"));
            for (Element segment : segments) {
                assertThat(Long.parseLong(segment.getAttribute("t"))).isEqualTo(time);
                time += Long.parseLong(segment.getAttribute("d"));
                assertThat(onAir.status(
                                "/live/" + template.getAttribute("media").replace("$Number$", Long.toString(number++))))
                        .isEqualTo(200);
            }
        }
    }

    /** FFmpeg asks for the next number before a manifest tells of it. */
    @Test
    void theNextSegmentIsWaitedForAndNoOther() throws Exception {
        try (RtmpScript script = onAir.publisher("erna")) {
            MediaScript media = new MediaScript(script).headers().run(8_400, true, true);
            script.sync();
            ParsedPlaylist playlist = onAir.read("/live/erna/v0.m3u8");
            ParsedPlaylist.Entry last = playlist.segments().getLast();
            String folder = last.uri().substring(0, last.uri().lastIndexOf('/') + 1);
            assertThat(onAir.status(playlist.path(folder + (last.number() + 2) + ".m4s")))
                    .isEqualTo(404);
            CompletableFuture<Integer> next = Beside.supply(() -> {
                try {
                    return onAir.status(playlist.path(folder + (last.number() + 1) + ".m4s"));
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            media.run(40, true, true);
            script.sync();
            assertThat(next).isNotDone();
            media.run(2_000, true, true);
            script.sync();
            assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo(200);
        }
    }

    @Test
    void everythingHasItsTypeAndIsForEveryOrigin() throws Exception {
        ParsedPlaylist video = onAir.read(OnAir.live(""));
        ParsedPlaylist transport = onAir.read("/live/bert.ts.m3u8");
        Map<String, String> types = Map.of(
                OnAir.live(""),
                "application/vnd.apple.mpegurl",
                "/live/bert.m3u8",
                "application/vnd.apple.mpegurl",
                "/live/bert.mpd",
                "application/dash+xml",
                video.path(video.segments().getLast().uri()),
                "video/mp4",
                video.path(video.entries().getLast().map().orElseThrow()),
                "video/mp4",
                transport.path(transport.segments().getLast().uri()),
                "video/mp2t");
        for (Map.Entry<String, String> type : types.entrySet()) {
            HttpResponse<byte[]> answer = onAir.http.get(type.getKey());
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .as(type.getKey())
                    .startsWith(type.getValue());
            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .as(type.getKey())
                    .hasValue("*");
        }
    }

    @Test
    void playlistsAreCompressedForWhoeverTakesThat() throws Exception {
        HttpResponse<byte[]> answer = onAir.http.get(OnAir.live(""), "Accept-Encoding", "gzip");
        assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(answer.headers().firstValue("vary").orElse("")).contains("Accept-Encoding");
    }

    @Test
    void segmentsAreKeptAndPlaylistsAreNot() throws Exception {
        ParsedPlaylist video = onAir.read(OnAir.live(""));
        assertThat(onAir.http.get(OnAir.live("")).headers().firstValue("cache-control"))
                .hasValue("no-cache");
        assertThat(onAir.http
                        .get(video.path(video.segments().getLast().uri()))
                        .headers()
                        .firstValue("cache-control")
                        .orElse(""))
                .contains("max-age=3600");
    }

    @Test
    void segmentsCanBeAskedForInPieces() throws Exception {
        ParsedPlaylist video = onAir.read(OnAir.live(""));
        String segment = video.path(video.segments().getLast().uri());
        HttpResponse<byte[]> piece = onAir.http.get(segment, "Range", "bytes=4-7");
        assertThat(piece.statusCode()).isEqualTo(206);
        assertThat(new String(piece.body(), StandardCharsets.US_ASCII)).isEqualTo("moof");
    }
}
