// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import live.millrace.media.peer.PeerAddress;

/**
 * How many sockets and requests an address may have, IPv6 by its /64: far above a school that watches behind one address, far below
 * what a poll storm sends. Loopback and private networks, where proxies connect from, are not limited unless the configuration
 * says so. Thread-safe.
 */
final class ClientLimits {
    private static final int MAX_REMEMBERED = 10_000;

    private final Cache<String, Bucket> requests = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterAccess(Duration.ofMinutes(1))
            .build();
    private final ConcurrentHashMap<String, Integer> sockets = new ConcurrentHashMap<>();
    private final HttpConfig config;

    ClientLimits(HttpConfig config) {
        this.config = config;
    }

    /** Takes a place for a socket; false when there is none, and nothing is taken. */
    boolean enter(InetAddress address) {
        if (!limited(address)) {
            return true;
        }
        int count = sockets.merge(PeerAddress.client(address), 1, Integer::sum);
        if (count > config.mostOfAddress()) {
            leave(address);
            return false;
        }
        return true;
    }

    /** Gives a place back that was taken. */
    void leave(InetAddress address) {
        if (limited(address)) {
            sockets.computeIfPresent(PeerAddress.client(address), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whether one request more is welcome. */
    boolean allows(InetAddress address) {
        return !limited(address)
                || requests.get(
                                PeerAddress.client(address),
                                _ -> Bucket.builder()
                                        .addLimit(limit -> limit.capacity(2L * config.requestsPerSecond())
                                                .refillGreedy(config.requestsPerSecond(), Duration.ofSeconds(1)))
                                        .build())
                        .tryConsume(1);
    }

    private boolean limited(InetAddress address) {
        return config.limitPrivate() || !PeerAddress.isNearby(address);
    }
}
