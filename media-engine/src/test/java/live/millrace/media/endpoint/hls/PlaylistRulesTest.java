// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import live.millrace.media.testing.ParsedPlaylist;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The rules of RFC 8216 and rfc8216bis, by name, on what one broadcast was seen to do; those of low latency and of DASH beside them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlaylistRulesTest implements LowLatencyRules, ManifestRules {
    private WatchedBroadcast watched;

    @BeforeAll
    void watch(@TempDir Path directory) throws Exception {
        watched = new WatchedBroadcast(directory);
    }

    @AfterAll
    void close() throws Exception {
        watched.close();
    }

    @Override
    public WatchedBroadcast watched() {
        return watched;
    }

    /** Its first picture came in the middle of it. */
    private boolean wokeUp(ParsedPlaylist.Entry segment) {
        return watched.seen.get("v0").stream()
                .flatMap(playlist -> playlist.segments().stream())
                .anyMatch(before -> before.number() == segment.number() - 1 && before.gap());
    }

    @Test
    void aRoundedDurationIsNeverLongerThanTheTarget() {
        watched.each((rendition, playlist) -> playlist.segments()
                .forEach(segment -> assertThat(Math.round(segment.duration()))
                        .as(rendition + " " + segment)
                        .isLessThanOrEqualTo(playlist.target())));
    }

    @Test
    void theTargetNeverChanges() {
        watched.eachChange((before, after) -> assertThat(after.target()).isEqualTo(before.target()));
    }

    @Test
    void whatIsListedNeverChanges() {
        watched.eachChange((before, after) -> {
            for (ParsedPlaylist.Entry old : before.entries()) {
                after.entries().stream()
                        .filter(entry -> entry.number() == old.number())
                        .forEach(now -> {
                            assertThat(now.discontinuity()).isEqualTo(old.discontinuity());
                            assertThat(now.time()).isEqualTo(old.time());
                            assertThat(now.map()).isEqualTo(old.map());
                            if (!old.open()) {
                                assertThat(now.uri()).isEqualTo(old.uri());
                                assertThat(now.duration()).isEqualTo(old.duration());
                                assertThat(now.gap()).isEqualTo(old.gap());
                            }
                            if (!now.parts().isEmpty()) {
                                assertThat(now.parts()).startsWith(old.parts().toArray(ParsedPlaylist.Part[]::new));
                            }
                        });
            }
        });
    }

    @Test
    void segmentsAreAddedAtTheEndAndRemovedFromTheFront() {
        watched.eachChange((before, after) -> {
            assertThat(after.mediaSequence()).isGreaterThanOrEqualTo(before.mediaSequence());
            assertThat(after.entries().getLast().number())
                    .isGreaterThanOrEqualTo(before.segments().getLast().number());
        });
    }

    @Test
    void theMediaSequenceCountsTheSegmentsThatLeft() {
        watched.eachChange((before, after) -> {
            List<String> left = before.segments().stream()
                    .map(ParsedPlaylist.Entry::uri)
                    .filter(uri -> after.segments().stream()
                            .noneMatch(entry -> entry.uri().equals(uri)))
                    .toList();
            assertThat(after.mediaSequence()).isEqualTo(before.mediaSequence() + left.size());
        });
    }

    @Test
    void theDiscontinuitySequenceCountsTheTagsThatLeft() {
        watched.eachChange((before, after) -> {
            long left = before.entries().stream()
                    .filter(entry -> entry.number() < after.mediaSequence() && entry.discontinuity())
                    .count();
            assertThat(after.discontinuitySequence()).isEqualTo(before.discontinuitySequence() + left);
        });
        assertThat(watched.seen.get("v0").getLast().discontinuitySequence())
                .as("some did leave")
                .isGreaterThan(watched.seen.get("v0").getFirst().discontinuitySequence());
    }

    @Test
    void aLivePlaylistThatShrinksHoldsThreeTargets() {
        watched.eachChange((before, after) -> {
            if (after.mediaSequence() > before.mediaSequence()) {
                assertThat(after.length()).isGreaterThanOrEqualTo(3.0 * after.target());
            }
        });
    }

    /** For the segment's duration and that of the longest playlist that listed it. */
    @Test
    void whatLeftThePlaylistCanStillBeFetched() {
        assertThat(watched.left).hasSizeGreaterThan(20);
        assertThat(watched.left)
                .allSatisfy((path, status) -> assertThat(status).as(path).isEqualTo(200));
    }

    @Test
    void anEncodersReturnAndAnotherPictureAreDiscontinuitiesWithTheirMaps() throws Exception {
        Set<String> maps = new LinkedHashSet<>();
        Set<Long> breaks = new LinkedHashSet<>();
        for (ParsedPlaylist playlist : watched.seen.get("v0")) {
            for (ParsedPlaylist.Entry entry : playlist.entries()) {
                maps.add(playlist.path(entry.map().orElseThrow()));
                if (entry.discontinuity()) {
                    breaks.add(entry.number());
                }
            }
        }
        assertThat(maps).hasSize(2);
        assertThat(breaks).hasSizeGreaterThanOrEqualTo(2);
        for (String map : maps) {
            assertThat(watched.status(map)).as(map).isEqualTo(200);
        }
        // The picture's size is the sample entry's: the second map is the wide one.
        byte[] wide = watched.http.get(List.copyOf(maps).getLast()).body();
        int entry = new String(wide, StandardCharsets.ISO_8859_1).indexOf("avc1", 100);
        assertThat(ByteBuffer.wrap(wide).getShort(entry + 28)).isEqualTo((short) 1280);
    }

    @Test
    void mediaThatIsMissingIsAGap() throws Exception {
        List<ParsedPlaylist.Entry> gaps = watched.seen.get("v0").stream()
                .flatMap(playlist -> playlist.segments().stream())
                .filter(ParsedPlaylist.Entry::gap)
                .distinct()
                .toList();
        assertThat(gaps).as("of the time when the picture slept").isNotEmpty();
        assertThat(gaps).allSatisfy(gap -> assertThat(gap.parts()).isEmpty());
    }

    /** In MPEG-TS it has sound all the time. What its time says beside its media is the clock's pace: 150 ms in a second at most. */
    @Test
    void aPictureThatSleepsMakesNoHoleInTheTimeOfATransportStream() {
        for (ParsedPlaylist playlist : watched.seen.get("ts")) {
            List<ParsedPlaylist.Entry> segments = playlist.segments();
            for (int i = 1; i < segments.size(); i++) {
                ParsedPlaylist.Entry before = segments.get(i - 1);
                if (!segments.get(i).discontinuity()) {
                    assertThat(Duration.between(
                                            before.time().orElseThrow(),
                                            segments.get(i).time().orElseThrow())
                                    .toMillis())
                            .as(segments.get(i).uri())
                            .isCloseTo(
                                    Math.round(before.duration() * 1_000), within(Math.round(before.duration() * 150)));
                }
            }
        }
    }

    @Test
    void allRenditionsAgree() {
        for (int i = 0; i < watched.sent.size(); i++) {
            ParsedPlaylist video = watched.seen.get("v0").get(i);
            for (String rendition : List.of("a0", "ts")) {
                ParsedPlaylist other = watched.seen.get(rendition).get(i);
                assertThat(other.target()).isEqualTo(video.target());
                for (ParsedPlaylist.Entry entry : other.segments()) {
                    video.segments().stream()
                            .filter(each -> each.number() == entry.number())
                            .filter(each -> !each.gap() && !entry.gap() && !wokeUp(each))
                            .forEach(each -> {
                                assertThat(video.discontinuity(each))
                                        .as(rendition + " " + entry.number())
                                        .isEqualTo(other.discontinuity(entry));
                                assertThat(Duration.between(
                                                        each.time().orElseThrow(),
                                                        entry.time().orElseThrow())
                                                .abs())
                                        .as(rendition + " " + entry.number())
                                        .isLessThan(Duration.ofMillis(100));
                            });
                }
            }
            assertThat(watched.seen.get("a0").get(i).serverControl()).isEqualTo(video.serverControl());
        }
    }

    /** Within what belongs together: the broadcast's media ran faster than the clock that a new beginning is set by. */
    @Test
    void everySegmentHasItsTimeOnTheWallAndTimeGoesOn() {
        watched.each((rendition, playlist) -> {
            Instant last = Instant.EPOCH;
            for (ParsedPlaylist.Entry entry : playlist.entries()) {
                Instant time = entry.time().orElseThrow();
                if (!entry.discontinuity()) {
                    assertThat(time).as(rendition + " " + entry).isAfterOrEqualTo(last);
                }
                last = time;
            }
        });
    }

    @Test
    void anEndedPlaylistSaysSo() {
        watched.seen.values().forEach(all -> {
            assertThat(all.getLast().ended()).isTrue();
            assertThat(all.getLast().hints()).isEmpty();
            assertThat(all.subList(0, all.size() - 1)).noneMatch(ParsedPlaylist::ended);
        });
    }

    @Test
    void anEndedPlaylistIgnoresDirectives() throws Exception {
        ParsedPlaylist ended = watched.seen.get("v0").getLast();
        for (String query : List.of("?_HLS_msn=99999999999", "?_HLS_msn=1&_HLS_part=5", "?_HLS_skip=YES")) {
            ParsedPlaylist again = watched.read("/live/anna/v0.m3u8" + query);
            assertThat(again.entries()).as(query).isEqualTo(ended.entries());
            assertThat(again.skipped()).isZero();
        }
    }

    @Test
    void whatFollowsABreakBeginsWithAKeyFrame() {
        for (ParsedPlaylist playlist : watched.seen.get("v0")) {
            for (ParsedPlaylist.Entry entry : playlist.entries()) {
                if (entry.discontinuity() && !entry.parts().isEmpty()) {
                    assertThat(entry.parts().getFirst().independent())
                            .as(entry.toString())
                            .isTrue();
                }
            }
        }
    }
}
