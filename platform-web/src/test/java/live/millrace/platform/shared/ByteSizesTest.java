// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One family of units. */
class ByteSizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 MB",
        "1400000, 1 MB",
        "40000000, 40 MB",
        "999499999, 999 MB",
        "1000000000, 1.0 GB",
        "1250000000000, 1250.0 GB"
    })
    void oneFamilyOfUnits(long bytes, String text) {
        assertThat(ByteSizes.text(bytes)).isEqualTo(text);
    }
}
