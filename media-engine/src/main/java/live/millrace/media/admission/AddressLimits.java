// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import live.millrace.media.peer.PeerAddress;

/**
 * Counts sockets and refusals by remote address, IPv6 by its /64: one budget over all protocols that take publishers. Thread-safe;
 * called once for each connection, not for each message. Loopback and private networks, where proxies and tunnels connect from, are
 * not limited unless the configuration says so.
 */
public final class AddressLimits {
    /** Addresses that are remembered; beyond, those seen longest ago are forgotten. */
    private static final int MAX_REMEMBERED = 10_000;

    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    /** A school behind one address may fail together; a network that guesses keys does so from many. */
    private static final int REFUSALS_OF_NETWORK = 5;

    /** Of all addresses together; beyond, whoever failed once is not asked about again for a while. */
    private static final int REFUSALS_OF_ALL = 50;

    private final AdmissionConfig.Limits config;
    private final Map<String, Integer> sockets = new HashMap<>();
    private final Cache<String, Bucket> connects = remembered();
    private final Cache<String, Bucket> refusals = remembered();
    private final Cache<String, Bucket> networks = remembered();
    private final Bucket all;
    private int total;

    /** Why a socket is not wanted. */
    public enum Entry {
        WELCOME,
        FULL,
        TOO_MANY_OF_ADDRESS,
        TOO_FAST
    }

    AddressLimits(AdmissionConfig.Limits config) {
        this.config = config;
        this.all = perMinute(config.refusalsPerMinute() * REFUSALS_OF_ALL);
    }

    private static Cache<String, Bucket> remembered() {
        return Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterAccess(REMEMBERED)
                .build();
    }

    private static Bucket perMinute(int tokens) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, Duration.ofMinutes(1)))
                .build();
    }

    /** Takes a place for a socket; nothing is taken unless it is welcome. */
    public Entry enter(InetAddress address) {
        String key = PeerAddress.client(address);
        boolean limited = limited(address);
        if (limited) {
            int rate = config.connectsPerSecond();
            Bucket bucket = connects.get(
                    key,
                    _ -> Bucket.builder()
                            .addLimit(limit -> limit.capacity(2L * rate).refillGreedy(rate, Duration.ofSeconds(1)))
                            .build());
            if (!bucket.tryConsume(1)) {
                return Entry.TOO_FAST;
            }
        }
        synchronized (sockets) {
            if (total >= config.connections()) {
                return Entry.FULL;
            }
            if (limited) {
                int count = sockets.getOrDefault(key, 0);
                // One address never takes more than half of all places.
                if (count >= Math.min(config.connectionsPerAddress(), Math.max(1, config.connections() / 2))) {
                    return Entry.TOO_MANY_OF_ADDRESS;
                }
                sockets.put(key, count + 1);
            }
            total++;
            return Entry.WELCOME;
        }
    }

    /** Gives the place of a welcome socket back. */
    public void leave(InetAddress address) {
        synchronized (sockets) {
            total--;
            if (limited(address)) {
                sockets.computeIfPresent(PeerAddress.client(address), (_, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /** Whether an address, or its network, was refused so often that it is not worth asking. */
    boolean tooManyRefusals(InetAddress address) {
        if (!limited(address)) {
            return false;
        }
        Bucket own = refusals.getIfPresent(PeerAddress.client(address));
        if (own == null) {
            return false; // never refused: always worth asking, whatever others do
        }
        Bucket network = networks.getIfPresent(PeerAddress.network(address));
        return own.getAvailableTokens() == 0
                || (network != null && network.getAvailableTokens() == 0)
                || all.getAvailableTokens() == 0;
    }

    void refused(InetAddress address) {
        if (limited(address)) {
            refusals.get(PeerAddress.client(address), _ -> perMinute(config.refusalsPerMinute()))
                    .tryConsume(1);
            networks.get(PeerAddress.network(address), _ -> perMinute(config.refusalsPerMinute() * REFUSALS_OF_NETWORK))
                    .tryConsume(1);
            all.tryConsume(1);
        }
    }

    private boolean limited(InetAddress address) {
        return config.nearby() || !PeerAddress.isNearby(address);
    }
}
