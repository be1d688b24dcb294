// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import live.millrace.media.frame.Track;

/**
 * A track as it is cut, from one break to the next.
 *
 * @param initialization counts the formats that the segmenter saw: which initialization section belongs to its segments
 */
public record SegmentedTrack(Track track, int initialization) {
    /** Its name in addresses: {@code v0} is the default picture, {@code a0} the default sound. */
    public String name() {
        return (track.isVideo() ? "v" : "a") + track.index();
    }
}
