// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody passes for the site's people, and nobody is refused for a word inside another. */
class SiteVoiceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "OfficialAnna",
                "anna_official",
                "annaofficial",
                "0fficial-anna",
                "AnnaStaff",
                "annastaff",
                "staff",
                "St4ff Anna",
                "anna-admin",
                "annaadmin",
                "Αdmin Anna", // a Greek letter
                "MillraceStaff",
                "millrace_tv",
                "Moderator7",
                "Support",
                "Anna | Support",
                "官方小助手",
                "站長安娜"
            })
    void theSitesVoiceIsHeard(String name) {
        assertThat(SiteVoice.heardIn(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "badminton",
                "supporter99",
                "modern-anna",
                "modem",
                "Staffan",
                "Flagstaff",
                "Falstaff",
                "admiral",
                "admire_me",
                "officer",
                "moderne",
                "Anna Lee",
                "安娜",
                "millwright",
                "teamwork"
            })
    void anHonestNameIsNone(String name) {
        assertThat(SiteVoice.heardIn(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "heronstv, Herons TV, true",
        "herons-tv, Herons TV, true",
        "HeronsTVNews, Herons TV, true",
        "herontv, Herons TV, false",
        "heronry, Herons TV, false",
        "liveanna, Live, false",
        "live-anna, Live, true"
    })
    void theSitesNameIsItsOwn(String name, String site, boolean its) {
        assertThat(SiteVoice.named(name, site)).isEqualTo(its);
    }

    @ParameterizedTest
    @CsvSource({
        "anna_, anna, true",
        "_anna, anna, true",
        "0anna, anna, true",
        "00-anna-, anna, true",
        "an__na, an-na, true",
        "anna2, anna, false",
        "an-na, anna, false",
        "oscar, scar, false",
        "anna10, anna1, false"
    })
    void whatIsHungOnMakesNoOtherName(String one, String other, boolean same) {
        assertThat(UsernameRules.core(one).equals(UsernameRules.core(other))).isEqualTo(same);
    }
}
