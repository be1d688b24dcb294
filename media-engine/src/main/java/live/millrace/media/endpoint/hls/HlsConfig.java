// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.nio.file.Path;
import live.millrace.media.segment.SegmenterConfig;

/**
 * How HLS is served.
 *
 * @param segments media segments that a playlist lists once the broadcast is long enough; never less than three target durations
 * @param always every broadcast is cut from its beginning, whether somebody asks for it or not
 * @param directory where segments are written; emptied at start
 */
public record HlsConfig(SegmenterConfig segmenter, int segments, boolean always, Path directory) {
    public HlsConfig {
        if (segments < 3 || segments > 100) {
            throw new IllegalArgumentException("a playlist lists 3 to 100 segments, not " + segments);
        }
    }

    public static HlsConfig defaults(Path directory) {
        return new HlsConfig(SegmenterConfig.defaults(), 6, false, directory);
    }

    /** The same, cutting every broadcast from its beginning. */
    public HlsConfig cuttingAlways() {
        return new HlsConfig(segmenter, segments, true, directory);
    }
}
