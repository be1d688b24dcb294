// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import live.millrace.media.frame.Track;

/**
 * A track as it is cut, from one break to the next.
 *
 * @param cut the media sequence number that the cut began with: no two cuts of a broadcast share it
 * @param initialization counts the formats that the segmenter saw: which initialization section belongs to its segments
 */
public record SegmentedTrack(Track track, long cut, int initialization) {
    /** Its name in addresses: {@code v0} is the default picture, {@code a0} the default sound. */
    public String name() {
        return (track.isVideo() ? "v" : "a") + track.index();
    }

    /** The name of its initialization section: another where the format is another, and in another cut. */
    public String initializationName() {
        return initializationName(initialization);
    }

    /** The name of the initialization section of one of its formats, by the format's number. */
    public String initializationName(int number) {
        return "init" + cut + "-" + number;
    }
}
