// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/** Tomcat's sockets, asked about before they are taken in, and missed when they have gone. */
final class GuardedEndpoint extends NioEndpoint {
    private @Nullable Visits visits;

    GuardedEndpoint() {
        // Tomcat removes each connection from here when it closes, however that comes about.
        connections = new ConcurrentHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public @Nullable SocketWrapperBase<NioChannel> remove(Object socket) {
                SocketWrapperBase<NioChannel> removed = super.remove(socket);
                if (socket instanceof SocketChannel channel) {
                    visits().leave(channel);
                }
                return removed;
            }
        };
    }

    void guard(Visits by) {
        visits = by;
    }

    Visits visits() {
        return Objects.requireNonNull(visits, "a guard, before the first connection");
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        if (visits().enter(socket).isEmpty()) {
            // Nothing is known of it yet that "false" could close.
            destroySocket(socket);
            return true;
        }
        boolean taken = super.setSocketOptions(socket);
        if (!taken && !connections.containsKey(socket)) {
            visits().leave(socket);
        }
        return taken;
    }

    /** Of the connection that is served. */
    Optional<Visit> visit(SocketWrapperBase<?> wrapper) {
        return wrapper.getSocket() instanceof NioChannel channel && channel.getIOChannel() != null
                ? visits().of(channel.getIOChannel())
                : Optional.empty();
    }

    /** Ends what takes too long. */
    void sweep() {
        connections.values().forEach(wrapper -> {
            // HTTP/2 and the page's socket.
            if (wrapper.getCurrentProcessor() instanceof org.apache.coyote.Processor processor
                    && processor.isUpgrade()) {
                visit(wrapper).ifPresent(visit -> visit.upgraded(System.nanoTime()));
            }
        });
        boolean threadsAreShort = getMaxThreads() > 0 && getCurrentThreadsBusy() > getMaxThreads() * 3 / 4;
        for (SocketChannel deaf : visits().sweep(threadsAreShort)) {
            SocketWrapperBase<NioChannel> wrapper = connections.get(deaf);
            if (wrapper != null) {
                processSocket(wrapper, SocketEvent.ERROR, true);
            }
        }
    }
}
