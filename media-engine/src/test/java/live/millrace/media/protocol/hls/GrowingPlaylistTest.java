// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import live.millrace.media.protocol.hls.GrowingPlaylist.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8216 §4.3, rfc8216bis §6.2.5.1, as text. */
class GrowingPlaylistTest {
    private static final Instant START = Instant.parse("2026-11-27T10:00:00Z");
    private static final Header EVENT = new Header(2, 100, GrowingPlaylist.Type.EVENT, false);
    private static final Header VOD = new Header(2, 100, GrowingPlaylist.Type.VOD, true);

    private final GrowingPlaylist playlist = new GrowingPlaylist();

    private void add(int number, long duration, long millis, boolean discontinuity, boolean gap) {
        playlist.add(new GrowingPlaylist.Entry(
                "v0/" + number + ".m4s", "v0/0.mp4", duration, START.plusMillis(millis), discontinuity, true, gap));
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            add(100 + i, 180_000, 2_000L * i, false, false);
        }
    }

    @Test
    void whatIsWholeSaysWhatItIs() {
        add(100, 180_000, 0, false, false);
        add(101, 180_001, 2_000, false, false);
        add(102, 135_000, 14_000, true, false);
        add(103, 180_000, 15_500, false, true);
        assertThat(playlist.text(VOD, 0, 4)).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-TARGETDURATION:2
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-MEDIA-SEQUENCE:100
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="v0/0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:00.000Z
                #EXTINF:2,
                v0/100.m4s
                #EXTINF:2.000011,
                v0/101.m4s
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="v0/0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:14.000Z
                #EXTINF:1.5,
                v0/102.m4s
                #EXT-X-GAP
                #EXTINF:2,
                v0/103.m4s
                #EXT-X-ENDLIST
                """);
    }

    @Test
    void aStretchSaysWhatStoodBeforeIt() {
        add(100, 180_000, 0, false, false);
        add(101, 180_000, 2_000, false, false);
        add(102, 180_000, 14_000, true, false);
        add(103, 180_000, 16_000, false, false);
        assertThat(playlist.text(VOD, 1, 3))
                .contains("MEDIA-SEQUENCE:101\n", "DISCONTINUITY-SEQUENCE:0\n")
                .endsWith("""
                #EXT-X-MAP:URI="v0/0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:02.000Z
                #EXTINF:2,
                v0/101.m4s
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="v0/0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:14.000Z
                #EXTINF:2,
                v0/102.m4s
                #EXT-X-ENDLIST
                """);
        // The tag of the first segment is still there: the number does not count it.
        assertThat(playlist.text(VOD, 2, 4)).contains("""
                #EXT-X-MEDIA-SEQUENCE:102
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP""");
        assertThat(playlist.text(VOD, 3, 4)).contains("DISCONTINUITY-SEQUENCE:1\n");
        assertThat(playlist.text(VOD, 3, 4)).doesNotContain("EXT-X-DISCONTINUITY\n");
    }

    @Test
    void theClockIsSaidWhenItMovedAndEveryTenMinutes() {
        add(100, 180_000, 0, false, false);
        add(101, 180_000, 2_001, false, false); // rounding
        add(102, 180_000, 4_020, false, false);
        add(103, 180_000, 6_020, false, false);
        assertThat(playlist.text(VOD, 0, 4).lines().filter(line -> line.startsWith("#EXT-X-PROGRAM")))
                .containsExactly(
                        "#EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:00.000Z",
                        "#EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:04.020Z");
        GrowingPlaylist hours = new GrowingPlaylist();
        for (int i = 0; i < 1_800; i++) {
            hours.add(new GrowingPlaylist.Entry("u", "m", 180_000, START.plusSeconds(2L * i), false, true, false));
        }
        assertThat(hours.text(VOD, 0, 1_800).lines().filter(line -> line.startsWith("#EXT-X-PROGRAM")))
                .hasSize(6);
    }

    @Test
    void aDeltaUpdateLeavesOutWhatIsOlderThanSixTargets() {
        add(20);
        assertThat(playlist.delta(EVENT, 0, 20)).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:9
                #EXT-X-TARGETDURATION:2
                #EXT-X-PLAYLIST-TYPE:EVENT
                #EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=12.0
                #EXT-X-MEDIA-SEQUENCE:100
                #EXT-X-DISCONTINUITY-SEQUENCE:0
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-SKIP:SKIPPED-SEGMENTS=14
                #EXT-X-MAP:URI="v0/0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-11-27T10:00:28.000Z
                #EXTINF:2,
                v0/114.m4s
                #EXTINF:2,
                v0/115.m4s
                #EXTINF:2,
                v0/116.m4s
                #EXTINF:2,
                v0/117.m4s
                #EXTINF:2,
                v0/118.m4s
                #EXTINF:2,
                v0/119.m4s
                """);
        assertThat(playlist.delta(EVENT, 0, 6)).isEqualTo(playlist.text(EVENT, 0, 6));
        assertThat(playlist.delta(VOD, 0, 20)).isEqualTo(playlist.text(VOD, 0, 20));
    }

    @Test
    void theLastSecondsAreThoseThatPlayAsLong() {
        add(20);
        assertThat(playlist.last(10 * 90_000)).isEqualTo(15);
        assertThat(playlist.last(9 * 90_000)).isEqualTo(15);
        assertThat(playlist.last(1_000 * 90_000)).isZero();
    }

    @Test
    void oneThatCannotBeginAnywhereDoesNotSaySo() {
        add(2);
        playlist.add(new GrowingPlaylist.Entry("v0/102.m4s", "v0/0.mp4", 180_000, null, false, false, false));
        assertThat(playlist.text(EVENT, 0, 2)).contains("INDEPENDENT-SEGMENTS");
        assertThat(playlist.text(EVENT, 0, 3)).doesNotContain("INDEPENDENT-SEGMENTS");
    }

    /**
     * What hls.js merges, told by the same files in {@code frontend/src/player/recorded-playlist.test.ts}: breaks among what is left out, and
     * among what comes, of a list that only grows and of one whose oldest goes.
     */
    @ParameterizedTest
    @CsvSource({
        "event, 0, 18, false",
        "event, 0, 21, true",
        "event, 0, 24, true",
        "event, 0, 28, true",
        "window, 6, 18, false",
        "window, 9, 24, true"
    })
    void whatPlayersMergeIsWrittenDown(String kind, int from, int to, boolean delta) throws Exception {
        for (int i = 0; i < to; i++) {
            boolean broken = i == 4 || i == 22;
            add(100 + i, 180_000, 2_000L * i + (i >= 4 ? 60_000 : 0) + (i >= 22 ? 30_000 : 0), broken, false);
        }
        Header header = new Header(2, 100, GrowingPlaylist.Type.valueOf(kind.toUpperCase(Locale.ROOT)), false);
        String text = delta ? playlist.delta(header, from, to) : playlist.text(header, from, to);
        Path golden = Path.of("src/test/resources/golden/hls", kind + "-" + from + "-" + to + ".m3u8");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }
}
