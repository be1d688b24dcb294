// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A multivariant playlist (RFC 8216 §4.3.4; "master playlist" there).
 *
 * @param sounds renditions that go with every variant that has pictures; the first is the default
 */
public record MultivariantPlaylist(List<Rendition> sounds, List<Variant> variants) {
    private static final String GROUP = "sound";

    /**
     * A rendition of sound (§4.3.4.1).
     *
     * @param name distinct among them, for people
     */
    public record Rendition(String uri, String name, int channels) {}

    /**
     * One variant stream (§4.3.4.2).
     *
     * @param bandwidth peak bit rate of its segments, bits per second, with those of the sound that goes with it
     * @param codecs RFC 6381, with that of the sound
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
        StringBuilder out = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:6\n");
        for (int i = 0; i < sounds.size(); i++) {
            Rendition sound = sounds.get(i);
            out.append("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"").append(GROUP);
            out.append("\",NAME=\"").append(sound.name());
            out.append("\",DEFAULT=").append(i == 0 ? "YES" : "NO");
            out.append(",AUTOSELECT=YES,CHANNELS=\"").append(sound.channels());
            out.append("\",URI=\"").append(sound.uri()).append("\"\n");
        }
        for (Variant variant : variants) {
            out.append("#EXT-X-STREAM-INF:BANDWIDTH=").append(variant.bandwidth());
            out.append(",AVERAGE-BANDWIDTH=").append(variant.averageBandwidth());
            out.append(",CODECS=\"").append(String.join(",", variant.codecs())).append('"');
            variant.resolution().ifPresent(size -> out.append(",RESOLUTION=").append(size));
            variant.frameRate()
                    .ifPresent(rate -> out.append(",FRAME-RATE=").append(String.format(Locale.ROOT, "%.3f", rate)));
            if (!sounds.isEmpty()) {
                out.append(",AUDIO=\"").append(GROUP).append('"');
            }
            out.append('\n').append(variant.uri()).append('\n');
        }
        return out.toString();
    }
}
