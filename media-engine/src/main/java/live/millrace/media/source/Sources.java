// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import live.millrace.media.hub.StreamPath;

/** The streams of an engine that are fetched. Thread-safe; no method blocks. */
public interface Sources {
    /**
     * Has a stream fetched from now on; from another address if it is already.
     *
     * @throws IllegalArgumentException if nothing here speaks the scheme of the address
     */
    default void put(StreamPath path, SourceAddress address, SourceMode mode) {
        put(path, address, mode, Optional.empty());
    }

    /**
     * The same for one that may be known to fail. Where the address is the one that it has, what was learned of it stays; one that is stopped
     * is tried again.
     *
     * @param stopped why it is not to be tried, whoever wants it, until it is put without: a process before this one knows; empty for none
     * @throws IllegalArgumentException if nothing here speaks the scheme of the address
     */
    void put(StreamPath path, SourceAddress address, SourceMode mode, Optional<SourceFailure> stopped);

    /** Whether anything here speaks the scheme of an address. */
    boolean speaks(SourceAddress address);

    /** Fetches a stream no more; answers whether it was. Its broadcast ends. */
    boolean remove(StreamPath path);

    /** How the source of a stream does; empty if it has none. */
    Optional<SourceStatus> status(StreamPath path);

    /** All that are known. A copy. */
    Map<StreamPath, SourceStatus> all();

    /**
     * Tries an address once: connects, waits for a picture, leaves. Never fails; ends within the address's patience. At most a few run at a
     * time, the others wait.
     */
    CompletionStage<Probe> probe(SourceAddress address);

    /** Hears of changes, on any thread, and must not block. */
    void listen(Listener listener);

    /** Hears how sources do. */
    interface Listener {
        void changed(StreamPath path, SourceStatus status);
    }
}
