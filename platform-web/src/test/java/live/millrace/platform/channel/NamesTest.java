// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags and display names: one spelling each, and none that passes for another. */
class NamesTest {
    @ParameterizedTest
    @CsvSource({"Live Music, live-music", "＃钢琴, 钢琴", "C++, c++", "Ｆｕｌｌ, full", "'  a_b ', a-b", "ÉTÉ, été"})
    void aTagHasOneSpelling(String typed, String tag) {
        assertThat(Tags.parse(typed)).containsExactly(tag);
    }

    @Test
    void tagsAreSeparatedByCommasOfAnyScript() {
        assertThat(Tags.parse("a,b，c、d;e#f\na")).containsExactly("a", "b", "c", "d", "e", "f");
    }

    @Test
    void noMoreThanTenAndNoneTooLong() {
        assertThat(Tags.parse("1,2,3,4,5,6,7,8,9,10,11,12")).hasSize(10);
        assertThat(Tags.parse("x".repeat(99)).getFirst()).hasSize(Tags.MAX_LENGTH);
        assertThat(Tags.parse(" ,,<>,\"'")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource({"'  Anna   Lee ', Anna Lee", "A\u200Bn\u202Ena, Anna", "Ａｎｎａ, Anna", "安娜, 安娜"})
    void aDisplayNameHasNothingInvisible(String typed, String name) {
        assertThat(DisplayNames.normalize(typed)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u2800", "\u3164\u2800", "\u0301\u0302", "\uFE0F", "\u034F", " \u115F ", "\uFFFC"})
    void aNameOfNothingIsNone(String typed) {
        assertThat(DisplayNames.normalize(typed)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"anna, a\u0332n\u0332na", "anna, an\u2800na", "anna, аnna", "Anna, ANNA", "an na, anna", "admin, аdmіn"
    })
    void whatLooksAlikeHasOneSkeleton(String one, String other) {
        assertThat(DisplayNames.skeleton(DisplayNames.normalize(one)))
                .isEqualTo(DisplayNames.skeleton(DisplayNames.normalize(other)));
    }
}
