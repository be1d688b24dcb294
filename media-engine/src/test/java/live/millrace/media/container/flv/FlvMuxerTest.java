// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FLV 10.1 annex E and Enhanced RTMP v2: what is written, byte for byte, and that it reads as what it was. */
class FlvMuxerTest {
    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
    }

    private static String written(java.util.function.Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        return ByteBufUtil.hexDump(out);
    }

    @Test
    void theFileHeaderTellsWhatIsReallyThere() {
        assertThat(written(out -> FlvMuxer.fileHeader(List.of(SampleTracks.VIDEO, SampleTracks.AUDIO), out)))
                .isEqualTo("464c5601050000000900000000");
        assertThat(written(out -> FlvMuxer.fileHeader(List.of(SampleTracks.AUDIO), out)))
                .isEqualTo("464c5601040000000900000000");
    }

    @Test
    void aPictureIsATagWithItsSizeBehindIt() {
        MediaFrame frame = new MediaFrame(SampleTracks.VIDEO, 3_600, 7_200, true, hex("00000002 6588"));
        assertThat(written(out -> FlvMuxer.frame(frame, out)))
                .isEqualTo("09 00000b 000028 00 000000 17 01 000050 000000026588 00000016".replace(" ", ""));
    }

    @Test
    void aTimeBeyondTwentyFourBitsHasItsUpperByteBehindTheLower() {
        MediaFrame frame = new MediaFrame(SampleTracks.VIDEO, 90L * 0x1234567, 0, false, hex("00000002 4188"));
        assertThat(written(out -> FlvMuxer.frame(frame, out)).substring(8, 16)).isEqualTo("23456701");
    }

    /** A configuration and a frame as an encoder sends them; written again they have to be the same. */
    @ParameterizedTest
    @CsvSource({
        "v, 90 61763031 81000c00 0a0b00000004 3c ff bd ff ff 98 20, 91 61763031 0a0b0000000427fffde00c0100",
        "v, 90 76703039 000a8201 01010000, 91 76703039 8249834200 00f000870038240000",
        "a, 90 4f707573 4f707573486561640102380180bb00000000 00, 91 4f707573 fc112233",
        "a, 90 664c6143 664c614380000022 1000 1000 000000 000000 0bb802f0 00000000 00000000000000000000000000000000, 91 664c6143 fff8c9080000",
    })
    void whatComesInEnhancedGoesOutEnhanced(String kind, String start, String coded) {
        List<MediaFrame> frames = new ArrayList<>();
        List<Track> tracks = new ArrayList<>();
        FlvDemuxer demuxer = new FlvDemuxer(new FrameSink() {
            @Override
            public void track(Track track) {
                tracks.add(track);
            }

            @Override
            public void frame(MediaFrame frame) {
                frames.add(frame.retain());
            }
        });
        for (String body : List.of(start, coded)) {
            if (kind.equals("v")) {
                demuxer.video(0, hex(body));
            } else {
                demuxer.audio(0, hex(body));
            }
        }
        assertThat(tracks).hasSize(1);
        assertThat(frames).hasSize(1);
        assertThat(written(out -> {
                    FlvTagBodies.prefix(frames.getFirst(), out);
                    out.writeBytes(frames.getFirst().payload());
                }))
                .isEqualTo(coded.replace(" ", ""));
        assertThat(written(out -> FlvTagBodies.configuration(tracks.getFirst(), out)))
                .isEqualTo(start.replace(" ", ""));
    }

    @Test
    void severalTracksInOneTagAreTracksOfTheirOwn() {
        List<String> seen = new ArrayList<>();
        FlvDemuxer demuxer = new FlvDemuxer(new FrameSink() {
            @Override
            public void track(Track track) {
                seen.add("track " + track.id() + " " + track.format().codecString());
            }

            @Override
            public void frame(MediaFrame frame) {
                seen.add("frame " + frame.track().id() + " " + frame.payload().readableBytes());
            }
        });
        // Two tracks of Opus in one tag: many tracks, one codec; then a frame for the second alone.
        demuxer.audio(0, hex("95 10 4f707573 00 000000 01 000000"));
        demuxer.audio(0, hex("95 01 4f707573 01 fc1122"));
        assertThat(seen).containsExactly("track 1 opus", "track 3 opus", "frame 3 3");
    }

    @Test
    void modifiersAreSkippedAndATagOfNothingElseIsMalformed() {
        List<Track> tracks = new ArrayList<>();
        FlvDemuxer demuxer = new FlvDemuxer(new FrameSink() {
            @Override
            public void track(Track track) {
                tracks.add(track);
            }

            @Override
            public void frame(MediaFrame frame) {}
        });
        // ModEx with three bytes of nanoseconds before the sequence start.
        demuxer.audio(0, hex("97 02 000001 00 4f707573"));
        assertThat(tracks).hasSize(1);
        assertThat(tracks.getFirst().format()).isInstanceOf(Opus.Format.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> demuxer.audio(0, hex("97" + "000007".repeat(40))))
                .isInstanceOf(live.millrace.media.codec.MalformedMediaException.class);
    }
}
