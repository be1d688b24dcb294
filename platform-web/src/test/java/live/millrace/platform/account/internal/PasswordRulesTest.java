// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
    private static final CommonPasswords COMMON = new CommonPasswords();

    private final PasswordRules rules =
            new PasswordRules(COMMON, new Settings(), new SiteAddress("https://tv.heronfield.example"));

    /** A site of another name. */
    private static final class Settings implements SiteSettings {
        @Override
        public String text(Setting setting) {
            return setting == Setting.SITE_NAME ? "Marsh Watch" : setting.otherwise();
        }

        @Override
        public boolean waitsForRestart(Setting setting) {
            return false;
        }

        @Override
        public boolean change(Setting setting, String value, Actor actor) {
            return false;
        }

        @Override
        public Set<Setting> change(Map<Setting, String> values, Actor actor) {
            return Set.of();
        }
    }

    @Test
    void theListIsThere() {
        assertThat(COMMON.size()).isEqualTo(49_233);
        assertThat(COMMON.contains("letmein")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            password123      | common
            P@ssw0rd2024!    | common
            !!Dragon1999     | common
            dragon1234567890 | common
            passwordpassword | common
            1qaz2wsx3edc     | common
            $uperman99       | common
            ＰＡＳＳＷＯＲＤ2024 | common
            1234567890       | monotonous
            9876543210       | monotonous
            abcdefghijkl     | monotonous
            aaaaaaaaaaaa     | monotonous
            abcabcabcabc     | monotonous
            xanna_mariax     | holds-name
            4nn4_m4r14 here  | holds-name
            annalena.k 1984  | holds-name
            marsh watch rules | holds-name
            heronfield4ever  | holds-name
            """)
    void whatIsGuessedFirstIsRefused(String password, String why) {
        assertThat(rules.refusal(password, "anna_maria", "annalena.k@example.org"))
                .contains("account.password." + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "three quiet herons",
                "four loud herons",
                "long enough words",
                "correct horse battery staple",
                "8362719405",
                "q8#4$1(92)71",
                "love 8362719405",
                "三只安静的苍鹭站在水边",
                "Brückenpfeiler im Nebel",
                "olive grove street"
            })
    void nobodyIsToldWhatToMakeOneOf(String password) {
        assertThat(rules.refusal(password, "anna_maria", "annalena.k@example.org"))
                .isEmpty();
    }
}
