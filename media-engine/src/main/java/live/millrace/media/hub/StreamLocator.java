// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Finds the stream that a viewer asks for, wherever it is, and has it brought if it can be. Thread-safe. */
public interface StreamLocator {
    /** Where a stream is. */
    sealed interface Location {
        /** Here. */
        record Local(LiveStream stream) implements Location {}

        /**
         * On another node, which serves it to viewers.
         *
         * @param node names it
         */
        record Remote(String node) implements Location {}

        /** It is not on, and did not come in time. */
        record Offline() implements Location {}

        /** The stream if it is here, for whoever cannot send viewers elsewhere. */
        default Optional<LiveStream> here() {
            return this instanceof Local(LiveStream stream) ? Optional.of(stream) : Optional.empty();
        }
    }

    /** The stream if it is here already: nothing is started for it, and nobody waits. */
    Optional<LiveStream> find(StreamPath path);

    /** Whether a stream is here, or could be brought as far as can be told at once. Nothing is started for it. */
    boolean offers(StreamPath path);

    /**
     * Looks for a stream. Called for every viewer: returns at once. The answer never fails, may come on any thread, and comes in bounded
     * time.
     */
    CompletionStage<Location> locate(StreamPath path, Demand demand);
}
