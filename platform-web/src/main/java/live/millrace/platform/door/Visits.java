// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import live.millrace.platform.shared.RemoteAddress;

/**
 * All connections of the site's port. An address has its share; when there is hardly a place left, those go that have waited longest of
 * whoever has most, so that one client never takes the last place. Thread-safe.
 */
final class Visits {
    /** One that has just come is about to ask. */
    private static final long LEAST_SPARED = TimeUnit.SECONDS.toNanos(1);

    /** After a look that found nobody to spare, nobody looks for a while. */
    private static final long FRUITLESS = TimeUnit.MILLISECONDS.toNanos(100);

    /** For what is left of a body that nobody wanted, and the last of an answer. */
    private static final Duration ENDING = Duration.ofSeconds(10);

    /** While threads are short, a body that hardly comes is waited for so long. */
    private static final Duration PRESSED = Duration.ofSeconds(3);

    /** While threads are short, a header is waited for so many times longer. */
    private static final int PATIENCE = 3;

    /** One place of so many is kept for whoever comes. */
    private static final int RESERVE = 16;

    private final Map<SocketChannel, Visit> visits = new ConcurrentHashMap<>();
    private final Map<String, Integer> clients = new ConcurrentHashMap<>();
    private final Predicate<String> proxies;
    private final int perAddress;
    private final Visit.Deadlines usual;
    private final Visit.Deadlines pressed;
    private final Counter refused;
    private final Counter late;
    private final Counter spared;
    private volatile int most = Integer.MAX_VALUE;
    private long fruitless;

    /** @param proxies the addresses of named proxies, through which many come */
    Visits(DoorSettings settings, Duration idle, Predicate<String> proxies, MeterRegistry meters) {
        this.proxies = proxies;
        this.perAddress = settings.connectionsPerAddress();
        long header = settings.headerTimeout().toNanos();
        this.usual = new Visit.Deadlines(
                header,
                header,
                idle.toNanos() + header,
                settings.bodyTimeout().toNanos(),
                settings.bodyRate(),
                ENDING.toNanos());
        long brief = Math.min(PRESSED.toNanos(), usual.body());
        // Whoever has asked may wait for a thread then, which looks like asking nothing.
        this.pressed = new Visit.Deadlines(
                PATIENCE * header, PATIENCE * header, PATIENCE * usual.idle(), brief, usual.bytesPerSecond(), brief);
        this.refused = counter(meters, "refused");
        this.late = counter(meters, "late");
        this.spared = counter(meters, "spared");
        this.fruitless = System.nanoTime() - FRUITLESS;
    }

    /** Has those that are open be counted: of the site's own port alone, since there is one number. */
    void shown(MeterRegistry meters) {
        meters.gauge("millrace.web.connections", visits, Map::size);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("millrace.web.connections.ended")
                .description(
                        "Connections of the site's port that were not wanted: refused at once, too slow, or spared for others")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** How many there may be at a time. */
    void most(int connections) {
        most = connections > 0 ? connections : Integer.MAX_VALUE;
    }

    /** Takes a connection in, unless its address has its share already. */
    Optional<Visit> enter(SocketChannel socket) {
        long now = System.nanoTime();
        Optional<String> client = client(socket);
        if (client.isEmpty()) {
            return Optional.empty(); // gone between accept and here
        }
        Visit visit = new Visit(socket, client.get(), now);
        if (!visit.client().isEmpty()
                && clients.merge(visit.client(), 1, Integer::sum) > Math.min(perAddress, Math.max(1, most / 2))) {
            forget(visit);
            refused.increment();
            return Optional.empty();
        }
        visits.put(socket, visit);
        keepReserve(now);
        return Optional.of(visit);
    }

    private void keepReserve(long now) {
        if (visits.size() > most - Math.max(2, most / RESERVE)) {
            spare(now);
        }
    }

    private Optional<String> client(SocketChannel socket) {
        try {
            if (socket.getRemoteAddress() instanceof InetSocketAddress remote) {
                InetAddress address = remote.getAddress();
                String text = address.getHostAddress();
                return Optional.of(proxies.test(text) ? "" : RemoteAddress.network(text));
            }
            return Optional.of("");
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    /** A connection has closed. */
    void leave(SocketChannel socket) {
        Visit visit = visits.remove(socket);
        if (visit != null) {
            forget(visit);
        }
    }

    private void forget(Visit visit) {
        clients.computeIfPresent(visit.client(), (_, count) -> count == 1 ? null : count - 1);
    }

    Optional<Visit> of(SocketChannel socket) {
        return Optional.ofNullable(visits.get(socket));
    }

    int size() {
        return visits.size();
    }

    /** Ends some that wait for nothing, of the client that has most of those; the oldest first. */
    private synchronized void spare(long now) {
        if (now - fruitless < FRUITLESS) {
            return;
        }
        record Waiting(Visit visit, long nanos) {}
        Map<String, List<Waiting>> waiting = new ConcurrentHashMap<>();
        visits.values().forEach(visit -> {
            long nanos = visit.spared(now, LEAST_SPARED, usual.bytesPerSecond());
            if (nanos > 0) {
                waiting.computeIfAbsent(visit.client(), _ -> new ArrayList<>()).add(new Waiting(visit, nanos));
            }
        });
        Optional<List<Waiting>> biggest = waiting.values().stream().max(Comparator.comparingInt(List::size));
        if (biggest.isEmpty()) {
            fruitless = now;
            return;
        }
        biggest.get().stream()
                .sorted(Comparator.comparingLong(Waiting::nanos).reversed())
                .limit(Math.max(1, most / (4L * RESERVE)))
                .forEach(each -> {
                    each.visit().hangUp();
                    spared.increment();
                });
    }

    /** Ends those that take too long; tells those that were asked to go before and are still there. */
    List<SocketChannel> sweep(boolean threadsAreShort) {
        long now = System.nanoTime();
        List<SocketChannel> deaf = new ArrayList<>();
        visits.forEach((socket, visit) -> {
            if (visit.leaving()) {
                if (visit.unattended()) {
                    deaf.add(socket);
                }
            } else if (visit.late(threadsAreShort ? pressed : usual, now)) {
                visit.hangUp();
                late.increment();
            }
        });
        keepReserve(now); // whoever comes next waits outside until somebody goes
        return deaf;
    }
}
