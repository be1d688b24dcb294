// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server and their number. Those that are kept alive for another request are a courtesy: when there is no room for
 * a new one, those go that have been idle longest. Looked for when it is needed and not before, so that requests cost nothing for it.
 * Each that was told to go makes room for one other, once. Thread-safe.
 */
final class IdleConnections {
    /** One that just came, or was just answered, is about to ask. */
    private static final long LEAST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After a look that found nothing, nobody looks for a while: whoever fills a server must not keep it looking. */
    private static final long FRUITLESS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Idle connections that go when there is no room: so many at once, that the next ones need not look again. */
    private static final int SPARED = 64;

    private final ChannelGroup connections;
    private final int maxConnections;

    /** Were told to go and are still there; a subset of the connections, but for a moment. */
    private final Set<Channel> leaving = ConcurrentHashMap.newKeySet();

    private boolean fruitless;
    private long looked;

    IdleConnections(ChannelGroup connections, int maxConnections) {
        this.connections = connections;
        this.maxConnections = maxConnections;
    }

    private record Idle(Channel channel, Idling connection, long nanos) {}

    /** Takes a connection in if there is room; until they are closed, those that make it are there as well. */
    synchronized boolean admit(Channel accepted) {
        if (!hasRoom() && (close(SPARED) == 0 || !hasRoom())) {
            return false;
        }
        // Before the group hears of it: one that is gone from there is not counted as leaving.
        accepted.closeFuture().addListener(_ -> leaving.remove(accepted));
        connections.add(accepted);
        return true;
    }

    private boolean hasRoom() {
        return connections.size() - leaving.size() < maxConnections;
    }

    /** Closes so many at most, those that have been idle longest, and tells how many; none of them twice. */
    synchronized int close(int most) {
        long now = System.nanoTime();
        if (most <= 0 || (fruitless && now - looked < FRUITLESS_NANOS)) {
            return 0;
        }
        List<Idle> idle = new ArrayList<>();
        for (Channel channel : connections) {
            @Nullable Idling connection = idling(channel);
            long nanos = connection == null ? 0 : connection.idleNanos(now);
            if (connection != null && nanos >= LEAST_IDLE_NANOS && !leaving.contains(channel)) {
                idle.add(new Idle(channel, connection, nanos));
            }
        }
        idle.sort(Comparator.comparingLong(Idle::nanos).reversed());
        List<Idle> chosen = idle.subList(0, Math.min(most, idle.size()));
        chosen.forEach(each -> close(each.channel(), each.connection()));
        fruitless = chosen.isEmpty();
        looked = now;
        return chosen.size();
    }

    private static @Nullable Idling idling(Channel channel) {
        @Nullable Idling http1 = channel.pipeline().get(HttpConnection.class);
        return http1 != null ? http1 : channel.pipeline().get(Http2Idle.class);
    }

    private void close(Channel channel, Idling connection) {
        leaving.add(channel);
        connection.closeIfIdle(() -> leaving.remove(channel));
        if (!channel.isOpen()) {
            leaving.remove(channel); // closed by itself, before anybody noted that it leaves
        }
    }
}
