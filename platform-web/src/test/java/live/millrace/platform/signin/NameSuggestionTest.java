// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import live.millrace.platform.account.UsernameRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSuggestionTest {
    @ParameterizedTest
    @CsvSource({
        "anna, anna",
        "Anna Müller, anna-muller",
        "anna@example.org, anna",
        "__Anna__, anna",
        "'a  b..c', a-b-c",
        "ab, ''",
        "李明, ''",
        "admin, ''",
        "official-news, ''",
        "'', ''",
        "averyveryverylongnameindeedwithoutend, averyveryverylongnameind",
    })
    void aNameIsMadeValid(String called, String expected) {
        assertThat(NameSuggestion.of(called, _ -> true)).isEqualTo(expected);
    }

    @Test
    void aNameThatSomebodyHasGetsANumber() {
        Set<String> taken = Set.of("anna", "anna2");
        assertThat(NameSuggestion.of("Anna", name -> !taken.contains(name))).isEqualTo("anna3");
        assertThat(NameSuggestion.of("averyveryverylongnameindeed", name -> name.endsWith("2")))
                .isEqualTo("averyveryverylongnamei2");
        assertThat(NameSuggestion.of("anna", _ -> false)).isEmpty();
    }

    /** What a service says is anybody's: whatever it is, it is a name that may be had, or none. */
    @Test
    void whateverSomebodyIsCalled() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder called = new StringBuilder();
            for (int i = random.nextInt(300); i > 0; i--) {
                called.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
            }
            String name = NameSuggestion.of(called.toString(), _ -> true);
            assertThat(name.isEmpty() || (UsernameRules.wellFormed(name) && !UsernameRules.reserved(name)))
                    .as("%s of seed %d: %s", name, seed, called)
                    .isTrue();
        }
    }
}
