// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dash;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A live manifest (ISO/IEC 23009-1 §5.3): an MPD with segment timelines.
 *
 * @param availabilityStart the zero of its clock, which never moves (§5.4)
 * @param published when this version was made
 * @param targetDuration no segment is longer
 * @param window how much can be asked for
 * @param ended nothing will be added
 * @param periods in order; not empty
 */
public record DashManifest(
        Instant availabilityStart,
        Instant published,
        Duration targetDuration,
        Duration window,
        boolean ended,
        List<Period> periods) {
    /** What is served as a manifest. */
    public static final String CONTENT_TYPE = "application/dash+xml";

    /**
     * A stretch of one time line (§5.3.2). It ends where the next one begins.
     *
     * @param id the same in every version
     * @param start after {@code availabilityStart}; the same in every version
     */
    public record Period(String id, Duration start, List<AdaptationSet> sets) {}

    /**
     * Tracks of one kind that a player chooses from.
     *
     * @param connected the period whose set of this kind goes on in this one, with the same tracks and initialization sections
     */
    public record AdaptationSet(boolean video, Optional<String> connected, List<Representation> representations) {}

    /**
     * One track.
     *
     * @param id its name in addresses
     * @param bandwidth bits per second
     * @param size width and height; absent for sound
     * @param initialization address of the initialization section
     * @param media address of the segments, with {@code $Number$}
     * @param periodTime the media time at the period's start, in the timescale
     * @param segments the oldest first, without a gap between them
     */
    public record Representation(
            String id,
            String codecs,
            long bandwidth,
            Optional<int[]> size,
            int sampleRate,
            int channels,
            String initialization,
            String media,
            int timescale,
            long periodTime,
            long startNumber,
            List<Segment> segments) {}

    /** Time and duration in the representation's timescale. */
    public record Segment(long time, long duration) {}

    /** The manifest as it is served. */
    public String text() {
        StringBuilder out = new StringBuilder(2_048);
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"")
                .append(" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\" type=\"dynamic\" availabilityStartTime=\"")
                .append(millis(availabilityStart))
                .append("\" publishTime=\"")
                .append(millis(published));
        if (ended) {
            // No further version: players stop asking (§5.4).
            out.append("\" mediaPresentationDuration=\"").append(end());
        } else {
            out.append("\" minimumUpdatePeriod=\"").append(Duration.ofSeconds(1));
        }
        out.append("\" minBufferTime=\"")
                .append(targetDuration)
                .append("\" maxSegmentDuration=\"")
                .append(targetDuration.plusMillis(500))
                .append("\" timeShiftBufferDepth=\"")
                .append(window)
                .append("\" suggestedPresentationDelay=\"")
                .append(targetDuration.multipliedBy(2))
                .append("\">\n");
        periods.forEach(period -> period(period, out));
        out.append("  <UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:direct:2014\" value=\"")
                .append(millis(published))
                .append("\"/>\n</MPD>\n");
        return out.toString();
    }

    private Duration end() {
        Duration longest = Duration.ZERO;
        for (AdaptationSet set : periods.getLast().sets()) {
            for (Representation each : set.representations()) {
                Segment last = each.segments().getLast();
                long ticks = last.time() + last.duration() - each.periodTime();
                Duration length = Duration.ofMillis(ticks * 1_000 / each.timescale());
                longest = longest.compareTo(length) < 0 ? length : longest;
            }
        }
        return periods.getLast().start().plus(longest);
    }

    private static void period(Period period, StringBuilder out) {
        out.append("  <Period id=\"")
                .append(period.id())
                .append("\" start=\"")
                .append(period.start())
                .append("\">\n");
        period.sets().forEach(set -> set(set, out));
        out.append("  </Period>\n");
    }

    private static String millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static void set(AdaptationSet set, StringBuilder out) {
        String kind = set.video() ? "video" : "audio";
        out.append("    <AdaptationSet id=\"")
                .append(set.video() ? 0 : 1)
                .append("\" contentType=\"")
                .append(kind)
                .append("\" mimeType=\"")
                .append(kind)
                .append("/mp4\" segmentAlignment=\"true\"")
                // Pictures are cut without a key frame where there is none for long: nothing is promised of them.
                .append(set.video() ? ">\n" : " startWithSAP=\"1\">\n");
        // §5.3.2.4
        set.connected()
                .ifPresent(before -> out.append(
                                "      <SupplementalProperty schemeIdUri=\"urn:mpeg:dash:period-connectivity:2015\" value=\"")
                        .append(before)
                        .append("\"/>\n"));
        set.representations().forEach(each -> representation(each, out));
        out.append("    </AdaptationSet>\n");
    }

    private static void representation(Representation each, StringBuilder out) {
        out.append("      <Representation id=\"")
                .append(each.id())
                .append("\" codecs=\"")
                .append(each.codecs())
                .append("\" bandwidth=\"")
                .append(each.bandwidth())
                .append('"');
        each.size()
                .ifPresentOrElse(
                        size -> out.append(" width=\"")
                                .append(size[0])
                                .append("\" height=\"")
                                .append(size[1])
                                .append("\">\n"),
                        () -> out.append(" audioSamplingRate=\"")
                                .append(each.sampleRate())
                                .append(
                                        "\">\n        <AudioChannelConfiguration schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"")
                                .append(each.channels())
                                .append("\"/>\n"));
        out.append("        <SegmentTemplate timescale=\"")
                .append(each.timescale())
                .append("\" presentationTimeOffset=\"")
                .append(each.periodTime())
                .append("\" initialization=\"")
                .append(each.initialization())
                .append("\" media=\"")
                .append(each.media())
                .append("\" startNumber=\"")
                .append(each.startNumber())
                .append("\">\n          <SegmentTimeline>\n");
        for (Segment segment : each.segments()) {
            out.append("            <S t=\"")
                    .append(segment.time())
                    .append("\" d=\"")
                    .append(segment.duration())
                    .append("\"/>\n");
        }
        out.append("          </SegmentTimeline>\n        </SegmentTemplate>\n      </Representation>\n");
    }
}
