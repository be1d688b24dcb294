// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import live.millrace.media.testing.ParsedPlaylist;
import org.junit.jupiter.api.Test;

/** What rfc8216bis wants of parts, hints and reports, on what one broadcast was seen to do. */
interface LowLatencyRules {
    WatchedBroadcast watched();

    /** Seconds of the wall clock at which what is listed ends. */
    private static double end(ParsedPlaylist playlist) {
        ParsedPlaylist.Entry last = playlist.entries().getLast();
        return last.time().orElseThrow().toEpochMilli() / 1_000.0 + last.duration();
    }

    @Test
    default void serverControlKeepsItsDistances() {
        watched().eachLowLatency((_, playlist) -> {
            Map<String, String> control = playlist.serverControl();
            assertThat(control).containsEntry("CAN-BLOCK-RELOAD", "YES");
            assertThat(Double.parseDouble(control.get("PART-HOLD-BACK")))
                    .isGreaterThanOrEqualTo(3 * playlist.partTarget() - 0.001);
            assertThat(Double.parseDouble(control.get("HOLD-BACK"))).isGreaterThanOrEqualTo(3.0 * playlist.target());
            assertThat(Double.parseDouble(control.get("CAN-SKIP-UNTIL")))
                    .isGreaterThanOrEqualTo(6.0 * playlist.target());
        });
    }

    @Test
    default void aPartIsNeverLongerThanItsTargetAndNeverMuchShorterButAtTheEnd() {
        watched()
                .eachLowLatency((rendition, playlist) -> playlist.entries().forEach(entry -> {
                    for (int i = 0; i < entry.parts().size(); i++) {
                        ParsedPlaylist.Part part = entry.parts().get(i);
                        assertThat(part.duration())
                                .as(rendition + " " + part)
                                .isPositive()
                                .isLessThanOrEqualTo(playlist.partTarget() + 0.000_01);
                        if (i < entry.parts().size() - 1) {
                            assertThat(part.duration())
                                    .as(rendition + " " + part)
                                    .isGreaterThanOrEqualTo(0.85 * playlist.partTarget());
                        }
                    }
                }));
    }

    @Test
    default void aNewPartIsListedAtMostOnePartTargetAfterTheLast() {
        // Media ran faster than its clock: what was sent and is not listed is shorter than one part and one frame.
        for (int i = 1; i < watched().sent.size() - 1; i++) {
            double step = watched().sent.get(i) - watched().sent.get(i - 1);
            List<ParsedPlaylist> sound = watched().seen.get("a0");
            double listed = end(sound.get(i)) - end(sound.get(i - 1));
            if (watched().sent.get(i) < 30 && step > 0) {
                assertThat(listed).isCloseTo(step, within(sound.get(i).partTarget() + 0.05));
            }
        }
    }

    @Test
    default void partsLeaveWhenTheyAreThreeTargetsOld() {
        watched().eachLowLatency((rendition, playlist) -> {
            double behind = 0;
            List<ParsedPlaylist.Entry> segments = playlist.segments();
            for (int i = segments.size() - 1; i >= 0; i--) {
                if (behind >= 3.0 * playlist.target()) {
                    assertThat(segments.get(i).parts()).as(rendition + " " + i).isEmpty();
                } else if (!playlist.ended() && !segments.get(i).gap()) {
                    assertThat(segments.get(i).parts()).as(rendition + " " + i).isNotEmpty();
                }
                behind += segments.get(i).duration();
            }
        });
    }

    @Test
    default void oneHintTellsOfTheNextPart() {
        watched().eachLowLatency((rendition, playlist) -> {
            if (playlist.ended()) {
                return;
            }
            assertThat(playlist.hints()).as(rendition).hasSize(1);
            ParsedPlaylist.Entry last = playlist.entries().getLast();
            String expected =
                    last.open() ? last.number() + "." + last.parts().size() + ".m4s" : last.number() + 1 + ".0.m4s";
            assertThat(playlist.hints().getFirst()).endsWith("/" + expected);
        });
    }

    @Test
    default void everyOtherRenditionIsReported() {
        for (int i = 0; i < watched().sent.size() - 1; i++) {
            assertThat(watched().seen.get("v0").get(i).reports()).containsOnlyKeys("a0.m3u8");
            Map<String, String> report =
                    watched().seen.get("a0").get(i).reports().get("v0.m3u8");
            assertThat(Long.parseLong(report.get("LAST-MSN")))
                    .isLessThanOrEqualTo(
                            watched().seen.get("v0").get(i).entries().getLast().number());
            assertThat(report).containsKey("LAST-PART");
        }
    }
}
