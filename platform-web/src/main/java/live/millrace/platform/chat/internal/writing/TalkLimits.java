// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.shared.RemoteAddress;
import org.springframework.stereotype.Component;

/** How much one person, and one address, may say: counted for them wherever they are, not for a socket that is easily reopened. */
@Component
class TalkLimits {
    private static final int MESSAGES_AT_ONCE = 3;
    private static final Duration MESSAGE_EVERY = Duration.ofSeconds(2);
    private static final int ADDRESS_AT_ONCE = 20;
    private static final int ADDRESS_PER_SECOND = 5;
    private static final int MAX_BUCKETS = 100_000;

    private final Cache<Talker, Bucket> people = buckets();
    private final Cache<String, Bucket> addresses = buckets();

    private static <K> Cache<K, Bucket> buckets() {
        return Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .expireAfterAccess(Duration.ofMinutes(10))
                .build();
    }

    /** Takes one message; answers the milliseconds until there is one, 0 when it was taken. */
    long take(Talker talker, String remote) {
        ConsumptionProbe own = people.get(
                        talker,
                        _ -> Bucket.builder()
                                .addLimit(limit ->
                                        limit.capacity(MESSAGES_AT_ONCE).refillGreedy(1, MESSAGE_EVERY))
                                .build())
                .tryConsumeAndReturnRemaining(1);
        if (!own.isConsumed()) {
            return millis(own);
        }
        if (RemoteAddress.nearby(remote)) {
            return 0;
        }
        ConsumptionProbe shared = addresses
                .get(
                        RemoteAddress.network(remote),
                        _ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(ADDRESS_AT_ONCE)
                                        .refillGreedy(ADDRESS_PER_SECOND, Duration.ofSeconds(1)))
                                .build())
                .tryConsumeAndReturnRemaining(1);
        return shared.isConsumed() ? 0 : millis(shared);
    }

    private static long millis(ConsumptionProbe probe) {
        return TimeUnit.NANOSECONDS.toMillis(probe.getNanosToWaitForRefill()) + 1;
    }
}
