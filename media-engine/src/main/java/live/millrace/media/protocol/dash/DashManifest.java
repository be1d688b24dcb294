// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.dash;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A live manifest of one period (ISO/IEC 23009-1 §5.3): an MPD with segment timelines.
 *
 * @param availabilityStart the wall clock at media time 0 of the broadcast
 * @param published when this version was made
 * @param periodId changes when the tracks or the time line do
 * @param periodStart after {@code availabilityStart}
 * @param targetDuration no segment is longer
 * @param window how much can be asked for
 * @param ended nothing will be added
 */
public record DashManifest(
        Instant availabilityStart,
        Instant published,
        String periodId,
        Duration periodStart,
        Duration targetDuration,
        Duration window,
        boolean ended,
        List<AdaptationSet> sets) {
    /** What is served as a manifest. */
    public static final String CONTENT_TYPE = "application/dash+xml";

    /** Tracks of one kind that a player chooses from. */
    public record AdaptationSet(boolean video, List<Representation> representations) {}

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
            out.append("\" mediaPresentationDuration=\"").append(periodStart.plus(length()));
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
                .append("\">\n  <Period id=\"")
                .append(periodId)
                .append("\" start=\"")
                .append(periodStart)
                .append("\">\n");
        for (int i = 0; i < sets.size(); i++) {
            set(i, sets.get(i), out);
        }
        out.append("  </Period>\n  <UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:direct:2014\" value=\"")
                .append(millis(published))
                .append("\"/>\n</MPD>\n");
        return out.toString();
    }

    private Duration length() {
        Duration longest = Duration.ZERO;
        for (AdaptationSet set : sets) {
            for (Representation each : set.representations()) {
                Segment last = each.segments().getLast();
                long ticks = last.time() + last.duration() - each.periodTime();
                Duration length = Duration.ofMillis(ticks * 1_000 / each.timescale());
                longest = longest.compareTo(length) < 0 ? length : longest;
            }
        }
        return longest;
    }

    private static String millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static void set(int id, AdaptationSet set, StringBuilder out) {
        String kind = set.video() ? "video" : "audio";
        out.append("    <AdaptationSet id=\"")
                .append(id)
                .append("\" contentType=\"")
                .append(kind)
                .append("\" mimeType=\"")
                .append(kind)
                .append("/mp4\" segmentAlignment=\"true\" startWithSAP=\"1\">\n");
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
