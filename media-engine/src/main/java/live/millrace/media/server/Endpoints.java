// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.endpoint.Endpoint;
import live.millrace.media.http.HttpRouter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All endpoints of an engine, in the order of their start: ways out before ways in, so that whoever publishes can be watched. They end
 * in the opposite order. One that fails to end does not keep the others from it.
 */
final class Endpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

    private final List<Endpoint> all;

    Endpoints(List<? extends Endpoint> all) {
        this.all = List.copyOf(all);
    }

    List<Endpoint> all() {
        return all;
    }

    void register(HttpRouter router) {
        all.forEach(each -> each.register(router));
    }

    /**
     * Starts all of them. When one cannot be, it and those that were started before it are disconnected again; {@link #close} is left
     * to the caller, as after any end.
     *
     * @throws live.millrace.media.socket.PortInUseException if a port cannot be had
     */
    void start() {
        int tried = 0;
        boolean started = false;
        try {
            for (Endpoint each : all) {
                tried++;
                each.start();
            }
            started = true;
        } finally {
            if (!started) {
                Releasing.all(all.subList(0, tried).reversed(), each -> {
                    each.stopAccepting();
                    each.disconnect();
                });
            }
        }
    }

    /** The ports of all, by the scheme of their addresses. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        all.forEach(each -> ports.putAll(each.ports()));
        return ports;
    }

    /**
     * The one of a type.
     *
     * @throws IllegalArgumentException if there is none
     */
    <T extends Endpoint> T get(Class<T> type) {
        return all.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this engine has no " + type.getSimpleName()));
    }

    /** Connections whose peers fetch what is left. */
    int fetching() {
        return all.stream().mapToInt(Endpoint::fetching).sum();
    }

    /** Lets go of publishers, and waits for those that were asked to connect anew. */
    void drain(long millis) {
        CompletableFuture<?>[] leaving = all.reversed().stream()
                .map(each -> each.drain().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(leaving).get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Not every encoder that was asked to reconnect has left");
        }
    }

    void stopAccepting() {
        each(Endpoint::stopAccepting);
    }

    void disconnect() {
        each(Endpoint::disconnect);
    }

    void close() {
        each(Endpoint::close);
    }

    private void each(Consumer<Endpoint> end) {
        Releasing.all(all.reversed(), end);
    }
}
