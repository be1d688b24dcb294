// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.videos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.VideoState;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.VideoView.Gap;
import org.junit.jupiter.api.Test;

class VideoTimeTest {
    private static final Instant START = Instant.parse("2026-11-20T18:00:00Z");

    private static VideoView video(Gap... gaps) {
        return new VideoView(
                "AAAAAAAAAAA",
                1,
                "anna",
                null,
                VideoState.READY_WITH_GAPS,
                Visibility.PUBLIC,
                "",
                "",
                null,
                false,
                START,
                null,
                100_000,
                0,
                0,
                false,
                null,
                List.of(gaps));
    }

    @Test
    void theClockRunsOnWhereNothingIsKept() {
        VideoView video = video(new Gap(10_000, 5_000, "ENCODER"), new Gap(20_000, 1_000, "DISK"));
        assertThat(VideoTime.media(video, START.minusSeconds(3))).isZero();
        assertThat(VideoTime.media(video, START.plusMillis(9_999))).isEqualTo(9_999);
        assertThat(VideoTime.media(video, START.plusMillis(12_000))).isEqualTo(10_000);
        assertThat(VideoTime.media(video, START.plusMillis(15_001))).isEqualTo(10_001);
        assertThat(VideoTime.media(video, START.plusMillis(25_500))).isEqualTo(20_000);
        assertThat(VideoTime.media(video, START.plusMillis(30_000))).isEqualTo(24_000);
    }

    @Test
    void aPlaceIsFoundAgain() {
        VideoView video = video(new Gap(20_000, 1_000, "DISK"), new Gap(10_000, 5_000, "ENCODER"));
        for (long at = 0; at < 60_000; at += 500) {
            assertThat(VideoTime.media(video, VideoTime.wall(video, at))).isEqualTo(at);
        }
    }
}
