// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.frame;

import live.millrace.media.codec.TrackFormat;

/**
 * One elementary stream of a live stream.
 *
 * @param id unique within its publish session; a new track of the same id replaces the old one. Pictures have even ids, sound odd
 *     ones, so that a list in their order starts with the default picture and the default sound
 */
public record Track(int id, TrackFormat format) {
    /** The default video stream: the only one without Enhanced RTMP's multitrack. */
    public static final int VIDEO = 0;

    /** The default audio stream. */
    public static final int AUDIO = 1;

    /** Video tracks, and audio tracks, of one publisher. */
    public static final int MAX_OF_KIND = 8;

    /** The id of a publisher's video track, counted from 0, the default. */
    public static int video(int index) {
        return 2 * index;
    }

    /** The id of a publisher's audio track, counted from 0, the default. */
    public static int audio(int index) {
        return 2 * index + 1;
    }

    /** Its place among the publisher's tracks of its kind. */
    public int index() {
        return id >> 1;
    }

    /** Whether it is the picture, or the sound, that plays unless another is asked for. */
    public boolean isDefault() {
        return index() == 0;
    }

    public boolean isVideo() {
        return format instanceof TrackFormat.Video;
    }

    public int timescale() {
        return format.timescale();
    }
}
