// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import live.millrace.media.peer.PeerAddress;
import org.slf4j.Logger;

/**
 * Lines about peers that nobody asked to come, so that they fill no disk: of each network one a minute, and of all networks together
 * {@value #LINES_PER_MINUTE}. Those between are said at DEBUG and counted, and the next line of the network says how many they were. Metrics
 * count all of them. Thread-safe.
 */
public final class PeerLog {
    /** A network of machines that were taken over has thousands of addresses. */
    static final int LINES_PER_MINUTE = 60;

    private static final int MAX_NETWORKS = 10_000;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What was said of one network, guarded by the log. */
    private static final class Network {
        boolean said;
        long saidAt;
        long untold;
    }

    private final LongSupplier nanoTime;
    private final Cache<String, Network> networks =
            Caffeine.newBuilder().maximumSize(MAX_NETWORKS).build();
    private long minuteBegan;
    private int lines;

    PeerLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.minuteBegan = nanoTime.getAsLong();
    }

    /**
     * Says something of a peer.
     *
     * @param to in whose name
     * @param line without a secret
     */
    public void say(Logger to, InetAddress peer, String line) {
        long untold = untold(PeerAddress.network(peer));
        if (untold < 0) {
            to.debug(line);
        } else if (untold == 0) {
            to.info(line);
        } else {
            to.info("{} ({} like it from its network were not said)", line, untold);
        }
    }

    /** How many lines of a network were not said since the last; −1 if this is another one. */
    private synchronized long untold(String name) {
        long now = nanoTime.getAsLong();
        if (now - minuteBegan >= MINUTE_NANOS) {
            minuteBegan = now;
            lines = 0;
        }
        Network network = networks.get(name, _ -> new Network());
        if ((network.said && now - network.saidAt < MINUTE_NANOS) || lines >= LINES_PER_MINUTE) {
            network.untold++;
            return -1;
        }
        lines++;
        long untold = network.untold;
        network.said = true;
        network.saidAt = now;
        network.untold = 0;
        return untold;
    }
}
