// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The ports of one listener, each for a scheme. Thread-safe. */
public final class ListeningSockets implements AutoCloseable {
    private static final long CLOSE_SECONDS = 2;

    /** The port is noted: a socket that was closed knows it no more. */
    private record Bound(Channel socket, int port) {}

    private final Map<String, Bound> sockets = new LinkedHashMap<>();

    /**
     * Binds and listens. Blocks until it is done.
     *
     * @param scheme of the port's addresses; a listener has one port for each
     * @param port 0 picks a free one
     * @throws PortInUseException if the port cannot be had; those that were opened before stay
     */
    public synchronized void open(String scheme, AbstractBootstrap<?, ?> bootstrap, String host, int port) {
        if (sockets.containsKey(scheme)) {
            throw new IllegalStateException("there is a port for " + scheme);
        }
        ChannelFuture bound = bootstrap.bind(host, port).awaitUninterruptibly();
        switch (bound.cause()) {
            case null -> sockets.put(scheme, new Bound(bound.channel(), portOf(bound.channel())));
            case IOException taken -> throw new PortInUseException(scheme, port, taken);
            case RuntimeException unbindable -> throw unbindable;
            case Throwable failure -> throw new IllegalStateException(failure);
        }
    }

    /** The ports that are listened on, by scheme; they are told as well when they were closed. */
    public synchronized Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        sockets.forEach((scheme, bound) -> ports.put(scheme, bound.port()));
        return ports;
    }

    private static int portOf(Channel socket) {
        return socket.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Listens no more. Blocks for {@value #CLOSE_SECONDS} s a port at most. */
    @Override
    public synchronized void close() {
        sockets.values().forEach(bound -> bound.socket().close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
    }
}
