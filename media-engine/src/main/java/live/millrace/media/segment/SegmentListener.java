// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.List;
import live.millrace.media.frame.Track;

/** Takes segments as they are cut, on the stream's thread: implementations return at once. */
public interface SegmentListener {
    /**
     * Takes a segment.
     *
     * @param segment the listener owns its content
     * @param targetDuration in seconds; the same for all segments of a broadcast
     * @param tracks what the segment holds
     */
    void segment(MediaSegment segment, int targetDuration, List<Track> tracks);

    /** No further segment will come. */
    void ended();
}
