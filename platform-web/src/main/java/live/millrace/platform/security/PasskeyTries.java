// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/** How often passkeys are looked at: there is nothing to guess, but checking one costs something, for each network. */
@Component
class PasskeyTries {
    private static final int MOST_NETWORKS = 100_000;
    private static final int PASSKEYS = 60;
    private static final Duration PASSKEYS_WITHIN = Duration.ofMinutes(10);

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 20;

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_NETWORKS)
            .expireAfterAccess(PASSKEYS_WITHIN)
            .build();

    /** Takes one try; answers how long to wait when there is none left, else zero. */
    Duration take(String remoteAddress) {
        int most = PASSKEYS * (RemoteAddress.nearby(remoteAddress) ? NEARBY : 1);
        return taken(buckets.get(
                RemoteAddress.network(remoteAddress),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, PASSKEYS_WITHIN))
                        .build()));
    }

    private static Duration taken(Bucket bucket) {
        return Duration.ofNanos(bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }
}
