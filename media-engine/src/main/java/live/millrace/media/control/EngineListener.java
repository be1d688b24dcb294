// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.control;

import live.millrace.media.hub.StreamState;

/**
 * Is told what happens in the engine, in order, on one thread that is no event loop: an implementation may ask its database.
 * What it throws is logged and forgotten.
 */
public interface EngineListener {
    /**
     * A stream changed its state.
     *
     * @param status as it was at the change; its own state is {@code to}
     * @param from the state before; equal to {@code to} when the broadcast begins
     */
    void stateChanged(StreamStatus status, StreamState from, StreamState to);

    /** The tracks of a stream were announced or changed. */
    void tracksChanged(StreamStatus status);
}
