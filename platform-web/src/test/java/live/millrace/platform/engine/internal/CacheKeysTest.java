// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.shared.SiteKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheKeysTest {
    private static final int DAY = 20_784;

    @TempDir
    private Path directory;

    private CacheKeys keys(String now) {
        return new CacheKeys(
                new SiteKey(new DataDirectory(directory.toString())), Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
    }

    @Test
    void thereIsOneForEachDayAndTheSameInEachProcess() {
        CacheKeys today = keys("2026-11-27T23:59:59Z");
        assertThat(today.current()).isEqualTo(DAY);
        byte[] key = today.key(DAY).orElseThrow();
        assertThat(key).hasSize(32);
        assertThat(today.key(DAY - 1).orElseThrow()).isNotEqualTo(key);
        assertThat(today.key(DAY - 2)).isEmpty();
        assertThat(today.key(DAY + 1)).isEmpty();
        CacheKeys tomorrow = keys("2026-11-28T00:00:00Z");
        assertThat(tomorrow.current()).isEqualTo(DAY + 1);
        assertThat(tomorrow.key(DAY)).hasValue(key);
        assertThat(keys("2026-11-29T00:00:00Z").key(DAY)).isEmpty();
    }
}
