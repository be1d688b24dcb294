// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

/** Who finds and sees a video. */
public enum Visibility {
    /** Listed, and seen by everybody. */
    PUBLIC,
    /** Seen by whoever has its address. */
    UNLISTED,
    /** Seen by those who run its channel. */
    PRIVATE
}
