// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts sockets and refusals by remote address, IPv6 by its /64. Thread-safe; called once for each connection, not for each
 * message. Loopback is not limited: that is where proxies and tunnels connect from.
 */
final class AddressLimits {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** Addresses whose refusals are remembered; the oldest are forgotten first. */
    private static final int MAX_REMEMBERED = 10_000;

    private final RtmpConfig config;
    private final Map<String, Integer> sockets = new HashMap<>();
    private final Map<String, Refusals> refusals = new LinkedHashMap<>();
    private int total;

    private record Refusals(long sinceNanos, int count) {}

    AddressLimits(RtmpConfig config) {
        this.config = config;
    }

    /** Takes a place for a socket; false when there is none, and nothing is taken. */
    synchronized boolean enter(InetAddress address) {
        if (total >= config.maxConnections()) {
            return false;
        }
        if (!address.isLoopbackAddress()) {
            String key = key(address);
            int count = sockets.getOrDefault(key, 0);
            if (count >= config.maxConnectionsPerAddress()) {
                return false;
            }
            sockets.put(key, count + 1);
        }
        total++;
        return true;
    }

    synchronized void leave(InetAddress address) {
        total--;
        if (!address.isLoopbackAddress()) {
            sockets.computeIfPresent(key(address), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whether an address was refused so often that it is not worth asking. */
    synchronized boolean tooManyRefusals(InetAddress address, long nowNanos) {
        Refusals known = refusals.get(key(address));
        return known != null
                && nowNanos - known.sinceNanos() < MINUTE_NANOS
                && known.count() >= config.refusalsPerMinute();
    }

    synchronized void refused(InetAddress address, long nowNanos) {
        if (address.isLoopbackAddress()) {
            return;
        }
        refusals.compute(
                key(address),
                (_, known) -> known == null || nowNanos - known.sinceNanos() >= MINUTE_NANOS
                        ? new Refusals(nowNanos, 1)
                        : new Refusals(known.sinceNanos(), known.count() + 1));
        if (refusals.size() > MAX_REMEMBERED) {
            refusals.remove(refusals.keySet().iterator().next());
        }
    }

    private static String key(InetAddress address) {
        return address instanceof Inet6Address
                ? Arrays.toString(Arrays.copyOf(address.getAddress(), 8))
                : address.getHostAddress();
    }
}
