// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A multivariant playlist (RFC 8216 §4.3.4; "master playlist" there). */
public record MultivariantPlaylist(List<Variant> variants) {

    /**
     * One variant stream (§4.3.4.2).
     *
     * @param bandwidth peak bit rate of its segments, bits per second
     * @param codecs RFC 6381
     * @param resolution {@code WxH}; absent without pictures
     */
    public record Variant(
            String uri,
            long bandwidth,
            long averageBandwidth,
            List<String> codecs,
            Optional<String> resolution,
            OptionalDouble frameRate) {}

    /** The playlist as it is served. */
    public String text() {
        StringBuilder out = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n");
        for (Variant variant : variants) {
            out.append("#EXT-X-STREAM-INF:BANDWIDTH=").append(variant.bandwidth());
            out.append(",AVERAGE-BANDWIDTH=").append(variant.averageBandwidth());
            out.append(",CODECS=\"").append(String.join(",", variant.codecs())).append('"');
            variant.resolution().ifPresent(size -> out.append(",RESOLUTION=").append(size));
            variant.frameRate()
                    .ifPresent(rate -> out.append(",FRAME-RATE=").append(String.format(Locale.ROOT, "%.3f", rate)));
            out.append('\n').append(variant.uri()).append('\n');
        }
        return out.toString();
    }
}
