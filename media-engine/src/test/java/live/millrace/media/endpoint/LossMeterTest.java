// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How much was lost lately. */
class LossMeterTest {
    private final LossMeter meter = new LossMeter();

    @Test
    void nothingIsLostOfNothing() {
        assertThat(meter.take(0, 0)).isZero();
        assertThat(meter.take(0, 0)).isZero();
    }

    @Test
    void aSampleCountsTenTimesAndThenNoMore() {
        assertThat(meter.take(100, 10)).isEqualTo(10.0);
        for (int i = 2; i <= 10; i++) {
            assertThat(meter.take(100L * i, 10)).isEqualTo(10.0 / i);
        }
        assertThat(meter.take(1_100, 10)).as("the first is forgotten").isZero();
    }

    @Test
    void whatGoesBackIsNothing() {
        meter.take(100, 10);
        assertThat(meter.take(50, 0)).isZero();
    }
}
