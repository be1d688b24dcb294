// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.sound.Converters;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.testing.TestPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From which frame on a presentation is cut whose sound is made anew. */
class CommonSoundFeedTest {
    private static final Track OPUS = new Track(Track.AUDIO, new Opus.Format(OpusHead.STEREO));

    private final EmbeddedChannel owner = new EmbeddedChannel();
    private final Publisher publisher = TestPublisher.on(owner.eventLoop(), "webrtc");
    private final List<String> handedOn = new ArrayList<>();
    private final CommonSoundFeed feed = new CommonSoundFeed(Converters.none(), publisher.stream(), new Subscriber() {
        @Override
        public void tracks(List<Track> tracks) {}

        @Override
        public void frame(MediaFrame frame) {
            handedOn.add(name(frame));
        }

        @Override
        public void paused() {}

        @Override
        public void ended() {
            handedOn.add("end");
        }
    });

    private static String name(MediaFrame frame) {
        String kind = frame.track().isVideo() ? frame.randomAccessPoint() ? "key " : "picture " : "sound ";
        return kind + frame.decodeTime() * 1_000 / frame.track().timescale();
    }

    @AfterEach
    void end() {
        publisher.end();
        owner.runPendingTasks();
    }

    private void picture(long millis, boolean key) {
        frame(SampleTracks.VIDEO, millis, key);
    }

    private void sound(long millis) {
        frame(OPUS, millis, true);
    }

    private void frame(Track track, long millis, boolean key) {
        ByteBuf payload = Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 2, (byte) (key ? 0x65 : 0x41), 1});
        publisher.frame(new MediaFrame(track, millis * track.timescale() / 1_000, 0, key, payload));
        payload.release();
        owner.runPendingTasks();
    }

    private void announce() {
        publisher.track(SampleTracks.VIDEO);
        publisher.track(OPUS);
        picture(0, true);
        sound(0);
        picture(40, false);
    }

    @Test
    void itBeginsWithTheFirstSound() {
        announce();
        feed.begin();
        picture(80, false);
        picture(1_000, true);
        assertThat(handedOn).as("nothing of what is past, nor without sound").isEmpty();
        sound(1_010);
        picture(1_040, false);
        picture(2_000, true);
        assertThat(handedOn).containsExactly("sound 1010", "picture 1040", "key 2000");
    }

    @Test
    void soundThatDoesNotComeIsNotWaitedForForEver() {
        announce();
        feed.begin();
        for (int seconds = 1; seconds < 8; seconds++) {
            picture(1_000L * seconds, true);
        }
        assertThat(handedOn).containsExactly("key 7000");
    }

    @Test
    void soundAloneBeginsAtOnce() {
        publisher.track(OPUS);
        for (int i = 0; i < 400; i++) { // until it is known that there is no picture
            sound(20L * i);
        }
        feed.begin();
        sound(8_000);
        assertThat(handedOn).singleElement().asString().startsWith("sound ");
    }

    @Test
    void nothingIsHandedOnBehindItsEnd() {
        announce();
        feed.begin();
        sound(900);
        picture(1_000, true);
        feed.end();
        owner.runPendingTasks();
        picture(1_040, false);
        assertThat(handedOn).containsExactly("sound 900", "key 1000");
    }
}
