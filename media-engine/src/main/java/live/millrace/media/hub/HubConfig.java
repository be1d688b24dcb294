// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.time.Duration;

/**
 * How long things last in the hub.
 *
 * @param grace how long a stream waits for a publisher that left: 0 to 10 minutes
 * @param takeoverInterval the same key may take over once in this time
 * @param maxStreams live streams at a time
 * @param silentAudio give streams without sound a track of silence, for players and devices that want one
 */
public record HubConfig(Duration grace, Duration takeoverInterval, int maxStreams, boolean silentAudio) {
    public HubConfig {
        if (grace.isNegative() || grace.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("the grace time is 0 s to 10 min, not " + grace);
        }
        if (maxStreams < 1) {
            throw new IllegalArgumentException("at least one live stream, not " + maxStreams);
        }
    }

    public static HubConfig defaults() {
        return new HubConfig(Duration.ofSeconds(60), Duration.ofSeconds(2), 5_000, false);
    }
}
