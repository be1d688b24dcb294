// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.StreamRegistry;
import live.millrace.media.socket.Listening;
import org.jspecify.annotations.Nullable;

/**
 * Ports that were opened for senders of MPEG program streams over RTP, as platforms for cameras ask for them (the media half of GB/T 28181):
 * each takes one sender at a time and publishes what it sends. Who opens a port has the right to: nothing in RTP says who sends.
 *
 * <p>Thread-safe; nothing blocks.
 */
public final class RtpServers implements Endpoint {
    /** A platform opens one for each camera that somebody watches. */
    public static final int MOST = 1_000;

    /**
     * A wish for a port.
     *
     * @param id names it; one at a time
     * @param path where it is published
     * @param port 0 for a free one
     * @param connections takes connections beside datagrams, with packets behind their lengths (RFC 4571)
     * @param reuse the port may be shared with another program
     * @param ssrc the only source that is heard; empty for whichever comes first
     */
    public record Opening(
            String id, StreamPath path, int port, boolean connections, boolean reuse, Optional<Integer> ssrc) {}

    /**
     * A port that is open.
     *
     * @param live somebody sends
     */
    public record Open(String id, StreamPath path, int port, boolean connections, boolean live) {}

    private final StreamRegistry registry;
    private final Listening listening;
    private final String host;
    private final InstantSource clock;
    private final Map<String, RtpServer> all = new HashMap<>();
    private boolean closed;

    /** @param host the address that ports are opened on */
    public RtpServers(StreamRegistry registry, Listening listening, String host, InstantSource clock) {
        this.registry = registry;
        this.listening = listening;
        this.host = host;
        this.clock = clock;
    }

    /**
     * Opens a port.
     *
     * @return the port; fails when it cannot be had
     * @throws IllegalArgumentException if one of this id is open, or too many are
     */
    public CompletionStage<Integer> open(Opening wish) {
        RtpServer server;
        synchronized (this) {
            if (closed || all.size() >= MOST) {
                throw new IllegalArgumentException("more than " + MOST + " ports");
            }
            if (all.containsKey(wish.id())) {
                throw new IllegalArgumentException("This stream already exists");
            }
            EventLoop loop = listening.workers().next();
            server = new RtpServer(registry, listening, host, wish, loop, clock);
            all.put(wish.id(), server);
        }
        CompletableFuture<Integer> opened = server.open();
        return opened.whenComplete((_, failed) -> {
            if (failed != null) {
                forget(wish.id(), server);
            }
        });
    }

    /** Another of this id may have been opened meanwhile. */
    private void forget(String id, RtpServer server) {
        synchronized (this) {
            all.remove(id, server);
        }
        server.close();
    }

    /** Closes a port and ends what it publishes; answers whether there was one. */
    public boolean close(String id) {
        RtpServer server;
        synchronized (this) {
            server = all.remove(id);
        }
        if (server != null) {
            server.close();
        }
        return server != null;
    }

    /** The port of an id, if it is open. */
    public Optional<Open> find(String id) {
        @Nullable RtpServer server;
        synchronized (this) {
            server = all.get(id);
        }
        return Optional.ofNullable(server).map(RtpServer::view);
    }

    /** Those that are open. */
    public synchronized List<Open> all() {
        return all.values().stream().map(RtpServer::view).toList();
    }

    @Override
    public String name() {
        return "rtp";
    }

    /** Opens none any more, and closes those that are open. */
    @Override
    public void disconnect() {
        List<RtpServer> rest;
        synchronized (this) {
            closed = true;
            rest = new ArrayList<>(all.values());
            all.clear();
        }
        rest.forEach(RtpServer::close);
    }
}
