// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The streams that the engine fetches by itself. Thread-safe; does not block but where it says so. */
public interface FetchedStreams {
    /**
     * Has a channel's stream fetched from now on; from another address if it is already. Where nothing of the address is new, what was learned
     * of it stays; one that is stopped is tried again. Does nothing while the engine does not run.
     *
     * @param always without anybody who watches as well
     * @param stopped why it is not to be tried until it is put without: known from before; null where it may be
     * @throws IllegalArgumentException if the engine does not speak the scheme of the address
     */
    void put(String channel, FetchedFrom from, boolean always, @Nullable FetchFailure stopped);

    /** Fetches a channel's stream no more; what of it is on air ends. */
    void remove(String channel);

    /** How the fetching of a channel's stream goes; empty if it is not fetched. */
    Optional<FetchView> status(String channel);

    /** The channels whose streams are fetched. A copy; empty while the engine does not run. */
    Set<String> channels();

    /**
     * Tries an address once. Blocks until it has a picture, or a reason.
     *
     * @param patience how long at most
     */
    FetchTrial probe(FetchedFrom from, Duration patience) throws InterruptedException;

    /**
     * Whether somebody who may go to private networks may be connected to a device there: an address in one of them, and no port of this server.
     * False while the engine does not run.
     */
    boolean neighbour(InetSocketAddress address);
}
