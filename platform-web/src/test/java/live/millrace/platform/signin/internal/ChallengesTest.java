// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.SiteKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChallengesTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    Path folder;

    private Challenges at(String site, Duration later) {
        return new Challenges(
                new SiteKey(new DataDirectory(folder.resolve(site).toString())),
                Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
    }

    @Test
    void oneIsGoodForItsPurposeItsSiteAndItsHour() {
        byte[] challenge = at("a", Duration.ZERO).make("one");
        assertThat(at("a", Duration.ofMinutes(59)).good("one", challenge)).isTrue();
        assertThat(at("a", Duration.ofMinutes(61)).good("one", challenge)).isFalse();
        assertThat(at("a", Duration.ZERO).good("other", challenge)).isFalse();
        assertThat(at("b", Duration.ZERO).good("one", challenge)).isFalse();
        assertThat(at("a", Duration.ZERO).good("one", new byte[0])).isFalse();
        challenge[20] ^= 1;
        assertThat(at("a", Duration.ZERO).good("one", challenge)).isFalse();
    }

    @Test
    void oneIsUsedOnce() {
        Challenges site = at("a", Duration.ZERO);
        byte[] challenge = site.make("one");
        assertThat(site.use(challenge)).isTrue();
        assertThat(site.good("one", challenge)).isFalse();
        assertThat(site.use(challenge)).isFalse();
        assertThat(site.good("one", site.make("one"))).isTrue();
    }
}
