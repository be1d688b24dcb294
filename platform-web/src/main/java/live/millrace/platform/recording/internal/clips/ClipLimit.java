// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.clips;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import live.millrace.platform.recording.ClipDesk;
import org.springframework.stereotype.Component;

/** How many clips a person makes in a day. Thread-safe. */
@Component
class ClipLimit {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MAX_BUCKETS = 100_000;

    private final Cache<Long, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(DAY)
            .build();

    /** Takes one of those that a person has left; answers whether there was any. */
    boolean tryMake(long accountId) {
        return buckets.get(
                        accountId,
                        _ -> Bucket.builder()
                                .addLimit(limit ->
                                        limit.capacity(ClipDesk.MOST_A_DAY).refillGreedy(ClipDesk.MOST_A_DAY, DAY))
                                .build())
                .tryConsume(1);
    }
}
