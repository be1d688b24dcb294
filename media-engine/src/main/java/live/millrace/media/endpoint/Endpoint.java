// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.http.HttpRouter;

/**
 * A way into the engine or out of it, as the engine sees it: what listens on ports, answers addresses of the HTTP port, or both.
 *
 * <p>Called in this order: {@link #register}, {@link #start}; then, while it runs, the questions, {@link #meters} and
 * {@link #drain}; at the end {@link #stopAccepting}, {@link #disconnect} while the event loops still run, and {@link #close} when
 * they have ended. The last three come without a start as well, when another endpoint could not be started. What changes the state
 * is called from one thread at a time, the questions from any; never from an event loop.
 */
public interface Endpoint extends AutoCloseable {
    /** A short word that is no other endpoint's, for logs. */
    String name();

    /** Adds what it answers on the HTTP port. */
    default void register(HttpRouter router) {}

    /**
     * Binds its ports and listens.
     *
     * @throws live.millrace.media.socket.PortInUseException if one cannot be had
     */
    default void start() {}

    /** The ports that it listens on, by the scheme of their addresses. */
    default Map<String, Integer> ports() {
        return Map.of();
    }

    /** Connections that are open. */
    default int connections() {
        return 0;
    }

    /** Those of them whose peers fetch what is left when publishers are gone: a server that goes down waits for them. */
    default int fetching() {
        return 0;
    }

    /** Tells what it counts. */
    default void meters(Meters meters) {}

    /**
     * Lets go of publishers: takes no new ones, and asks peers that can connect anew to do so. Whoever was asked sends on until it
     * leaves, so that nothing is lost.
     *
     * @return ends when all publishers that were asked have left; whoever waits sets the limit
     */
    default CompletionStage<Void> drain() {
        return CompletableFuture.completedStage(null);
    }

    /** Takes no new connections. Blocks for a moment. */
    default void stopAccepting() {}

    /** Closes its connections. Blocks for a moment. */
    default void disconnect() {}

    /** Frees what it holds, when nothing of it runs any more. */
    @Override
    default void close() {}
}
