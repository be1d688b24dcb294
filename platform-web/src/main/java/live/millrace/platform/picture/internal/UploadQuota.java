// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How much one person may upload: a whole set of emotes in an evening, and no disk full of pictures. Thread-safe. */
@Component
class UploadQuota {
    private static final int UPLOADS_PER_HOUR = 120;
    private static final long BYTES_PER_HOUR = 200L << 20;
    private static final Duration HOUR = Duration.ofHours(1);

    private final Cache<Long, Bucket> uploads = remembered();
    private final Cache<Long, Bucket> bytes = remembered();

    private static Cache<Long, Bucket> remembered() {
        return Caffeine.newBuilder()
                .maximumSize(100_000)
                .expireAfterAccess(HOUR.multipliedBy(2))
                .build();
    }

    /** Takes one upload of a person; false when there is nothing left of the hour. */
    boolean take(long account, long size) {
        return bucket(uploads, account, UPLOADS_PER_HOUR).tryConsume(1)
                && bucket(bytes, account, BYTES_PER_HOUR).tryConsume(Math.max(1, size));
    }

    private static Bucket bucket(Cache<Long, Bucket> buckets, long account, long capacity) {
        return buckets.get(
                account,
                _ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, HOUR))
                        .build());
    }
}
