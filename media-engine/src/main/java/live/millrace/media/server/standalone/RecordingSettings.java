// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import live.millrace.media.recording.RecordingConfig;
import org.jspecify.annotations.Nullable;

/**
 * The part {@code recording} of the settings file.
 *
 * @param record {@code true}: every broadcast; {@code manual}: those that the API says; {@code false}: none
 * @param directory of the recordings and their index
 * @param spanLength a file ends behind it
 * @param spanMegabytes a file ends behind them
 * @param queueMegabytes that wait for the disk, of all streams
 * @param streamQueueMegabytes of one stream
 * @param startFreeMegabytes below which nothing new is recorded
 * @param stopFreeMegabytes below which what is recorded is paused
 */
record RecordingSettings(
        @Nullable String record,
        @Nullable String directory,
        RecordingConfig.@Nullable Sync sync,
        @Nullable Duration spanLength,
        @Nullable Integer spanMegabytes,
        @Nullable Integer queueMegabytes,
        @Nullable Integer streamQueueMegabytes,
        @Nullable Integer startFreeMegabytes,
        @Nullable Integer stopFreeMegabytes) {
    static final RecordingSettings NONE = new RecordingSettings(null, null, null, null, null, null, null, null, null);

    private static final int MEGABYTE = 20;

    /** What is recorded. */
    enum Mode {
        TRUE,
        MANUAL,
        FALSE
    }

    /** @throws IllegalArgumentException if it is none of the three */
    Mode mode() {
        try {
            return record == null ? Mode.FALSE : Mode.valueOf(record.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("recording.record is true, manual or false, not " + record + ".", e);
        }
    }

    /**
     * The engine's settings; empty when nothing is recorded.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    Optional<RecordingConfig> config(Path dataDirectory) {
        if (mode() == Mode.FALSE) {
            return Optional.empty();
        }
        Path folder = directory == null
                ? dataDirectory.resolve("recordings")
                : Path.of(directory).toAbsolutePath();
        RecordingConfig usual = RecordingConfig.defaults(folder);
        return Optional.of(new RecordingConfig(
                folder,
                sync == null ? usual.sync() : sync,
                spanLength == null ? usual.spanLength() : spanLength,
                bytes(spanMegabytes, usual.spanBytes()),
                bytes(queueMegabytes, usual.queueBytes()),
                bytes(streamQueueMegabytes, usual.streamQueueBytes()),
                bytes(startFreeMegabytes, usual.startFree()),
                bytes(stopFreeMegabytes, usual.stopFree())));
    }

    private static long bytes(@Nullable Integer megabytes, long otherwise) {
        if (megabytes == null) {
            return otherwise;
        }
        if (megabytes < 0) {
            throw new IllegalArgumentException("Megabytes of recordings are not negative.");
        }
        return (long) megabytes << MEGABYTE;
    }
}
