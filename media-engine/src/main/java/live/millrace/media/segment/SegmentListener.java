// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.util.List;

/**
 * Takes what a {@link Segmenter} cuts, on the stream's thread: implementations return at once, and keep references where they have more
 * to do. {@link #tracks} comes first, and again after each break; then, for each track by itself, {@link #part} for every part and
 * {@link #segment} behind the last part of a segment. All segments of one time have the same number, but tracks reach it one by one.
 */
public interface SegmentListener {
    /** What follows consists of these tracks; where a track was there before, its next segment begins with a discontinuity. */
    void tracks(List<SegmentedTrack> tracks);

    /**
     * A part ended.
     *
     * @param part the listener owns its content, also when it fails
     */
    void part(SegmentedTrack track, Part part);

    /**
     * A segment ended.
     *
     * @param segment the listener owns its content, also when it fails
     */
    void segment(SegmentedTrack track, TrackSegment segment);

    /** No further part will come. */
    void ended();
}
