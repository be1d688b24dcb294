// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GrowingWaitTest {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final GrowingWait wait =
            new GrowingWait(3, Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30));

    @Test
    void waitsDoubleUpToACeiling() {
        long now = 10 * MINUTE;
        for (int i = 0; i < 3; i++) {
            assertThat(wait.take(now)).isZero();
        }
        for (long expected : new long[] {1, 2, 4, 5, 5}) {
            assertThat(wait.take(now)).isEqualTo(expected * MINUTE);
            // Asking costs nothing.
            assertThat(wait.take(now + 1)).isEqualTo(expected * MINUTE - 1);
            now += expected * MINUTE;
            assertThat(wait.take(now)).isZero();
        }
    }

    @Test
    void whatIsGivenBackAndWhatIsLongAgoDoesNotCount() {
        for (int i = 0; i < 50; i++) {
            assertThat(wait.take(0)).isZero();
            wait.giveBack();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(wait.take(0)).isZero();
        }
        assertThat(wait.take(0)).isPositive();
        assertThat(wait.take(31 * MINUTE)).isZero();
        assertThat(wait.take(31 * MINUTE)).isZero();
    }
}
