// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same table stands in {@code hues.test.ts}: a face has one colour, whoever draws it. */
class HuesTest {
    @ParameterizedTest
    @CsvSource({"anna, hue-19", "Anna, hue-11", "小鱼的画室, hue-9", "kenji 🎮, hue-14"})
    void aNameHasOneHueOnEveryPage(String name, String hue) {
        assertThat(Hues.INSTANCE.of(name)).isEqualTo(hue);
    }
}
