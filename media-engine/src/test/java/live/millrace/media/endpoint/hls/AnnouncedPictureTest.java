// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.Track;
import live.millrace.media.server.MediaEngine;
import live.millrace.media.testing.Beside;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.OpenEngine;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Players read the multivariant playlist once: a track that is not in it is never played. */
class AnnouncedPictureTest {
    private static final int KEY_MILLIS = 2_000;
    private static final int STEP_MILLIS = 40;

    private static final Track PICTURE = SampleTracks.VIDEO;
    private static final Track SOUND = SampleTracks.AUDIO;

    @Test
    void aPictureThatWasAnnouncedAMomentAgoIsWaitedFor(@TempDir Path directory) throws Exception {
        try (MediaEngine engine = OpenEngine.start(OpenEngine.config(directory));
                HlsReader http = new HlsReader(engine.port("http"));
                RtmpScript script =
                        new RtmpScript(engine.port("rtmp")).handshake().connect("live")) {
            assertThat(script.publish("anna")).isEqualTo("NetStream.Publish.Start");
            script.chunked(5, 8, 1, 0, SampleMedia.audioHeader(), true);
            MediaScript media = new MediaScript(script).run(6_000, false, true);
            script.sync();
            int[] millis = {6_000};
            CompletableFuture<String> sound = Beside.supply(() -> multivariant(http));
            Wait.until("the sound can be played", () -> {
                media.run(STEP_MILLIS, false, true);
                millis[0] += STEP_MILLIS;
                script.sync();
                return sound.isDone();
            });
            assertThat(sound.get(10, TimeUnit.SECONDS)).contains("/a0.m3u8").doesNotContain("/v0.m3u8");
            media.run(KEY_MILLIS - millis[0] % KEY_MILLIS, false, true);
            script.chunked(4, 9, 1, millis[0], SampleMedia.videoHeader(), true);
            media.run(3 * STEP_MILLIS, true, true); // less than a part
            script.sync();
            CompletableFuture<String> both = Beside.supply(() -> multivariant(http));
            Wait.until("both can be played", () -> {
                media.run(STEP_MILLIS, true, true);
                script.sync();
                return both.isDone();
            });
            assertThat(both.get(10, TimeUnit.SECONDS)).contains("/a0.m3u8").contains("/v0.m3u8");
        }
    }

    @Test
    void itIsWaitedForUntilItsFirstSegmentIsWhole(@TempDir Path directory) throws Exception {
        HandFed broadcast = new HandFed(directory);
        try {
            broadcast.tracks(SOUND);
            broadcast.play(5, SOUND);
            assertThat(broadcast.stream().ready()).isCompleted();
            assertThat(broadcast.stream().complete()).isCompleted();
            broadcast.tracks(PICTURE, SOUND);
            assertThat(broadcast.stream().complete()).isNotDone();
            broadcast.play(2, PICTURE, SOUND); // a second of it
            assertThat(broadcast.stream().complete()).isNotDone();
            broadcast.play(2, PICTURE, SOUND);
            assertThat(broadcast.stream().complete()).isCompleted();
            broadcast.tracks(PICTURE, SOUND);
            assertThat(broadcast.stream().complete())
                    .as("a break takes nothing away")
                    .isCompleted();
        } finally {
            broadcast.close();
        }
    }

    @Test
    void aTrackThatIsAnnouncedAndSaysNothingIsNotWaitedForLong(@TempDir Path directory) throws Exception {
        HandFed broadcast = new HandFed(directory);
        try {
            broadcast.tracks(PICTURE);
            broadcast.play(6, PICTURE);
            assertThat(broadcast.stream().complete()).isCompleted();
            broadcast.tracks(PICTURE, SOUND);
            broadcast.play(3, PICTURE);
            assertThat(broadcast.stream().complete()).isNotDone();
            broadcast.play(4, PICTURE);
            assertThat(broadcast.stream().complete()).isCompleted();
        } finally {
            broadcast.close();
        }
    }

    private static String multivariant(HlsReader http) {
        try {
            var answer = http.get("/live/anna.m3u8");
            assertThat(answer.statusCode()).isEqualTo(200);
            return new String(answer.body(), StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
