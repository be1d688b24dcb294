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
                true);
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
        assertThat(new MultivariantPlaylist(List.of(
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
                        #EXT-X-VERSION:3
                        #EXT-X-STREAM-INF:BANDWIDTH=1200000,AVERAGE-BANDWIDTH=1000000,CODECS="avc1.42C01E,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000
                        anna.ts.m3u8?v=abc
                        #EXT-X-STREAM-INF:BANDWIDTH=128000,AVERAGE-BANDWIDTH=127000,CODECS="mp4a.40.34"
                        radio.ts.m3u8
                        """);
    }
}
