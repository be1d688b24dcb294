// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/** Is told what happens to streams, on each stream's own thread: implementations return at once. */
public interface StreamListener {
    /** A broadcast begins. The place to subscribe: no frame was sent yet. */
    default void created(LiveStream stream) {}

    default void stateChanged(LiveStream stream, StreamState from, StreamState to) {}

    /** The last one who wanted the stream to be there has left it. */
    default void untaken(LiveStream stream) {}

    /** The tracks were announced, or changed. */
    default void tracksChanged(LiveStream stream) {}
}
