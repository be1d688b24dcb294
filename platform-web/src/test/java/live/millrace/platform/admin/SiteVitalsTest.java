// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When an operator is warned. */
class SiteVitalsTest {
    private static final long GIGA = 1_000_000_000L;

    @ParameterizedTest
    @CsvSource({"100, 200, good", "19, 200, warn", "20, 200, good", "1, 5, warn", "3, 20, good"})
    void aDiskThatIsAlmostFullIsSaid(long free, long size, String state) {
        assertThat(SiteVitals.disk(free * GIGA, size * GIGA).state()).isEqualTo(state);
    }
}
