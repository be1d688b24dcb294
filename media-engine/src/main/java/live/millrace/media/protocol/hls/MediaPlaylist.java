// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * A live media playlist (RFC 8216 §4.3).
 *
 * @param targetDuration in seconds
 * @param mediaSequence of the first entry
 * @param discontinuitySequence of the first entry: how many EXT-X-DISCONTINUITY have left the list
 * @param independentSegments every entry can be decoded by itself
 * @param ended nothing will be added
 */
public record MediaPlaylist(
        int targetDuration,
        long mediaSequence,
        long discontinuitySequence,
        boolean independentSegments,
        List<Entry> entries,
        boolean ended) {

    /** What is served as a playlist (RFC 8216 §4). */
    public static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";

    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * One media segment.
     *
     * @param duration in units of 90 kHz
     * @param discontinuity EXT-X-DISCONTINUITY stands before it
     */
    public record Entry(String uri, long duration, Instant programDateTime, boolean discontinuity) {}

    /** The playlist as it is served. */
    public String text() {
        StringBuilder out = new StringBuilder(256 + entries.size() * 128);
        out.append("#EXTM3U\n#EXT-X-VERSION:3\n");
        out.append("#EXT-X-TARGETDURATION:").append(targetDuration).append('\n');
        out.append("#EXT-X-MEDIA-SEQUENCE:").append(mediaSequence).append('\n');
        out.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
                .append(discontinuitySequence)
                .append('\n');
        if (independentSegments) {
            out.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }
        for (Entry entry : entries) {
            if (entry.discontinuity()) {
                out.append("#EXT-X-DISCONTINUITY\n");
            }
            out.append("#EXT-X-PROGRAM-DATE-TIME:")
                    .append(WALL_CLOCK.format(entry.programDateTime()))
                    .append('\n');
            // Six digits: what 90 kHz needs to add up exactly.
            long micros = (entry.duration() * 100 + 4) / 9;
            out.append("#EXTINF:")
                    .append(micros / 1_000_000)
                    .append('.')
                    .append("%06d".formatted(micros % 1_000_000))
                    .append(",\n");
            out.append(entry.uri()).append('\n');
        }
        if (ended) {
            out.append("#EXT-X-ENDLIST\n");
        }
        return out.toString();
    }
}
