// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of recording.
 *
 * @param directory where spans are; nothing else may write there
 * @param sync when bytes are forced to the disk
 * @param spanLength a span ends at the first segment boundary behind it
 * @param spanBytes likewise
 * @param queueBytes of all streams together that may wait for the disk; what comes beyond is not kept
 * @param streamQueueBytes of one stream
 * @param startFree bytes of the disk that have to be free for a recording to begin
 * @param stopFree bytes of the disk below which what runs is paused: others live on that disk
 */
public record RecordingConfig(
        Path directory,
        Sync sync,
        Duration spanLength,
        long spanBytes,
        long queueBytes,
        long streamQueueBytes,
        long startFree,
        long stopFree) {
    private static final long MEBI = 1 << 20;

    /** When bytes are forced to the disk, for the case that the power fails: a process that is killed loses none that were written. */
    public enum Sync {
        NONE,
        /** Behind each segment. */
        SEGMENT,
        SECOND
    }

    public RecordingConfig {
        if (!spanLength.isPositive() || spanBytes <= 0 || queueBytes <= 0 || streamQueueBytes <= 0) {
            throw new IllegalArgumentException("lengths of recordings are positive");
        }
        if (stopFree > startFree) {
            throw new IllegalArgumentException("a recording that begins would be paused at once");
        }
    }

    /** The defaults. */
    public static RecordingConfig defaults(Path directory) {
        return new RecordingConfig(
                directory,
                Sync.SEGMENT,
                Duration.ofMinutes(5),
                256 * MEBI,
                64 * MEBI,
                8 * MEBI,
                2_048 * MEBI,
                1_024 * MEBI);
    }
}
