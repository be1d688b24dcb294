// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What object storage is set up by, and what a start says of it. */
class BucketSettingsTest {
    private static final String SECRET = "never/to+be/seen";

    private static final Map<String, String> ALL = Map.of(
            "endpoint", "https://s3.example.org",
            "name", "recordings",
            "access-key", "AKID0123",
            "secret-key", SECRET);

    private static BucketSettings bound(Map<String, String> values) {
        Map<String, String> named = new HashMap<>();
        values.forEach((name, value) -> named.put("millrace.recording.bucket." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate("millrace.recording.bucket", BucketSettings.class);
    }

    private static BucketSettings with(String name, String value) {
        Map<String, String> values = new HashMap<>(ALL);
        values.put(name, value);
        return bound(values);
    }

    @Test
    void noneIsUsedUnlessItIsSaid() {
        assertThat(bound(Map.of()).config()).isEmpty();
        assertThat(bound(Map.of("endpoint", "", "name", " ", "access-key", "", "secret-key", ""))
                        .config())
                .as("as an empty variable of the environment is")
                .isEmpty();
        assertThat(bound(Map.of("region", "eu-central-1", "prefix", "site/")).config())
                .isEmpty();
    }

    @Test
    void theDefaultsAreThoseOfTheManual() {
        BucketSettings settings = bound(ALL);
        assertThat(settings.config().orElseThrow().region()).isEqualTo("us-east-1");
        assertThat(settings.config().orElseThrow().prefix()).isEmpty();
        assertThat(settings.config().orElseThrow().pathStyle()).isTrue();
        assertThat(settings.local()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.mirror()).isEmpty();
    }

    @Test
    void whatIsHalfFilledEndsTheStartWithWhatIsMissing() {
        for (String missing : ALL.keySet()) {
            assertThatThrownBy(() -> with(missing, "").config())
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("half set up: " + missing + " missing")
                    .hasMessageNotContaining(SECRET);
        }
        assertThatThrownBy(() ->
                        bound(Map.of("cdn-base", "https://cdn.example.org")).config())
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("endpoint, name, access-key, secret-key missing");
    }

    @Test
    void whatCannotBeIsSaidInWords() {
        for (String[] bad : new String[][] {
            {"endpoint", "s3.example.org"},
            {"endpoint", "https://a:b@s3.example.org"},
            {"endpoint", "https://s3 example"},
            {"name", "A"},
            {"prefix", "../"},
            {"prefix", "site"},
            {"local-hours", "-1"},
            {"local-hours", "100000"},
        }) {
            assertThatThrownBy(() -> with(bad[0], bad[1]).config())
                    .as(bad[0] + " " + bad[1])
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("millrace.recording.bucket")
                    .hasMessageNotContaining(SECRET);
        }
        for (String bad : new String[] {"cdn.example.org", "ftp://cdn.example.org", "https://cdn.example.org/?a=b"}) {
            assertThatThrownBy(() -> with("cdn-base", bad).mirror()).isInstanceOf(StartupException.class);
        }
        assertThat(with("cdn-base", "https://cdn.example.org/r//").mirror()).hasValue("https://cdn.example.org/r");
    }

    @Test
    void theKeysAreNotInItsText() {
        assertThat(bound(ALL).toString()).doesNotContain(SECRET).doesNotContain("AKID");
    }
}
