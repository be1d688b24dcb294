// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

/**
 * One elementary stream of a live stream.
 *
 * @param id unique within its publish session; a new track of the same id replaces the old one
 */
public record Track(int id, TrackFormat format) {
    /** What RTMP's one video stream is called. */
    public static final int VIDEO = 0;

    /** What RTMP's one audio stream is called. */
    public static final int AUDIO = 1;

    public boolean isVideo() {
        return format instanceof TrackFormat.Video;
    }

    public int timescale() {
        return format.timescale();
    }
}
