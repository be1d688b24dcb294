// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PlaylistTest {

    @Test
    void aMediaPlaylistSaysWhatTheSpecificationWants() {
        MediaPlaylist playlist = new MediaPlaylist(
                2,
                17,
                3,
                true,
                List.of(
                        new MediaPlaylist.Entry("a/17.ts", 180_000, Instant.parse("2026-11-21T10:00:00Z"), false),
                        new MediaPlaylist.Entry("a/18.ts", 181_440, Instant.parse("2026-11-21T10:00:02.040Z"), true)),
                true,
                Optional.empty());
        assertThat(playlist.text()).isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:3
                        #EXT-X-TARGETDURATION:2
                        #EXT-X-MEDIA-SEQUENCE:17
                        #EXT-X-DISCONTINUITY-SEQUENCE:3
                        #EXT-X-INDEPENDENT-SEGMENTS
                        #EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.000Z
                        #EXTINF:2.000000,
                        a/17.ts
                        #EXT-X-DISCONTINUITY
                        #EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:02.040Z
                        #EXTINF:2.016000,
                        a/18.ts
                        #EXT-X-ENDLIST
                        """);
    }

    @Test
    void aMultivariantPlaylistStatesCodecsAndSize() {
        assertThat(new MultivariantPlaylist(
                                List.of(),
                                List.of(
                                        new MultivariantPlaylist.Variant(
                                                "anna.ts.m3u8?v=abc",
                                                1_200_000,
                                                1_000_000,
                                                List.of("avc1.42C01E", "mp4a.40.2"),
                                                Optional.of("640x360"),
                                                OptionalDouble.of(25)),
                                        new MultivariantPlaylist.Variant(
                                                "radio.ts.m3u8",
                                                128_000,
                                                127_000,
                                                List.of("mp4a.40.34"),
                                                Optional.empty(),
                                                OptionalDouble.empty())))
                        .text())
                .isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:6
                        #EXT-X-STREAM-INF:BANDWIDTH=1200000,AVERAGE-BANDWIDTH=1000000,CODECS="avc1.42C01E,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000
                        anna.ts.m3u8?v=abc
                        #EXT-X-STREAM-INF:BANDWIDTH=128000,AVERAGE-BANDWIDTH=127000,CODECS="mp4a.40.34"
                        radio.ts.m3u8
                        """);
    }

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static MediaPlaylist.Entry segment(int number, MediaPlaylist.Part... parts) {
        return new MediaPlaylist.Entry(
                number + ".m4s",
                180_000,
                NOON.plusSeconds(2L * number),
                false,
                Optional.of("init.mp4"),
                false,
                List.of(parts));
    }

    private static MediaPlaylist lowLatency(List<MediaPlaylist.Entry> entries) {
        return new MediaPlaylist(
                2,
                10,
                0,
                false,
                entries,
                false,
                Optional.of(new MediaPlaylist.LowLatency(
                        27_000,
                        81_000,
                        Optional.of("12.1.m4s"),
                        List.of(new MediaPlaylist.RenditionReport("a0.m3u8", 12, 0)))));
    }

    @Test
    void aLowLatencyPlaylistTellsOfPartsHintsAndOtherRenditions() {
        MediaPlaylist.Entry open = new MediaPlaylist.Entry(
                "",
                25_200,
                NOON.plusSeconds(24),
                true,
                Optional.of("init.mp4"),
                false,
                List.of(new MediaPlaylist.Part("12.0.m4s", 25_200, true)));
        assertThat(lowLatency(List.of(
                                segment(10), segment(11, new MediaPlaylist.Part("11.0.m4s", 27_000, false)), open))
                        .text())
                .isEqualTo("""
                        #EXTM3U
                        #EXT-X-VERSION:9
                        #EXT-X-TARGETDURATION:2
                        #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.900,HOLD-BACK=6.0,CAN-SKIP-UNTIL=12.0
                        #EXT-X-PART-INF:PART-TARGET=0.300
                        #EXT-X-MEDIA-SEQUENCE:10
                        #EXT-X-DISCONTINUITY-SEQUENCE:0
                        #EXT-X-MAP:URI="init.mp4"
                        #EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:20.000Z
                        #EXTINF:2.000000,
                        10.m4s
                        #EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:22.000Z
                        #EXT-X-PART:DURATION=0.300000,URI="11.0.m4s"
                        #EXTINF:2.000000,
                        11.m4s
                        #EXT-X-DISCONTINUITY
                        #EXT-X-MAP:URI="init.mp4"
                        #EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:24.000Z
                        #EXT-X-PART:DURATION=0.280000,URI="12.0.m4s",INDEPENDENT=YES
                        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="12.1.m4s"
                        #EXT-X-RENDITION-REPORT:URI="a0.m3u8",LAST-MSN=12,LAST-PART=0
                        """);
    }

    @Test
    void aDeltaUpdateLeavesOutWhatLiesBeforeTheSkipBoundary() {
        List<MediaPlaylist.Entry> entries = java.util.stream.IntStream.range(10, 20)
                .mapToObj(number -> segment(number))
                .toList();
        String delta = lowLatency(entries).delta();
        // Six target durations of two seconds stay: six of the ten segments.
        assertThat(delta)
                .contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=4\n")
                .doesNotContain("13.m4s")
                .contains("14.m4s");
        assertThat(delta).contains("#EXT-X-MEDIA-SEQUENCE:10\n");
        assertThat(lowLatency(entries.subList(0, 6)).delta()).doesNotContain("EXT-X-SKIP");
    }

    @Test
    void aGapIsListedWithoutBeingThere() {
        MediaPlaylist.Entry gap =
                new MediaPlaylist.Entry("11.m4s", 180_000, NOON, false, Optional.of("init.mp4"), true, List.of());
        assertThat(lowLatency(List.of(segment(10), gap)).text()).contains("#EXT-X-GAP\n#EXTINF:2.000000,\n11.m4s\n");
    }
}
