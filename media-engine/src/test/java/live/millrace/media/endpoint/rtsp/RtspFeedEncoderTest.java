// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;

/** What players of sound get, and when they have to ask again. */
class RtspFeedEncoderTest {
    private static final List<Track> SOUND = List.of(SampleTracks.AUDIO);

    private final RtspFeedEncoder encoder = new RtspFeedEncoder(PlayedTracks.of(SOUND), millis -> millis);

    /** Feeds let viewers join at sound alone once a second: there a report has to stand. */
    @Test
    void soundAloneHasAReportWherePlayersJoin() {
        encoder.tracks(SOUND);
        List<Integer> reported = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            if (i == 100) {
                encoder.paused(Unpooled.buffer());
            }
            ByteBuf out = Unpooled.buffer();
            ByteBuf payload = Unpooled.buffer().writeZero(100);
            encoder.frame(new MediaFrame(SampleTracks.AUDIO, 44_100 + i * 1_024L, 0, true, payload), out);
            if (out.getByte(1) == 1) { // the channel of reports
                reported.add(i);
            }
        }
        assertThat(reported).containsExactly(0, 44, 88, 100);
    }

    @Test
    void itIsOverWhenTheTracksBecomeOthers() {
        encoder.tracks(SOUND);
        assertThat(encoder.isOver()).isFalse();
        encoder.tracks(List.of(SampleTracks.VIDEO, SampleTracks.AUDIO));
        assertThat(encoder.isOver()).isTrue();
    }
}
