// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.access.SigningKeys;
import live.millrace.platform.shared.SiteKey;

/**
 * By what addresses for caches are signed: a key for each day, derived from the site's own, so that it is kept nowhere and every process of the
 * site has the same. Yesterday's is good for addresses of midnight. Thread-safe.
 */
final class CacheKeys implements SigningKeys {
    private static final String PURPOSE = "addresses for caches";

    private final SiteKey site;
    private final Clock clock;
    private final Map<Integer, byte[]> keys = new ConcurrentHashMap<>();

    /** Blocks for the file of the site's key, so that nobody has to later. */
    CacheKeys(SiteKey site, Clock clock) {
        this.site = site;
        this.clock = clock;
        var _ = key(current());
    }

    /** The days since 1970. */
    @Override
    public int current() {
        return Math.toIntExact(
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay());
    }

    @Override
    public Optional<byte[]> key(int number) {
        int today = current();
        if (number != today && number != today - 1) {
            return Optional.empty();
        }
        byte[] known = keys.get(number);
        if (known == null) {
            known = site.sign(PURPOSE, Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
            keys.put(number, known);
            keys.keySet().removeIf(day -> day < today - 1);
        }
        return Optional.of(known);
    }
}
