// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import org.junit.jupiter.api.Test;

/** A subscriber that fails costs nobody else anything. */
class FailingSubscriberTest extends BroadcastOnLoops {
    @Test
    void aSubscriberThatFailsCostsNeitherThePublisherNorTheOthers() {
        Publisher publisher = accepted(loop, "key");
        List<String> failing = new ArrayList<>();
        publisher.stream().subscribe(new Subscriber() {
            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                failing.add("frame");
                throw new IllegalStateException("a subscriber fails");
            }

            @Override
            public void paused() {
                failing.add("paused");
            }

            @Override
            public void ended() {
                failing.add("ended");
                throw new IllegalStateException("at its end as well");
            }
        });
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        for (long millis = 0; millis < 4_000; millis += 40) {
            picture(publisher, millis);
            sound(publisher, millis);
        }
        assertThat(failing).containsExactly("frame", "ended");
        assertThat(events.stream().filter(event -> event.startsWith(VIDEO.id() + "@")))
                .hasSize(100);
        publisher.end();
        assertThat(publisher.stream().state()).isEqualTo(StreamState.RECONNECTING);
        assertThat(events).contains("paused");
    }

    /** Whoever subscribes and fails must not cost memory that nobody gives back. */
    @Test
    void framesThatWereHeldGoBackWhenOneOfThemFails() {
        Publisher publisher = accepted(loop, "key");
        publisher.stream().subscribe(new Subscriber() {
            private int frames;

            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                if (++frames == 2) {
                    throw new IllegalStateException("a subscriber fails");
                }
            }

            @Override
            public void paused() {}

            @Override
            public void ended() {}
        });
        publisher.track(VIDEO);
        publisher.track(AUDIO);
        List<ByteBuf> payloads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            payloads.add(Unpooled.buffer().writeInt(1).writeByte(0x65));
            publisher.frame(new MediaFrame(VIDEO, i * 3_600L, 0, true, payloads.getLast()));
        }
        payloads.add(Unpooled.buffer().writeInt(1));
        MediaFrame sound = new MediaFrame(AUDIO, 0, 0, true, payloads.getLast());
        publisher.frame(sound);
        payloads.forEach(ByteBuf::release);
        assertThat(payloads).allSatisfy(each -> assertThat(each.refCnt()).isZero());
    }
}
