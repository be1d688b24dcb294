// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

/**
 * What a stream's last seconds looked like.
 *
 * @param bitrate of audio and video together, bits per second, over about two seconds
 * @param frameRate pictures per second, over the same time
 * @param keyFrameIntervalMillis between the last two random access points; 0 while unknown
 * @param maxKeyFrameIntervalMillis the longest of this publish session
 * @param frames since the broadcast began
 * @param repairedTimestamps small steps back that were evened out
 * @param timelineCuts jumps that started a new time line
 * @param malformedTags tags that were thrown away
 */
public record StreamStatistics(
        long bitrate,
        double frameRate,
        long keyFrameIntervalMillis,
        long maxKeyFrameIntervalMillis,
        long frames,
        long repairedTimestamps,
        long timelineCuts,
        long malformedTags) {
    static final StreamStatistics NONE = new StreamStatistics(0, 0, 0, 0, 0, 0, 0, 0);
}
