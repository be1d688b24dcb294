// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void pausesGrowFromASecondToADay() {
        assertThat(Backoff.after(1)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));
        assertThat(Backoff.after(2)).isBetween(Duration.ofMillis(3_200), Duration.ofMillis(4_800));
        assertThat(Backoff.after(5)).isBetween(Duration.ofSeconds(204), Duration.ofSeconds(308));
        for (int failures = 1; failures < 100; failures++) {
            assertThat(Backoff.after(failures)).isBetween(Duration.ofMillis(800), Backoff.LONGEST);
        }
    }

    @Test
    void whatFailedTogetherComesBackApart() {
        assertThat(java.util.stream.IntStream.range(0, 100)
                        .mapToObj(_ -> Backoff.after(3))
                        .distinct()
                        .count())
                .isGreaterThan(50);
    }
}
