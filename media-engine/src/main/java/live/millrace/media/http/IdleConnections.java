// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are kept alive for another request. They are a courtesy: when there is no room for a new one, those go that have been
 * idle longest. Looked for when it is needed and not before, so that requests cost nothing for it. Thread-safe.
 */
final class IdleConnections {
    /** One that just came, or was just answered, is about to ask. */
    private static final long LEAST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** After a look that found nothing, nobody looks for a while: whoever fills a server must not keep it looking. */
    private static final long FRUITLESS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ChannelGroup connections;
    private boolean fruitless;
    private long looked;

    IdleConnections(ChannelGroup connections) {
        this.connections = connections;
    }

    private record Idle(HttpConnection connection, long nanos) {}

    /** Closes so many at most, those that have been idle longest, and tells how many. */
    synchronized int close(int most) {
        long now = System.nanoTime();
        if (most <= 0 || (fruitless && now - looked < FRUITLESS_NANOS)) {
            return 0;
        }
        List<Idle> idle = new ArrayList<>();
        for (Channel channel : connections) {
            @Nullable HttpConnection connection = channel.pipeline().get(HttpConnection.class);
            long nanos = connection == null ? 0 : connection.idleNanos(now);
            if (connection != null && nanos >= LEAST_IDLE_NANOS) {
                idle.add(new Idle(connection, nanos));
            }
        }
        idle.sort(Comparator.comparingLong(Idle::nanos).reversed());
        List<Idle> chosen = idle.subList(0, Math.min(most, idle.size()));
        chosen.forEach(each -> each.connection().closeIfIdle());
        fruitless = chosen.isEmpty();
        looked = now;
        return chosen.size();
    }
}
