// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * From which networks each ticket was used lately. One person moves between a home, a phone and an office; a ticket that was copied to
 * many shows by more. Thread-safe.
 */
final class TicketNetworks {
    /** So many networks one ticket may be used from within {@link #WINDOW_NANOS}. */
    static final int MOST = 3;

    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Of one ticket, those that are kept out; beyond, the one that was kept out first may try again. */
    private static final int MOST_BARRED = 64;

    /** One ticket's; changed within the map alone. */
    private static final class Networks {
        /** When each was seen last. */
        private final Map<String, Long> seen = new HashMap<>();

        /** Since when each is kept out. */
        private final Map<String, Long> barred = new HashMap<>();

        private void forget(long now) {
            seen.values().removeIf(at -> now - at >= WINDOW_NANOS);
            barred.values().removeIf(at -> now - at >= WINDOW_NANOS);
        }

        private static String oldest(Map<String, Long> networks) {
            Iterator<Map.Entry<String, Long>> all = networks.entrySet().iterator();
            Map.Entry<String, Long> oldest = all.next();
            while (all.hasNext()) {
                Map.Entry<String, Long> each = all.next();
                if (each.getValue() - oldest.getValue() < 0) {
                    oldest = each;
                }
            }
            return oldest.getKey();
        }
    }

    /** What came of a look. */
    sealed interface Look {
        /** There are no more than there may be. */
        record Fine() implements Look {}

        /** This one is kept out. */
        record Barred() implements Look {}

        /**
         * There was one too many, and the one that was seen least lately is kept out for a while.
         *
         * @param networks how many there were
         */
        record Spread(String oldest, int networks) implements Look {}
    }

    private static final Look FINE = new Look.Fine();
    private static final Look BARRED = new Look.Barred();

    private final ConcurrentHashMap<String, Networks> tickets = new ConcurrentHashMap<>();

    /** A ticket that is good is used from a network. */
    Look seen(String hash, String network, long now) {
        Look[] look = {FINE};
        tickets.compute(hash, (_, there) -> {
            Networks networks = there == null ? new Networks() : there;
            look[0] = look(networks, network, now);
            return networks;
        });
        return look[0];
    }

    private static Look look(Networks networks, String network, long now) {
        networks.forget(now);
        if (networks.barred.containsKey(network)) {
            return BARRED;
        }
        networks.seen.remove(network);
        int others = networks.seen.size();
        if (others < MOST) {
            networks.seen.put(network, now);
            return FINE;
        }
        String oldest = Networks.oldest(networks.seen);
        networks.seen.remove(oldest);
        networks.seen.put(network, now);
        if (networks.barred.size() >= MOST_BARRED) {
            networks.barred.remove(Networks.oldest(networks.barred));
        }
        networks.barred.put(oldest, now);
        return new Look.Spread(oldest, others + 1);
    }

    /** Forgets tickets that nobody used lately. */
    void sweep(long now) {
        for (String hash : tickets.keySet()) {
            tickets.computeIfPresent(hash, (_, networks) -> {
                networks.forget(now);
                return networks.seen.isEmpty() && networks.barred.isEmpty() ? null : networks;
            });
        }
    }
}
