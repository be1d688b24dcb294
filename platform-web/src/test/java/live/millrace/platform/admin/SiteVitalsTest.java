// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.https.HttpsView;
import live.millrace.platform.https.Trouble;
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

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    private static HttpsView view(HttpsView.State state, boolean failed) {
        HttpsView.Held held = state == HttpsView.State.IN_FORCE
                ? new HttpsView.Held("Pebble", List.of(), NOW, NOW.plus(Duration.ofDays(9)), NOW, true)
                : null;
        HttpsView.Failure failure =
                failed ? new HttpsView.Failure(Trouble.AWAY, 80, null, null, null, null, null, NOW, NOW) : null;
        return new HttpsView(state, "a.example", null, false, "localhost", null, true, held, failure, false);
    }

    @ParameterizedTest
    @CsvSource({
        "IN_FORCE, false, good, 9",
        "IN_FORCE, true, warn, 9",
        "FAILED, true, bad, 0",
        "TERMS, false, bad, 0",
        "WORKING, false, '', 0",
        "NO_DOMAIN, false, '', 0",
        "BUNDLE, false, '', 0",
        "OFF, false, '', 0"
    })
    void aCertificateThatCouldNotBeHadIsSaid(HttpsView.State state, boolean failed, String said, long days) {
        Optional<SiteVitals.Vital> vital = SiteVitals.https(view(state, failed), NOW);
        assertThat(vital.map(SiteVitals.Vital::state).orElse("")).isEqualTo(said);
        vital.ifPresent(each -> {
            assertThat(each.href()).isEqualTo("/admin/https");
            assertThat(each.first()).isEqualTo("a.example");
            assertThat(each.second()).isEqualTo(days);
        });
    }
}
