// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import live.millrace.media.hub.Latency;

/**
 * How bytes are handed to viewers.
 *
 * @param flush {@link Latency#REALTIME} writes each frame at once, whatever publishers ask for; {@link Latency#NORMAL} gathers
 * @param maxGathering frames are gathered for so long at most: 0 to 1 s
 * @param maxPendingBytes a viewer behind which more than this waits is skipped to the next random access point
 * @param maxPendingTime the same, as the time that its stream takes to produce as much
 * @param stalled a skipped viewer that takes nothing for so long is closed
 * @param converter FFmpeg, which makes sound that players know of such that they do not; empty: they get what comes
 */
public record FanoutConfig(
        Latency flush,
        Duration maxGathering,
        int maxPendingBytes,
        Duration maxPendingTime,
        Duration stalled,
        Optional<Path> converter) {
    public FanoutConfig {
        if (maxGathering.isNegative() || maxGathering.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("frames are gathered for 0 to 1 s, not " + maxGathering);
        }
        if (maxPendingBytes < 64 << 10) {
            throw new IllegalArgumentException("at least 64 KiB may wait for a viewer, not " + maxPendingBytes);
        }
        if (stalled.compareTo(Duration.ofMillis(100)) < 0 || maxPendingTime.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("viewers have 100 ms at least");
        }
    }

    public static FanoutConfig defaults() {
        return new FanoutConfig(
                Latency.NORMAL,
                Duration.ofMillis(100),
                8 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Optional.empty());
    }

    /** The same with another way to flush. */
    public FanoutConfig with(Latency newFlush) {
        return new FanoutConfig(newFlush, maxGathering, maxPendingBytes, maxPendingTime, stalled, converter);
    }

    /** The same with a program that makes sound of other sound. */
    public FanoutConfig converting(Optional<Path> program) {
        return new FanoutConfig(flush, maxGathering, maxPendingBytes, maxPendingTime, stalled, program);
    }
}
