// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;

/** Tracks that come late, and configurations that change. */
class ChangingTracksTest extends BroadcastOnLoops {
    private static Track wide() {
        byte[] avcC = ByteBufUtil.getBytes(SampleMedia.avcC());
        avcC[avcC.length - 1] ^= 4; // another picture parameter set
        return new Track(
                Track.VIDEO, new H264.Format(AvcDecoderConfigurationRecord.parse(Unpooled.wrappedBuffer(avcC))));
    }

    private static void key(Publisher publisher, Track track, long millis) {
        frame(
                publisher,
                new MediaFrame(track, millis * 90, 0, true, Unpooled.buffer().writeZero(8)));
    }

    @Test
    void aLateTrackIsAnnounced() {
        Publisher publisher = accepted(loop, "k1");
        publisher.track(VIDEO);
        picture(publisher, 0);
        for (int i = 1; i < 260; i++) {
            picture(publisher, i * 4L); // the gate opens by number of frames
        }
        events.clear();
        publisher.track(AUDIO);
        sound(publisher, 1040);
        assertThat(events.getFirst()).isEqualTo("tracks[0, 1]");
    }

    @Test
    void aConfigurationIsAnnouncedWithItsFirstFrameAndSixTimesInARowAtMost() {
        Publisher publisher = onAir(loop, "k1");
        Track other = wide();
        events.clear();
        publisher.track(other);
        assertThat(events).as("no media, no cut").isEmpty();
        for (int i = 1; i <= 40; i++) {
            Track track = i % 2 == 1 ? other : VIDEO;
            publisher.track(track);
            key(publisher, track, i * 40L);
        }
        assertThat(events.stream().filter(event -> event.startsWith("tracks"))).hasSize(6);
        assertThat(kicks).isEmpty();
        loop.advanceTimeBy(1, TimeUnit.SECONDS);
        publisher.end();
        assertThat(publisher.stream().statistics().count(Repair.CONFIGURATION_HELD))
                .isPositive();
    }

    @Test
    void aFormatThatChangesBeforeTheTracksAreKnownIsNotMixedWithTheOneBefore() {
        Publisher publisher = accepted(loop, "k1");
        publisher.track(AUDIO);
        sound(publisher, 0);
        sound(publisher, 23);
        Track other = new Track(Track.AUDIO, new Mp3.Format(22_050, 2, false));
        publisher.track(other);
        frame(
                publisher,
                new MediaFrame(
                        other, 46 * 22_050 / 1_000, 0, true, Unpooled.buffer().writeZero(8)));
        publisher.track(VIDEO);
        picture(publisher, 50);
        assertThat(events.stream().filter(event -> event.startsWith("tracks"))).hasSize(2);
        assertThat(times(1)).containsExactly(0L, 1_024L, 1_024L);
    }
}
