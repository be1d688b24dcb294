// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where this machine is to be found: what its interfaces say, looked at anew every so often. Thread-safe. */
final class HostAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Containers and virtual machines have many bridges; a peer checks each. */
    private static final int MAX = 8;

    private final WebrtcConfig config;
    private final Executor executor;
    private final AtomicLong lookedAt = new AtomicLong(System.nanoTime());
    private volatile List<InetAddress> found;

    /**
     * Looks for the first time.
     *
     * @param executor looks again, which asks the kernel
     */
    HostAddresses(WebrtcConfig config, Executor executor) {
        this.config = config;
        this.executor = executor;
        this.found = look();
    }

    /**
     * What a peer is told, the best first.
     *
     * @param nearby whether the peer is on this machine
     */
    List<InetAddress> all(boolean nearby) {
        if (!config.addresses().isEmpty()) {
            return config.addresses();
        }
        long before = lookedAt.get();
        long now = System.nanoTime();
        if (now - before > FRESH_NANOS && lookedAt.compareAndSet(before, now)) {
            try {
                executor.execute(() -> found = look());
            } catch (RejectedExecutionException busy) {
                lookedAt.set(before); // with the next who asks
            }
        }
        List<InetAddress> all = new ArrayList<>(found);
        if (nearby || all.isEmpty()) {
            all.add(InetAddress.getLoopbackAddress());
        }
        return all;
    }

    private List<InetAddress> look() {
        try {
            InetAddress bound = InetAddress.getByName(config.host());
            if (!bound.isAnyLocalAddress()) {
                return bound.isLoopbackAddress() ? List.of() : List.of(bound);
            }
            boolean both = bound instanceof Inet6Address;
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(each -> each instanceof Inet4Address || both)
                    .filter(each ->
                            !each.isLoopbackAddress() && !each.isLinkLocalAddress() && !each.isMulticastAddress())
                    .distinct()
                    .sorted(Comparator.comparing((InetAddress each) -> each instanceof Inet6Address)
                            .thenComparing(InetAddress::isSiteLocalAddress))
                    .limit(MAX)
                    .toList();
        } catch (SocketException | java.net.UnknownHostException e) {
            LOG.warn("The addresses of this machine are not known", e);
            return List.of();
        }
    }
}
