// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;

/**
 * Takes what a live stream sends: {@link #tracks}, then frames; tracks and frames again after each change; at last
 * {@link #ended}. Calls come one at a time, each after the one before it, though not always from the same thread: a stream changes
 * its event loop with its publisher.
 */
public interface Subscriber {
    /**
     * What the following frames belong to: all tracks, in the order of their ids. The first call of a broadcast begins it. Each further
     * one tells of a changed format, of a track more or less, of a publisher that came back, or of a clock that started anew; tracks that
     * are told again unchanged mean the last two, and decode times may be any. A track that is the same beside one that changed goes on:
     * its decode times grow, and its next frame need not be a random access point; behind {@link #paused} every track begins anew. No frame
     * comes any more of what is not told.
     */
    void tracks(List<Track> tracks);

    /**
     * Takes one access unit.
     *
     * @param frame borrowed for the length of the call; decode times of a track only grow until the next {@link #tracks}
     */
    void frame(MediaFrame frame);

    /** The publisher left. More may come. */
    void paused();

    /** Nothing more comes. */
    void ended();

    /** Whether a stream that is brought on demand is to be brought for it. Always the same answer. */
    default boolean takes() {
        return true;
    }
}
