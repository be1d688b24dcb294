// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import live.millrace.media.protocol.hls.GrowingPlaylist;
import live.millrace.media.recording.RecordedSegment;
import live.millrace.media.recording.RecordedSpan;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.SegmentTable;
import live.millrace.media.testing.ParsedPlaylist;
import org.junit.jupiter.api.Test;

/** Recordings whose tracks come and go, as lists that have the same segments under the same numbers. */
class TrackListTest {
    private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");

    private final List<RecordedSpan> spans = new ArrayList<>();
    private final Map<String, Integer> ordinals = new HashMap<>();

    /** Adds a span of segments of two seconds. */
    private void span(String track, int format, boolean discontinuity, long first, long last) {
        List<RecordedSegment> segments = LongStream.rangeClosed(first, last)
                .mapToObj(number -> new RecordedSegment(
                        number, 700 + 1_000 * (number - first), 1_000, 180_000, true, START.plusSeconds(2 * number)))
                .toList();
        SegmentTable table = SegmentTable.of(segments);
        int ordinal = ordinals.merge(track, 1, Integer::sum) - 1;
        spans.add(new RecordedSpan(
                track, ordinal, format, discontinuity, 2_000 * (first - 100), 0, table.end(), table, true));
    }

    private Recording recording(boolean ended) {
        return new Recording(
                "AbC_-123xyz",
                "2026-11/AbC_-123xyz",
                UUID.randomUUID(),
                "live/anna",
                START,
                ended ? Optional.of(START.plusSeconds(1_000)) : Optional.empty(),
                List.of(),
                spans,
                List.of());
    }

    private static List<String> entries(TrackList list) {
        int size = list.playlist().size();
        String text = list.playlist()
                .text(new GrowingPlaylist.Header(2, list.firstSequence(), GrowingPlaylist.Type.VOD, true), 0, size);
        return ParsedPlaylist.parse(URI.create("http://engine/x.m3u8"), text).entries().stream()
                .map(entry -> (entry.discontinuity() ? "| " : "")
                        + entry.number()
                        + (entry.gap()
                                ? " gap"
                                : " "
                                        + entry.uri()
                                                .replaceAll("\\D*(\\d+)\\.m4s", "$1")
                                                .substring(1))
                        + " " + entry.map().orElseThrow().charAt(3))
                .toList();
    }

    private List<String> entries(String track) {
        return entries(new TrackList(track, recording(true)));
    }

    @Test
    void aTrackThatIsAwayForAStretchHasGapsThere() {
        span("v0", 0, false, 100, 101);
        span("v0", 0, true, 102, 103);
        span("v0", 0, true, 104, 104);
        span("a0", 0, false, 100, 101);
        span("a0", 1, true, 104, 104);
        assertThat(entries("a0"))
                .extracting(entry -> entry.replaceAll(" \\d+ (\\d)$", " $1"))
                .containsExactly("100 0", "101 0", "| 102 gap 0", "103 gap 0", "| 104 1");
        assertThat(entries("v0")).filteredOn(entry -> entry.startsWith("|")).hasSize(2);
        assertThat(entries("v0")).noneMatch(entry -> entry.contains("gap"));
    }

    @Test
    void aTrackThatJoinsLaterIsOfTheSameStretch() {
        span("v0", 0, false, 100, 105);
        span("a0", 0, true, 103, 105);
        assertThat(Stretch.of(recording(true))).hasSize(1);
        assertThat(entries("a0").subList(0, 3)).allMatch(entry -> entry.contains("gap"));
        assertThat(entries("a0")).hasSize(6).noneMatch(entry -> entry.startsWith("|"));
    }

    /** What was lost between two stretches had numbers, and a list may leave out none (RFC 8216 §6.2.1). */
    @Test
    void numbersGoOnWhereSegmentsWereLost() {
        span("v0", 0, false, 100, 101);
        span("v0", 0, true, 5_000, 5_001);
        List<String> entries = entries("v0");
        assertThat(entries)
                .extracting(entry -> entry.replaceAll("^(\\| )?(\\d+) .*", "$2"))
                .containsExactly("100", "101", "102", "103");
        TrackList list = new TrackList("v0", recording(true));
        assertThat(list.entry(5_001)).isEqualTo(3);
        assertThat(list.entry(2_000)).isEqualTo(2);
    }

    @Test
    void aSegmentThatATrackSleptThroughIsAGapAsLongAsTheOthers() {
        span("v0", 0, false, 100, 101);
        span("v0", 0, false, 103, 104);
        span("a0", 0, false, 100, 104);
        assertThat(entries("v0")).hasSize(5);
        assertThat(entries("v0").get(2)).contains("102 gap");
        TrackList list = new TrackList("v0", recording(true));
        assertThat(list.playlist().position(5)).isEqualTo(5 * 180_000);
    }

    /** Sound that is written before its picture is no stretch of its own. */
    @Test
    void whatIsWrittenFirstWaitsForThePicture() {
        span("v0", 0, false, 100, 101);
        span("a0", 0, false, 100, 101);
        span("a0", 0, true, 102, 102);
        assertThat(Stretch.of(recording(false))).hasSize(1);
        span("v0", 0, true, 102, 102);
        assertThat(Stretch.of(recording(false))).hasSize(2);
    }

    /** However it grows, it is the list that it would be at once. */
    @Test
    void aListThatGrewIsTheSameAsOneThatWasWrittenAtOnce() {
        for (String track : List.of("v0", "a0")) {
            spans.clear();
            ordinals.clear();
            span("v0", 0, false, 100, 100);
            span("a0", 0, false, 100, 100);
            TrackList list = new TrackList(track, recording(false));
            long next = 101;
            for (int round = 0; round < 6; round++) {
                boolean breaks = round % 2 == 1;
                span("v0", 0, breaks, next, next + 1);
                assertThat(list.update(recording(false))).isTrue();
                span("a0", 0, breaks, next, next);
                assertThat(list.update(recording(false))).isTrue();
                span("a0", 0, false, next + 1, next + 1);
                assertThat(list.update(recording(false))).isTrue();
                next += 2;
            }
            assertThat(entries(list)).isEqualTo(entries(track));
            assertThat(list.update(recording(true))).isTrue();
            assertThat(entries(list)).isEqualTo(entries(track));
        }
    }

    @Test
    void aListOfWhatIsNotThereAnyMoreIsAnother() {
        span("v0", 0, false, 100, 101);
        span("v0", 0, false, 102, 103);
        TrackList list = new TrackList("v0", recording(false));
        spans.removeFirst();
        assertThat(list.update(recording(false))).isFalse();
    }
}
