// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoders whose clocks run fast and slow, on networks good and bad, for as long as it takes: 25 frames a second. */
class WallClockTest {
    private static final long START = 1_800_000_000_000L;
    private static final int SEGMENT = 2_000;

    private final WallClock clock = new WallClock();

    /** The instants of segments, as they were told when each began. */
    private final List<Long> told = new ArrayList<>();

    private long farthestAhead = Long.MIN_VALUE;
    private long farthestBehind = Long.MAX_VALUE;
    private boolean begun;

    /**
     * Sends frames.
     *
     * @param speed seconds of the encoder's clock in a second
     * @param arrival of a frame that was made so many true milliseconds after the start
     */
    private void run(double speed, long fromMillis, long toMillis, LongUnaryOperator arrival) {
        for (long at = fromMillis; at < toMillis; at += 40) {
            long media = Math.round(at * speed);
            long now = START + arrival.applyAsLong(at);
            if (!begun) {
                begun = true;
                clock.begin(media, now);
            }
            clock.arrived(media, now);
            if (at > 10_000) {
                long ahead = clock.at(media) - (START + at);
                farthestAhead = Math.max(farthestAhead, ahead);
                farthestBehind = Math.min(farthestBehind, ahead);
            }
            while ((long) told.size() * SEGMENT <= media) {
                told.add(clock.at((long) told.size() * SEGMENT));
            }
        }
    }

    private long largestDifferenceFromDurations() {
        long largest = 0;
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i)).isGreaterThan(told.get(i - 1));
            largest = Math.max(largest, Math.abs(told.get(i) - told.get(i - 1) - SEGMENT));
        }
        return largest;
    }

    @ParameterizedTest(name = "a clock that counts {0} s in a second, for {1} s: at most {2} ms off, segments {3}")
    @CsvSource({
        "1.1, 600, 1000, 320",
        "0.9, 600, 1200, 320",
        "1.01, 3600, 300, 40",
        "0.99, 3600, 300, 40",
        "1.0001, 43200, 200, 5",
        "0.9999, 43200, 200, 5",
        "1.0, 3600, 0, 0"
    })
    void anEncodersClockIsFollowed(double speed, int seconds, long off, long step) {
        run(speed, 0, seconds * 1_000L, at -> at);
        assertThat(farthestAhead).isLessThanOrEqualTo(off);
        assertThat(farthestBehind).isGreaterThanOrEqualTo(-off);
        assertThat(largestDifferenceFromDurations()).isLessThanOrEqualTo(step);
    }

    @Test
    void jitterAndBurstsOfAGoodClockMoveNothing() {
        Random random = new Random(3);
        long[] last = {0};
        // Each half minute the network stands for four seconds, then everything comes at once.
        run(1, 0, 600_000, at -> {
            long sent = at + (at == 0 ? 0 : random.nextInt(40));
            long stands = at % 30_000;
            last[0] = Math.max(last[0], stands >= 20_000 && stands < 24_000 ? at - stands + 24_000 : sent);
            return last[0];
        });
        assertThat(farthestAhead).isLessThanOrEqualTo(300);
        assertThat(farthestBehind).isGreaterThanOrEqualTo(-300);
        assertThat(largestDifferenceFromDurations()).isLessThanOrEqualTo(300);
    }

    @Test
    void mediaInAHurryIsNoDrift() {
        run(1, 0, 60_000, at -> at / 60);
        assertThat(largestDifferenceFromDurations()).isZero();
    }

    @Test
    void whatWasToldStays() {
        List<Long> media = new ArrayList<>();
        List<Long> then = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            run(1.1, i * 1_000L, (i + 1) * 1_000L, at -> at);
            long behind = Math.max(0, Math.round((i - 10) * 1_100.0));
            if (!media.isEmpty()) {
                assertThat(clock.at(media.getLast())).isEqualTo(then.getLast());
            }
            media.add(behind);
            then.add(clock.at(behind));
        }
    }

    @Test
    void aReturnAfterAPauseIsNowAndNeverBeforeTheEnd() {
        run(1.1, 0, 60_000, at -> at);
        long end = clock.at(66_000);
        clock.begin(66_000, START + 60_100); // taken over at once
        assertThat(clock.at(66_000)).isGreaterThanOrEqualTo(end);
        clock.begin(70_000, START + 120_000);
        assertThat(clock.at(70_000)).isEqualTo(START + 120_000);
        assertThat(clock.at(69_980)).as("sound that begins a little before").isEqualTo(START + 119_980);
    }

    @Test
    void aWallClockThatIsSetBackIsFollowedAsSlowly() {
        run(1, 0, 60_000, at -> at);
        run(1, 60_000, 120_000, at -> at - 5_000);
        assertThat(largestDifferenceFromDurations()).isLessThanOrEqualTo(2 * WallClock.FASTEST);
        assertThat(clock.at(120_000)).isBetween(START + 114_900, START + 115_200);
    }
}
