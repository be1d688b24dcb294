// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is asked, and which version is the newer. */
class UpdatesSettingsTest {
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void nobodyIsAskedUnlessSomebodyIsNamed(String url) {
        assertThat(new UpdatesSettings(url).address()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.org/x",
                "example.org",
                "https:///x",
                "file:///etc/passwd",
                "https://me:secret@example.org/",
                "https://a b/",
                "https://example.org/#x"
            })
    void whatCannotBeAskedEndsTheStart(String url) {
        assertThatThrownBy(() -> new UpdatesSettings(url))
                .isInstanceOf(StartupException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatMayBeASecretIsNotShown() {
        URI address = URI.create("https://example.org/millrace.json?token=secret");
        assertThat(UpdatesSettings.shown(address)).isEqualTo("https://example.org/millrace.json");
        assertThat(new UpdatesSettings(address.toString()).toString()).doesNotContain("secret");
        assertThat(UpdatesSettings.mark(address)).hasSize(64).doesNotContain("secret");
    }

    /** Semantic Versioning 2.0.0 §11: its own examples, and what people write. */
    @ParameterizedTest
    @CsvSource({
        "2.0.0, 1.0.0, true",
        "2.1.0, 2.0.0, true",
        "2.1.1, 2.1.0, true",
        "1.0.0, 1.0.0-alpha, true",
        "1.0.0-alpha.1, 1.0.0-alpha, true",
        "1.0.0-alpha.beta, 1.0.0-alpha.1, true",
        "1.0.0-beta, 1.0.0-alpha.beta, true",
        "1.0.0-beta.11, 1.0.0-beta.2, true",
        "1.0.0-rc.1, 1.0.0-beta.11, true",
        "0.1.0, 0.1.0-SNAPSHOT, true",
        "0.10.0, 0.9.0, true",
        "0.1.0-SNAPSHOT, 0.1.0, false",
        "1.0.0, 1.0.0, false",
        "1.0.0+build.2, 1.0.0+build.1, false",
        "1.0.0, 2.0.0, false",
        "nonsense, 1.0.0, false",
        "1.0.0, nonsense, false"
    })
    void theNewerIsTheNewer(String one, String other, boolean newer) {
        assertThat(Versions.newer(one, other)).isEqualTo(newer);
    }

    @ParameterizedTest
    @CsvSource({"v0.2.0, 0.2.0", "0.2.0, 0.2.0", "v1.0.0-rc.1, 1.0.0-rc.1"})
    void aTagIsAVersion(String written, String version) {
        assertThat(Versions.read(written)).contains(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v", "latest", "1.0", "1.0.0.0", "01.0.0", "<b>1.0.0</b>"})
    void whatIsNoVersionIsNone(String written) {
        assertThat(Versions.read(written)).isEmpty();
        assertThat(Versions.read("1.0.0-" + "x".repeat(64))).isEmpty();
    }
}
