// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/** How often strangers let this site do what cannot be guessed but costs something, for each network. */
@Component
public class NetworkTries {
    private static final int MOST_NETWORKS = 100_000;
    private static final int TRIES = 60;
    private static final Duration WITHIN = Duration.ofMinutes(10);

    /** Behind an address of this machine or a private network may sit a proxy, or a school. */
    private static final int NEARBY = 20;

    /** What it does. Each is counted by itself. */
    public enum Work {
        /** Checks the signature of a passkey. */
        PASSKEY,
        /** Asks another service. */
        SERVICE,
        /** Compares what was typed with the password of a channel. */
        CHANNEL_PASSWORD
    }

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_NETWORKS)
            .expireAfterAccess(WITHIN)
            .build();

    /** Takes one try; answers how long to wait when there is none left, else zero. */
    public Duration take(Work work, String remoteAddress) {
        int most = TRIES * (RemoteAddress.nearby(remoteAddress) ? NEARBY : 1);
        return taken(buckets.get(
                work + " " + RemoteAddress.network(remoteAddress),
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(most).refillGreedy(most, WITHIN))
                        .build()));
    }

    private static Duration taken(Bucket bucket) {
        return Duration.ofNanos(bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill());
    }
}
