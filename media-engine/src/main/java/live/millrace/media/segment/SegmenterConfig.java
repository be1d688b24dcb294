// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

/**
 * Where segments are cut.
 *
 * @param minTargetSeconds the shortest target duration
 * @param longTargetSeconds the target duration when no second key frame came while probing
 * @param maxBytes a segment is cut at this size, key frame or not
 */
public record SegmenterConfig(int minTargetSeconds, int longTargetSeconds, int maxBytes) {
    public SegmenterConfig {
        if (minTargetSeconds < 1 || minTargetSeconds > longTargetSeconds || longTargetSeconds > 60) {
            throw new IllegalArgumentException("target durations of 1 to 60 s, the short one first, not "
                    + minTargetSeconds + " and " + longTargetSeconds);
        }
    }

    public static SegmenterConfig defaults() {
        return new SegmenterConfig(2, 10, 50 << 20);
    }
}
