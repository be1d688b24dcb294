// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration LONG = Duration.ofDays(3_650);

    @ParameterizedTest
    @ValueSource(strings = {"PT5M", "PT144H", "P45D", "P90D", "P1826D"})
    void isRenewedFromTwoThirdsOfALifeOfAnyLength(Duration life) {
        for (long number = 1; number < 200; number++) {
            Instant renewal = Timetable.renewal(NOW, NOW.plus(life), number);
            assertThat(renewal)
                    .isBetween(
                            NOW.plus(life.multipliedBy(2).dividedBy(3)),
                            NOW.plus(life.multipliedBy(69).dividedBy(100)))
                    .isEqualTo(Timetable.renewal(NOW, NOW.plus(life), number));
        }
    }

    @Test
    void notAllAreRenewedTogether() {
        assertThat(IntStream.range(1, 50)
                        .mapToObj(number -> Timetable.renewal(NOW, NOW.plus(Duration.ofDays(90)), number))
                        .distinct())
                .hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource({
        "1, PT1M",
        "2, PT5M",
        "3, PT15M",
        "4, PT30M",
        "5, PT1H",
        "6, PT2H",
        "7, PT4H",
        "8, PT8H",
        "9, PT16H",
        "10, PT24H",
        "11, PT24H",
        "2147483647, PT24H",
        "0, PT1M"
    })
    void waitsLongerEachTime(int failures, Duration pause) {
        assertThat(Timetable.pause(failures, 0, LONG)).isEqualTo(pause);
        assertThat(Timetable.pause(failures, 1, LONG))
                .isEqualTo(pause.multipliedBy(11).dividedBy(10));
    }

    @Test
    void hurriesWhenACertificateEnds() {
        assertThat(Timetable.pause(20, 0, Duration.ofHours(16))).isEqualTo(Duration.ofHours(2));
        assertThat(Timetable.pause(20, 0, Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(15));
        assertThat(Timetable.pause(20, 0, Duration.ofDays(-3))).isEqualTo(Duration.ofMinutes(15));
        assertThat(Timetable.pause(1, 0, Duration.ofDays(-3))).isEqualTo(Duration.ofMinutes(1));
    }

    /** Whatever people press, no hour sees more than five that are refused. */
    @Test
    void noHourSeesMoreRefusalsThanDirectoriesAllow() {
        List<Instant> refused = new ArrayList<>();
        Instant at = NOW;
        for (int i = 0; i < 40; i++) {
            at = Timetable.allowed(at.plusSeconds(61), HttpsRows.newest(refused, Timetable.REFUSALS));
            refused.add(at);
            Instant end = at;
            assertThat(refused)
                    .filteredOn(each -> each.isAfter(end.minus(Duration.ofHours(1))))
                    .hasSizeLessThanOrEqualTo(Timetable.REFUSALS);
        }
        assertThat(refused.getLast()).isAfter(NOW.plus(Duration.ofHours(7)));
    }
}
