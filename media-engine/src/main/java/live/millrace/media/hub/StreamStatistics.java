// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.Map;
import java.util.Optional;
import live.millrace.media.frame.Repair;

/**
 * What a stream's last seconds looked like.
 *
 * @param bitrate of audio and video together, bits per second, over about two seconds
 * @param frameRate pictures per second, over the same time
 * @param keyFrameIntervalMillis between the last two random access points; 0 while unknown
 * @param maxKeyFrameIntervalMillis the longest of this publish session
 * @param frames since the broadcast began
 * @param bytes of them, as they came
 * @param repairs what was mended or thrown away since the broadcast began; no entry means never
 * @param link how the publisher's packets come through; empty where none are lost, and while there is no publisher
 */
public record StreamStatistics(
        long bitrate,
        double frameRate,
        long keyFrameIntervalMillis,
        long maxKeyFrameIntervalMillis,
        long frames,
        long bytes,
        Map<Repair, Long> repairs,
        Optional<LinkQuality> link) {
    static final StreamStatistics NONE = new StreamStatistics(0, 0, 0, 0, 0, 0, Map.of(), Optional.empty());

    /** The same while nothing comes. */
    StreamStatistics still() {
        return new StreamStatistics(
                0, 0, keyFrameIntervalMillis, maxKeyFrameIntervalMillis, frames, bytes, repairs, link);
    }

    /** How often something was mended in one way. */
    public long count(Repair repair) {
        return repairs.getOrDefault(repair, 0L);
    }
}
