// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import java.time.Instant;

/**
 * A moment of a video that has a name.
 *
 * @param at the wall clock at it: with the video it names the chapter
 * @param atMillis where in the video, in media time
 */
public record VideoChapter(Instant at, long atMillis, String title) {
    /** Nobody named it: pages say its number. */
    public boolean unnamed() {
        return title.equals(VideoDesk.UNNAMED);
    }
}
