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
     * What the following frames belong to. What came before is over: a changed format, a track more or less, a publisher
     * that came back, or a clock that started anew. The first call of a broadcast begins it.
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
}
