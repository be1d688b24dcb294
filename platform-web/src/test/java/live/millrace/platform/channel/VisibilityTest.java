// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

import static live.millrace.platform.channel.Visibility.FOLLOWERS;
import static live.millrace.platform.channel.Visibility.INVITED;
import static live.millrace.platform.channel.Visibility.PASSWORD;
import static live.millrace.platform.channel.Visibility.PRIVATE;
import static live.millrace.platform.channel.Visibility.PUBLIC;
import static live.millrace.platform.channel.Visibility.REGISTERED;
import static live.millrace.platform.channel.Visibility.UNLISTED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What two visibilities have in common. */
class VisibilityTest {
    @ParameterizedTest
    @CsvSource({
        "PUBLIC, UNLISTED, UNLISTED",
        "UNLISTED, REGISTERED, REGISTERED",
        "UNLISTED, PASSWORD, PASSWORD",
        "REGISTERED, FOLLOWERS, FOLLOWERS",
        "REGISTERED, PASSWORD, INVITED",
        "FOLLOWERS, PASSWORD, INVITED",
        "FOLLOWERS, INVITED, INVITED",
        "PASSWORD, INVITED, INVITED",
        "PASSWORD, PRIVATE, PRIVATE",
        "INVITED, PRIVATE, PRIVATE",
        "PUBLIC, PRIVATE, PRIVATE"
    })
    void bothTogetherLetInWhomEachDoes(Visibility one, Visibility other, Visibility both) {
        assertThat(one.and(other)).isEqualTo(both);
        assertThat(other.and(one)).isEqualTo(both);
        assertThat(both.within(one)).isTrue();
        assertThat(both.within(other)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void itIsWithinItselfAndWhatIsForEverybody(Visibility one) {
        assertThat(one.and(one)).isEqualTo(one);
        assertThat(one.within(PUBLIC)).isTrue();
        assertThat(PRIVATE.within(one)).isTrue();
        for (Visibility two : Visibility.values()) {
            for (Visibility three : Visibility.values()) {
                assertThat(one.and(two).and(three)).isEqualTo(one.and(two.and(three)));
            }
        }
    }

    @Test
    void aroundIsAllThatLetsItsPeopleIn() {
        assertThat(PUBLIC.around()).containsExactlyInAnyOrder(PUBLIC);
        assertThat(FOLLOWERS.around()).containsExactlyInAnyOrder(PUBLIC, UNLISTED, REGISTERED, FOLLOWERS);
        assertThat(PASSWORD.around()).containsExactlyInAnyOrder(PUBLIC, UNLISTED, PASSWORD);
        assertThat(INVITED.around())
                .containsExactlyInAnyOrder(PUBLIC, UNLISTED, REGISTERED, FOLLOWERS, PASSWORD, INVITED);
        assertThat(PRIVATE.around()).containsExactlyInAnyOrder(Visibility.values());
    }
}
