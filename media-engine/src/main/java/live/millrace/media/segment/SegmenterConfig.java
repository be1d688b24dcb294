// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.segment;

import java.time.Duration;

/**
 * Where segments are cut.
 *
 * @param partTarget no partial segment is longer: 200 to 1,000 ms
 * @param maxBytes a segment is cut at this size, key frame or not
 */
public record SegmenterConfig(Duration partTarget, int maxBytes) {
    public SegmenterConfig {
        if (partTarget.toMillis() < 200 || partTarget.toMillis() > 1_000) {
            throw new IllegalArgumentException("partial segments of 200 to 1,000 ms, not " + partTarget);
        }
        if (maxBytes < 1 << 20) {
            throw new IllegalArgumentException("segments of 1 MiB at least, not " + maxBytes);
        }
    }

    public static SegmenterConfig defaults() {
        return new SegmenterConfig(Duration.ofMillis(300), 50 << 20);
    }
}
