// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import live.millrace.platform.engine.EngineSettings;
import live.millrace.platform.https.HttpsSettings;
import live.millrace.platform.shared.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.NestedExceptionUtils;

class HttpsSettingsTest {
    static HttpsSettings https(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("millrace.https", HttpsSettings.class);
    }

    static EngineSettings engine(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("millrace", EngineSettings.class);
    }

    static HttpsMode mode(Map<String, String> settings) {
        return new HttpsMode(engine(settings), https(settings));
    }

    private static void refused(Map<String, String> settings, String words) {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> mode(settings))
                .satisfies(e -> assertThat(NestedExceptionUtils.getMostSpecificCause(e))
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining(words));
    }

    @Test
    void nothingIsDoneUnlessAskedFor() {
        assertThat(mode(Map.of()).active()).isFalse();
        assertThat(mode(Map.of()).port()).isEmpty();
        HttpsSettings usual = https(Map.of());
        assertThat(usual.termsAgreed()).isFalse();
        assertThat(usual.address()).hasToString("https://acme-v02.api.letsencrypt.org/directory");
        assertThat(usual.rehearsal()).isFalse();
        assertThat(https(Map.of("millrace.https.directory", "staging")).rehearsal())
                .isTrue();
    }

    @Test
    void aDomainOpensTheUsualPorts() {
        HttpsMode mode = mode(Map.of("millrace.https.domain", "Live.Example.ORG"));
        assertThat(mode.active()).isTrue();
        assertThat(mode.httpsPort()).isEqualTo(443);
        assertThat(mode.port()).hasValue(80);
        assertThat(mode.domain(null)).contains("live.example.org");
        assertThat(mode.origin("live.example.org")).isEqualTo("https://live.example.org");
        assertThat(mode.fixed()).isTrue();
        HttpsMode other = mode(Map.of("millrace.https.port", "8443", "millrace.https.redirect-port", ""));
        assertThat(other.active()).isTrue();
        assertThat(other.port()).isEmpty();
        assertThat(other.origin("a.example")).isEqualTo("https://a.example:8443");
        assertThat(other.fixed()).isFalse();
    }

    @Test
    void anOwnCertificateStaysTheOperators() {
        HttpsMode mode = mode(Map.of("millrace.https.port", "443", "millrace.tls.bundle", "site"));
        assertThat(mode.active()).isFalse();
        assertThat(mode.port()).isEmpty();
    }

    @Test
    void whatCannotBeIsSaid() {
        refused(
                Map.of("millrace.https.domain", "a.example", "millrace.tls.bundle", "site"),
                "Both millrace.tls.bundle");
        refused(Map.of("millrace.https.domain", "a.example", "millrace.https.port", "0"), "wants a port");
        refused(Map.of("millrace.https.domain", "https://a.example"), "no name of a site");
        refused(Map.of("millrace.https.redirect-port", "eighty"), "redirect-port");
        refused(Map.of("millrace.https.directory", "http://a.example/dir"), "no directory");
        refused(Map.of("millrace.https.directory", "https://me:secret@a.example/dir"), "no directory");
        refused(Map.of("millrace.https.eab-kid", "one"), "only one");
    }

    /** Not at the first order, weeks later perhaps. */
    @Test
    void whatVouchesForTheDirectoryIsLookedAtAtTheStart(@TempDir Path folder) throws Exception {
        String setting = "millrace.https.directory-ca";
        Path file = folder.resolve("ca.pem");
        refused(Map.of(setting, file.toString()), "directory-ca cannot be read: \"" + file + "\"");
        refused(Map.of(setting, folder.toString()), "directory-ca cannot be read");
        Files.writeString(file, "");
        refused(Map.of(setting, file.toString()), "there is no certificate in it");
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
        refused(Map.of(setting, file.toString()), "no PEM file of certificates");
        Files.writeString(
                file, KeptCertificates.pem(List.of(SelfSigned.forNow(KeyPairs.make(), "localhost", Instant.now()))));
        assertThat(https(Map.of(setting, " " + file + " ")).authority()).contains(file);
        assertThat(https(Map.of(setting, " ")).authority()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "live.example.org, live.example.org",
        "' LIVE.Example.org ', live.example.org",
        "直播.example.org, xn--z6ut02b.example.org",
        "localhost, localhost",
        "a-b.c1.io, a-b.c1.io"
    })
    void namesAreAsCertificatesHaveThem(String written, String name) {
        assertThat(HttpsSettings.name(written)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "a..b",
                "-a.example",
                "a-.example",
                "*.example.org",
                "203.0.113.7",
                "[2001:db8::1]",
                "2001:db8::1",
                "a.example:443",
                "a.example/x",
                "a_b.example",
                "a b.example",
                "a.example\r\nX: y",
                "a.123"
            })
    void whatIsNoneIsRefused(String written) {
        assertThat(HttpsSettings.name(written)).isEmpty();
    }

    @Test
    void secretsAreInNoText() {
        assertThat(https(Map.of("millrace.https.eab-kid", "kid", "millrace.https.eab-hmac", "geheim")))
                .asString()
                .doesNotContain("geheim");
    }
}
