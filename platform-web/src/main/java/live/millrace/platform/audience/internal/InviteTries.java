// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/**
 * How often somebody may open links that are none (ADR 57): nobody guesses 192 bits, but whoever tries makes work. Right ones cost nothing.
 * Thread-safe.
 */
@Component
public class InviteTries {
    private static final int MOST_NETWORKS = 100_000;
    private static final int TRIES = 60;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 20;

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_NETWORKS)
            .expireAfterAccess(WITHIN)
            .build();

    /** How long an address has to wait before its links are looked at; zero when it need not. */
    public Duration pause(String remoteAddress) {
        return Duration.ofNanos(
                bucket(remoteAddress).estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    /** Counts one that was none. */
    public void wrong(String remoteAddress) {
        bucket(remoteAddress).tryConsume(1);
    }

    private Bucket bucket(String remoteAddress) {
        int most = TRIES * (RemoteAddress.nearby(remoteAddress) ? NEARBY : 1);
        return buckets.get(
                RemoteAddress.network(remoteAddress),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, WITHIN))
                        .build());
    }
}
