// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How many addresses one person may try: enough to find the right one, too few to look for what there is in a network. Thread-safe. */
@Component
class TrialQuota {
    private static final int TRIALS = 20;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_REMEMBERED = 100_000;

    private final Cache<Long, Bucket> trials = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterAccess(WINDOW.multipliedBy(2))
            .build();

    /** Takes one trial of a person; false when there is none left. */
    boolean take(long accountId) {
        return trials.get(
                        accountId,
                        _ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(TRIALS).refillGreedy(TRIALS, WINDOW))
                                .build())
                .tryConsume(1);
    }
}
