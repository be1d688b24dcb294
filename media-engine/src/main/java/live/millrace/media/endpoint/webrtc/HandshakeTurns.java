// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import live.millrace.media.peer.PeerAddress;

/**
 * Whose handshakes have a thread. There are few, and each is held until its peer is done or its time is over: without a limit, one address
 * that begins as many as there are threads, and goes on with none, would keep everybody else waiting. Confined to the event loop of the port.
 */
final class HandshakeTurns {
    /** Of one address at a time; a household behind it has fewer, and a school waits for a moment. */
    static final int OF_ONE = 20;

    private final Map<String, Integer> running = new HashMap<>();

    /**
     * Begins another of an address, if it is its turn; then it counts. Proxies, tunnels and containers are there for many, and not limited.
     *
     * @param start answers whether there is a thread
     * @return whether it has begun
     */
    boolean begin(InetAddress address, BooleanSupplier start) {
        boolean mayNot = !PeerAddress.isNearby(address) && running(address) >= OF_ONE;
        if (mayNot || !start.getAsBoolean()) {
            return false;
        }
        running.merge(PeerAddress.client(address), 1, Integer::sum);
        return true;
    }

    /** How many of an address have begun, and are not over. */
    int running(InetAddress address) {
        return running.getOrDefault(PeerAddress.client(address), 0);
    }

    /** One that counted is over. */
    void giveBack(InetAddress address) {
        running.computeIfPresent(PeerAddress.client(address), (_, count) -> count == 1 ? null : count - 1);
    }
}
