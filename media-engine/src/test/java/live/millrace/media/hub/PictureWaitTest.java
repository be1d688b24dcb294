// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;

class PictureWaitTest {
    private final PictureWait wait = new PictureWait();

    private void frame(Track track, boolean key, boolean kept, long interval, long arrival) {
        wait.frame(new MediaFrame(track, 0, 0, key, Unpooled.EMPTY_BUFFER), kept, interval, arrival);
    }

    @Test
    void nobodyWaitsWhileTheFramesAreKept() {
        assertThat(wait.at(0)).isEmpty();
        frame(SampleTracks.VIDEO, true, true, 0, 1_000);
        frame(SampleTracks.VIDEO, false, true, 0, 1_040);
        assertThat(wait.at(1_050)).isEmpty();
    }

    @Test
    void theNextKeyFrameComesAsLateAsTheLastOne() {
        frame(SampleTracks.VIDEO, true, true, 30_000, 100_000);
        frame(SampleTracks.VIDEO, false, false, 30_000, 121_000);
        // A key of the sound is none of the picture's.
        frame(SampleTracks.AUDIO, true, false, 30_000, 121_020);
        assertThat(wait.at(121_030)).contains(Duration.ofMillis(8_970));
        assertThat(wait.at(131_000)).as("it is late").contains(Duration.ZERO);
        frame(SampleTracks.VIDEO, true, true, 31_500, 131_500);
        assertThat(wait.at(131_501)).isEmpty();
    }

    @Test
    void withoutASecondKeyFrameNobodyKnows() {
        frame(SampleTracks.VIDEO, true, true, 0, 100_000);
        frame(SampleTracks.VIDEO, false, false, 0, 121_000);
        assertThat(wait.at(121_000)).contains(Duration.ZERO);
        wait.pause();
        assertThat(wait.at(121_000)).isEmpty();
    }
}
