// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a player may ask of a playlist that goes on: to wait, to leave out what is old, to hint. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectivesTest {
    private OnAir onAir;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        onAir = new OnAir(directory);
    }

    @AfterAll
    void close() throws Exception {
        onAir.close();
    }

    private void hinted(RtmpScript script, MediaScript media, String address) throws Exception {
        ParsedPlaylist playlist = onAir.read(address);
        String hint = playlist.path(playlist.hints().getFirst());
        CompletableFuture<HttpResponse<byte[]>> answer = Beside.supply(() -> {
            try {
                return onAir.http.get(hint);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        CompletableFuture<ParsedPlaylist> blocked = Beside.supply(() -> {
            ParsedPlaylist.Entry last = playlist.entries().getLast();
            try {
                return onAir.read(address + "?_HLS_msn=" + (last.open() ? last.number() : last.number() + 1)
                        + "&_HLS_part=" + (last.open() ? last.parts().size() : 0));
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        media.run(40, true, true);
        script.sync();
        assertThat(answer).isNotDone();
        media.run(2_000, true, true);
        script.sync();
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        byte[] part = answer.get().body();
        ByteBuffer boxes = ByteBuffer.wrap(part);
        int fragment = boxes.getInt(0);
        assertThat(new String(part, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("moof");
        assertThat(fragment + boxes.getInt(fragment)).as("moof and mdat").isEqualTo(part.length);
        ParsedPlaylist after = blocked.get(10, TimeUnit.SECONDS);
        assertThat(after.entries().stream().flatMap(entry -> entry.parts().stream()))
                .as("the whole playlist comes with the part that was waited for")
                .anyMatch(each -> after.path(each.uri()).equals(hint));
    }

    @Test
    void aHintedPartSendsNoByteBeforeItIsWhole() throws Exception {
        try (RtmpScript script = onAir.publisher("dora")) {
            MediaScript media = new MediaScript(script).headers().run(8_400, true, true); // two pictures of a part
            script.sync();
            hinted(script, media, "/live/dora/v0.m3u8");
        }
    }

    @Test
    void aDeltaLeavesOutWhatIsOldAndNoMore() throws Exception {
        ParsedPlaylist whole = onAir.read(OnAir.live(""));
        for (String skip : List.of("YES", "v2")) {
            ParsedPlaylist delta = onAir.read(OnAir.live("?_HLS_skip=" + skip));
            assertThat(delta.mediaSequence()).isEqualTo(whole.mediaSequence());
            double kept = delta.entries().stream()
                    .mapToDouble(ParsedPlaylist.Entry::duration)
                    .sum();
            double all = whole.entries().stream()
                    .mapToDouble(ParsedPlaylist.Entry::duration)
                    .sum();
            if (all > 6.0 * whole.target() + whole.target()) {
                assertThat(delta.skipped()).isPositive();
            }
            assertThat(kept).isGreaterThanOrEqualTo(Math.min(all, 6.0 * whole.target()) - 0.001);
            assertThat(delta.skipped() + delta.entries().size())
                    .isEqualTo(whole.entries().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?_HLS_part=0", "?_HLS_msn=abc", "?_HLS_msn=-1", "?_HLS_msn=1&_HLS_part=x"})
    void aBrokenDirectiveIsRefused(String query) throws Exception {
        assertThat(onAir.status(OnAir.live(query))).isEqualTo(400);
    }

    @Test
    void whatIsTooFarAheadIsRefusedAtOnce() throws Exception {
        ParsedPlaylist now = onAir.read(OnAir.live(""));
        long last = now.segments().getLast().number();
        assertThat(onAir.status(OnAir.live("?_HLS_msn=" + (last + 3)))).isEqualTo(400);
        assertThat(onAir.status(OnAir.live("?_HLS_msn=" + (last + 1) + "&_HLS_part=500")))
                .isEqualTo(400);
    }

    @Test
    void whoWaitsLongerThanThreeTargetsIsToldSo() throws Exception {
        try (RtmpScript script = onAir.publisher("carl")) {
            new MediaScript(script).headers().both(8);
            script.sync();
            ParsedPlaylist now = onAir.read("/live/carl/v0.m3u8");
            long before = System.nanoTime();
            HttpResponse<byte[]> answer = onAir.http.get(
                    "/live/carl/v0.m3u8?_HLS_msn=" + (now.segments().getLast().number() + 2));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(3 * now.target()));
        }
    }
}
