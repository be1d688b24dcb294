// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may take over, and when. */
class TakeoversTest {
    private final Takeovers takeovers = new Takeovers(Duration.ofSeconds(2));

    private boolean at(double seconds, double lastFrame) {
        return takeovers.allows(nanos(seconds), nanos(lastFrame));
    }

    private static long nanos(double seconds) {
        return TimeUnit.MILLISECONDS.toNanos(Math.round(seconds * 1000));
    }

    @Test
    void theSameKeyWinsAtOnceButNotTwiceInTwoSeconds() {
        assertThat(at(0, 0)).isTrue();
        assertThat(at(1.9, 1.8)).isFalse();
        assertThat(at(2, 1.9)).isTrue();
    }

    @Test
    void twoEncodersThatFightSettleAfterThreeRounds() {
        for (int i = 0; i < 3; i++) {
            assertThat(at(i * 2.5, i * 2.5)).isTrue();
        }
        for (int i = 3; i < 20; i++) {
            assertThat(at(i * 2.5, i * 2.5)).as("round %d", i).isFalse();
        }
        assertThat(at(62, 62)).as("a minute after the first").isTrue();
    }

    @Test
    void aGhostIsNoFighter() {
        for (int i = 0; i < 10; i++) {
            assertThat(at(i * 5.0, i * 5.0 - 3)).isTrue();
        }
    }
}
