// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/**
 * How often codes may be wrong: a few in a quarter of an hour, and not many in a day. Only whoever knows the password gets here, so that
 * nobody is locked out by a stranger. Of passkeys there is nothing to guess; what checking one costs is limited for each network.
 */
@Component
class CodeTries {
    private static final int AT_ONCE = 5;
    private static final Duration AT_ONCE_WITHIN = Duration.ofMinutes(15);
    private static final int A_DAY = 30;
    private static final int MOST_ACCOUNTS = 100_000;

    private static final int PASSKEYS = 60;
    private static final Duration PASSKEYS_WITHIN = Duration.ofMinutes(10);

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 20;

    private final Cache<Object, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_ACCOUNTS)
            .expireAfterAccess(Duration.ofDays(1))
            .build();

    /** Takes one try; answers how long to wait when there is none left, else zero. */
    Duration take(long accountId) {
        return taken(buckets.get(
                accountId,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(AT_ONCE).refillGreedy(AT_ONCE, AT_ONCE_WITHIN))
                        .addLimit(limit -> limit.capacity(A_DAY).refillGreedy(A_DAY, Duration.ofDays(1)))
                        .build()));
    }

    void right(long accountId) {
        buckets.invalidate(accountId);
    }

    Duration takePasskey(String remoteAddress) {
        int most = PASSKEYS * (RemoteAddress.nearby(remoteAddress) ? NEARBY : 1);
        return taken(buckets.get(
                "passkey " + RemoteAddress.network(remoteAddress),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, PASSKEYS_WITHIN))
                        .build()));
    }

    private static Duration taken(Bucket bucket) {
        return Duration.ofNanos(bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }
}
