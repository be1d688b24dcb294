// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchWordsTest {
    @Test
    void chineseBecomesPairs() {
        assertThat(SearchWords.of("钢琴曲 Live")).containsExactlyInAnyOrder("钢", "钢琴", "琴", "琴曲", "曲", "live");
        assertThat(SearchWords.query("钢琴曲")).isEqualTo("'钢琴':* & '琴曲':*");
        assertThat(SearchWords.query("琴")).isEqualTo("'琴':*");
    }

    @Test
    void accentsAndCapitalsDoNotMatter() {
        assertThat(SearchWords.query("Café ÉTÉ")).isEqualTo("'cafe':* & 'ete':*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "a' | 'b", "!!()&|:*", "\\", "<->", "🙂"})
    void aQueryHoldsLettersAndDigitsAlone(String typed) {
        assertThat(SearchWords.query(typed)).matches("('[\\p{L}\\p{N}]+':\\*( & )?)*");
    }
}
