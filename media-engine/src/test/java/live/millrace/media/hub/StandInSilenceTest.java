// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import org.junit.jupiter.api.Test;

/** Silence stands in for sound that is not there. */
class StandInSilenceTest extends BroadcastOnLoops {
    @Test
    void silenceStandsInForSoundThatVanishesAndMakesWayWhenItReturns() {
        Publisher publisher = onAir(loop, "k1");
        for (int i = 1; i <= 250; i++) {
            picture(publisher, i * 40L);
        }
        List<Long> sounds = times(1);
        assertThat(sounds.getLast() * 1000 / 44_100).isBetween(9_500L, 9_800L);
        sound(publisher, 10_000);
        assertThat(times(1).getLast() * 1000 / 44_100).isBetween(9_600L, 10_010L);
        assertThat(times(1)).isSorted().doesNotHaveDuplicates();
        assertThat(events.stream().filter(event -> event.startsWith("tracks"))).hasSize(1);
    }

    @Test
    void soundThatComesLateOnItsOwnZeroFollowsTheSilenceThatStoodInForIt() {
        StreamRegistry silent = new StreamRegistry(
                new HubConfig(Duration.ofSeconds(60), Duration.ofSeconds(2), 10, true),
                List.of(),
                InstantSource.system());
        Publisher publisher = accepted(silent);
        List<Double> silence = new ArrayList<>();
        List<Double> sounds = new ArrayList<>();
        publisher.stream().subscribe(new Subscriber() {
            @Override
            public void tracks(List<Track> tracks) {}

            @Override
            public void frame(MediaFrame frame) {
                if (!frame.track().isVideo()) {
                    (frame.payload().readableBytes() == 8 ? sounds : silence)
                            .add(frame.decodeTime() * 1_000.0 / frame.track().timescale());
                }
            }

            @Override
            public void paused() {}

            @Override
            public void ended() {}
        });
        for (int i = 0; i < 300; i++) {
            picture(publisher, 900_000_000 + i * 40L);
        }
        assertThat(silence.getLast()).isBetween(11_900.0, 12_000.0);
        publisher.track(AUDIO);
        for (int i = 0; i < 100; i++) {
            picture(publisher, 900_000_000 + 12_000 + i * 23L);
            sound(publisher, i * 23L);
        }
        assertThat(sounds).isSorted().hasSizeGreaterThan(95);
        assertThat(sounds.getFirst()).isBetween(11_900.0, 12_200.0);
        assertThat(publisher.stream().statistics().count(Repair.LINE_CUT)).isZero();
        silent.close();
        runAll();
    }
}
