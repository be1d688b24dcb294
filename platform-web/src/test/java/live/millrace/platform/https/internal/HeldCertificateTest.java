// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.https.internal.HttpsRows.State;
import live.millrace.platform.https.internal.KeptCertificates.Kept;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What is said of a certificate: once the ports have it, of the old domain until the new one has its own, and by a clock that is wrong. */
class HeldCertificateTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final KeyPair KEYS = KeyPairs.make();

    /** No database is there. */
    private static final JdbcClient NONE =
            JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none"));

    private final SiteAddress address = new SiteAddress(null);
    private String domain = "a.example";
    private @Nullable Kept kept;

    private final HttpsRows rows = new HttpsRows(NONE) {
        @Override
        State state() {
            return new State(domain, null, null, null, null, null, null, 0, List.of(), null, null, null);
        }
    };

    private final KeptCertificates certificates = new KeptCertificates(NONE, null) {
        @Override
        Optional<Kept> find(String wanted, String directory) {
            return Optional.ofNullable(kept);
        }
    };

    private HeldCertificate held(Clock clock) {
        return new HeldCertificate(
                HttpsSettingsTest.mode(Map.of("millrace.https.port", "443")), rows, certificates, address, clock);
    }

    private static Clock at(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    /** From a day before now, for ninety days. */
    private static Kept kept(long id, String domain) {
        return new Kept(id, domain, "d", List.of(SelfSigned.forNow(KEYS, domain, NOW)), KEYS);
    }

    private static X509Certificate given(HeldCertificate held) {
        return held.keys().getCertificateChain("site")[0];
    }

    @Test
    void aCertificateIsInForceWhenThePortsHaveIt() {
        HeldCertificate held = held(at(NOW));
        held.load();
        assertThat(held.trusted()).isFalse();
        assertThat(address.origin()).isEmpty();
        List<String> seen = new ArrayList<>();
        held.onChange(() -> {
            // A port takes over what it is given while nobody is sent there yet.
            seen.add(given(held).equals(kept.own()) + " " + held.trusted() + " " + held.domain() + " "
                    + held.kept().isPresent() + " " + address.origin());
        });
        kept = kept(1, "a.example");
        held.load();
        assertThat(seen).containsExactly("true false Optional.empty false Optional.empty");
        assertThat(held.trusted()).isTrue();
        assertThat(held.kept()).contains(kept);
        assertThat(address.origin()).contains("https://a.example");
        held.load();
        assertThat(seen).as("nothing changed").hasSize(1);
    }

    @Test
    void theOldDomainIsInForceUntilTheNewOneHasItsCertificate() {
        HeldCertificate held = held(at(NOW));
        kept = kept(1, "a.example");
        held.load();
        assertThat(held.awaited()).isEmpty();
        domain = "typo.example";
        held.load();
        assertThat(held.domain()).contains("a.example");
        assertThat(held.awaited()).contains("typo.example");
        assertThat(address.origin()).contains("https://a.example");
        kept = kept(2, "typo.example");
        held.load();
        assertThat(held.domain()).contains("typo.example");
        assertThat(held.awaited()).isEmpty();
        assertThat(address.origin()).contains("https://typo.example");
    }

    /** Nobody issues for next year: it is this machine's clock that is behind. */
    @Test
    void aCertificateThatHasNotBegunByThisClockIsInForce() {
        kept = kept(1, "a.example");
        HeldCertificate behind = held(at(NOW.minus(Duration.ofDays(365))));
        behind.load();
        assertThat(behind.domain()).contains("a.example");
        assertThat(kept.validAt(NOW.minus(Duration.ofDays(365)))).isFalse();
        HeldCertificate ahead = held(at(NOW.plus(Duration.ofDays(365))));
        ahead.load();
        assertThat(ahead.domain()).isEmpty();
        assertThat(given(ahead)).as("it is better than none").isEqualTo(kept.own());
    }
}
