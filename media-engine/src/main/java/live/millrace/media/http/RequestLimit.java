// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/**
 * How many requests an address may send, IPv6 by its /64: far above a school that watches behind one address, far below what a
 * poll storm sends. Loopback, where proxies connect from, is not limited unless the configuration says so. Thread-safe.
 */
final class RequestLimit {
    private static final int MAX_REMEMBERED = 10_000;

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();
    private final int perSecond;
    private final boolean loopback;

    RequestLimit(HttpConfig config) {
        this.perSecond = config.requestsPerSecond();
        this.loopback = config.limitLoopback();
    }

    boolean allows(InetAddress address) {
        if (address.isLoopbackAddress() && !loopback) {
            return true;
        }
        String key = address instanceof Inet6Address
                ? Arrays.toString(Arrays.copyOf(address.getAddress(), 8))
                : address.getHostAddress();
        return buckets.get(
                        key,
                        _ -> Bucket.builder()
                                .addLimit(limit ->
                                        limit.capacity(2L * perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                                .build())
                .tryConsume(1);
    }
}
