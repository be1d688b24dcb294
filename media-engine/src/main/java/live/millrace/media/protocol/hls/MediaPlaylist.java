// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A live media playlist (RFC 8216 §4.3, rfc8216bis §4.4). All durations are in units of 90 kHz.
 *
 * @param targetDuration in seconds
 * @param mediaSequence of the first entry, whether it is written or skipped
 * @param discontinuitySequence of the first entry: how many EXT-X-DISCONTINUITY have left the list
 * @param independentSegments every entry can be decoded by itself
 * @param entries segments; the last one may have parts only
 * @param ended nothing will be added
 * @param lowLatency what makes it a low-latency playlist
 */
public record MediaPlaylist(
        int targetDuration,
        long mediaSequence,
        long discontinuitySequence,
        boolean independentSegments,
        List<Entry> entries,
        boolean ended,
        Optional<LowLatency> lowLatency) {

    /** What is served as a playlist (RFC 8216 §4). */
    public static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";

    /** A client may ask to leave out what is older than so many target durations (bis §4.4.3.8: at least six). */
    public static final int SKIP_TARGETS = 6;

    /** EXT-X-SKIP needs 9 (bis §8). */
    private static final int LOW_LATENCY_VERSION = 9;

    /** EXT-X-MAP without I-frames needs 6. */
    private static final int MAP_VERSION = 6;

    private static final int PLAIN_VERSION = 3;

    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * One media segment.
     *
     * @param uri empty while only parts of it are there
     * @param discontinuity EXT-X-DISCONTINUITY stands before it
     * @param map its media initialization section
     * @param gap there is nothing to fetch
     * @param parts written for the newest segments only
     */
    public record Entry(
            String uri,
            long duration,
            Instant programDateTime,
            boolean discontinuity,
            Optional<String> map,
            boolean gap,
            List<Part> parts) {
        /** A segment in a container that needs no initialization. */
        public Entry(String uri, long duration, Instant programDateTime, boolean discontinuity) {
            this(uri, duration, programDateTime, discontinuity, Optional.empty(), false, List.of());
        }
    }

    /**
     * A partial segment (bis §4.4.4.9).
     *
     * @param gap there is nothing to fetch
     */
    public record Part(String uri, long duration, boolean independent, boolean gap) {
        /** One that can be fetched. */
        public Part(String uri, long duration, boolean independent) {
            this(uri, duration, independent, false);
        }
    }

    /** The end of another rendition's playlist (bis §4.4.5.4). */
    public record RenditionReport(String uri, long lastMediaSequence, int lastPart) {}

    /**
     * What a low-latency playlist adds.
     *
     * @param partTarget no part is longer
     * @param holdBack so far behind the end players begin: three part targets at least, as the draft wants (§4.4.3.8)
     * @param preloadHint where the next part will be; empty at the end
     */
    public record LowLatency(
            long partTarget, long holdBack, Optional<String> preloadHint, List<RenditionReport> reports) {}

    /** The playlist as it is served. */
    public String text() {
        return text(0);
    }

    /**
     * The playlist as a delta update (bis §6.2.5.1): without the segments that lie before the skip boundary. Whole when there are none.
     */
    public String delta() {
        return text(skippable());
    }

    private int skippable() {
        if (ended || lowLatency.isEmpty()) {
            return 0;
        }
        long boundary = (long) SKIP_TARGETS * targetDuration * 90_000;
        long fromEnd = 0;
        int index = entries.size();
        while (index > 0 && fromEnd < boundary) {
            fromEnd += entries.get(--index).duration();
        }
        return fromEnd < boundary ? 0 : index;
    }

    private String text(int skipped) {
        StringBuilder out = new StringBuilder(512 + entries.size() * 256);
        boolean mapped = entries.stream().anyMatch(entry -> entry.map().isPresent());
        out.append("#EXTM3U\n#EXT-X-VERSION:")
                .append(lowLatency.isPresent() ? LOW_LATENCY_VERSION : mapped ? MAP_VERSION : PLAIN_VERSION)
                .append('\n');
        out.append("#EXT-X-TARGETDURATION:").append(targetDuration).append('\n');
        lowLatency.ifPresent(low -> {
            out.append("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=");
            seconds(low.holdBack(), 3, out);
            out.append(",HOLD-BACK=").append(3 * targetDuration).append(".0,CAN-SKIP-UNTIL=");
            out.append(SKIP_TARGETS * targetDuration).append(".0\n");
            out.append("#EXT-X-PART-INF:PART-TARGET=");
            seconds(low.partTarget(), 3, out);
            out.append('\n');
        });
        out.append("#EXT-X-MEDIA-SEQUENCE:").append(mediaSequence).append('\n');
        out.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
                .append(discontinuitySequence)
                .append('\n');
        if (independentSegments) {
            out.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }
        if (skipped > 0) {
            out.append("#EXT-X-SKIP:SKIPPED-SEGMENTS=").append(skipped).append('\n');
        }
        Optional<String> map = Optional.empty();
        for (Entry entry : entries.subList(skipped, entries.size())) {
            entry(entry, map, out);
            map = entry.map();
        }
        if (ended) {
            out.append("#EXT-X-ENDLIST\n");
        }
        lowLatency.filter(_ -> !ended).ifPresent(low -> {
            low.preloadHint()
                    .ifPresent(uri -> out.append("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"")
                            .append(uri)
                            .append("\"\n"));
            for (RenditionReport report : low.reports()) {
                out.append("#EXT-X-RENDITION-REPORT:URI=\"")
                        .append(report.uri())
                        .append("\",LAST-MSN=")
                        .append(report.lastMediaSequence());
                if (report.lastPart() >= 0) {
                    out.append(",LAST-PART=").append(report.lastPart());
                }
                out.append('\n');
            }
        });
        return out.toString();
    }

    private static void entry(Entry entry, Optional<String> mapBefore, StringBuilder out) {
        if (entry.discontinuity()) {
            out.append("#EXT-X-DISCONTINUITY\n");
        }
        entry.map()
                .filter(uri -> entry.discontinuity() || !mapBefore.equals(entry.map()))
                .ifPresent(uri -> out.append("#EXT-X-MAP:URI=\"").append(uri).append("\"\n"));
        out.append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(WALL_CLOCK.format(entry.programDateTime()))
                .append('\n');
        for (Part part : entry.parts()) {
            out.append("#EXT-X-PART:DURATION=");
            seconds(part.duration(), 6, out);
            out.append(",URI=\"").append(part.uri()).append('"');
            if (part.independent()) {
                out.append(",INDEPENDENT=YES");
            }
            if (part.gap()) {
                out.append(",GAP=YES");
            }
            out.append('\n');
        }
        if (entry.uri().isEmpty()) {
            return;
        }
        if (entry.gap()) {
            out.append("#EXT-X-GAP\n");
        }
        // Six digits: what 90 kHz needs to add up exactly.
        out.append("#EXTINF:");
        seconds(entry.duration(), 6, out);
        out.append(",\n").append(entry.uri()).append('\n');
    }

    private static void seconds(long duration, int digits, StringBuilder out) {
        long micros = (duration * 100 + 4) / 9;
        long unit = 1_000_000;
        long fraction = micros % unit;
        out.append(micros / unit).append('.');
        for (int i = 0; i < digits; i++) {
            unit /= 10;
            out.append((char) ('0' + fraction / unit % 10));
        }
    }
}
