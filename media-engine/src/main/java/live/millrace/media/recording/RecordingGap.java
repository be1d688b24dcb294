// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

/**
 * Something that was not kept.
 *
 * @param atMillis where in the recording, in media time: nothing of the gap takes any
 * @param lostMillis how long it was, by the wall clock
 */
public record RecordingGap(long atMillis, long lostMillis, Cause cause) {
    /** Why something is missing. */
    public enum Cause {
        /** The encoder was gone. */
        ENCODER,
        /** The process was. */
        PROCESS,
        /** The disk was full, or failed. */
        DISK,
        /** The disk was slower than what came. */
        SLOW,
        /** Somebody stopped recording for a while. */
        PAUSED,
        /** What had been kept was damaged or gone later. */
        DAMAGED
    }
}
