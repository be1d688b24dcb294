// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of an encoder's clock that steps back, jumps or runs fast. */
class EncoderClockTest extends BroadcastOnLoops {
    @Test
    void stepsBackAreEvenedOutAndJumpsStartANewTimeLine() {
        Publisher publisher = onAir(loop, "k1");
        picture(publisher, 40);
        picture(publisher, 20);
        events.clear();
        picture(publisher, 80);
        assertThat(events).containsExactly("0@7200");
        events.clear();
        picture(publisher, 3_600_080);
        assertThat(events.getFirst()).isEqualTo("tracks[0, 1]");
        long mapped = Long.parseLong(events.get(1).substring(2));
        assertThat(mapped).isBetween(7_200L, 90_000L);
        StreamStatistics statistics = publisher.stream().statistics();
        assertThat(statistics.frames()).isPositive();
    }

    @Test
    void anEncoderWhoseClockJumpsAgainAndAgainHasToGo() {
        Publisher publisher = onAir(loop, "k1");
        for (int i = 0; i < 10; i++) {
            picture(publisher, i % 2 == 0 ? 50_000_000 : 0);
        }
        assertThat(kicks).containsExactly("k1 BROKEN_CLOCK");
        assertThat(state()).isEqualTo(StreamState.RECONNECTING);
    }

    @Test
    void soundIsASumOfSamplesWhateverMillisecondsSay() {
        Publisher publisher = onAir(loop, "k1");
        events.clear();
        for (int i = 1; i <= 1000; i++) {
            sound(publisher, Math.round(i * 1024 * 1000.0 / 44_100));
        }
        for (int i = 1; i <= 1000; i++) {
            assertThat(events.get(i - 1)).isEqualTo("1@" + i * 1024L);
        }
    }

    /** Media of four minutes and a half, made in four. */
    @Test
    void aFastEncoderIsNotInTheFuture() {
        Instant[] now = {Instant.parse("2026-11-25T12:00:00Z")};
        StreamRegistry others = new StreamRegistry(HubConfig.defaults(), List.of(), () -> now[0]);
        Publisher publisher = accepted(others);
        picture(publisher, 0);
        sound(publisher, 0);
        long made = 220;
        Instant last = Instant.EPOCH;
        for (int i = 0; i < 4 * 60 * 5; i++) {
            picture(publisher, made);
            Instant told = publisher.stream().wallClock(made);
            assertThat(told).isAfter(last);
            assertThat(Duration.between(now[0], told)).isLessThan(Duration.ofSeconds(1));
            last = told;
            made += 220;
            now[0] = now[0].plusMillis(200);
        }
        assertThat(Duration.between(last, now[0])).isLessThan(Duration.ofSeconds(1));
        others.close();
        runAll();
    }

    @Test
    void aJumpOfTheClockIsNoDistanceBetweenKeyFrames() {
        Publisher publisher = onAir(loop, "k1");
        for (int i = 1; i < 5; i++) {
            picture(publisher, i * 2_000L);
        }
        picture(publisher, 3_600_000);
        picture(publisher, 3_602_000);
        publisher.end();
        assertThat(publisher.stream().statistics().maxKeyFrameIntervalMillis()).isEqualTo(2_000);
    }
}
