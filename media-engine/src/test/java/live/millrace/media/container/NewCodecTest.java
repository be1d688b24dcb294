// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import live.millrace.media.codec.table.CodecTable;
import live.millrace.media.container.flv.FlvDemuxer;
import live.millrace.media.container.flv.FlvTagBodies;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import org.junit.jupiter.api.Test;

/** A codec that no container knows goes through all of them. */
class NewCodecTest {
    private final List<Track> tracks = new ArrayList<>();
    private final List<MediaFrame> frames = new ArrayList<>();
    private final FlvDemuxer demuxer = new FlvDemuxer(
            new FrameSink() {
                @Override
                public void track(Track track) {
                    tracks.add(track);
                }

                @Override
                public void frame(MediaFrame frame) {
                    frames.add(frame.retain());
                }
            },
            new CodecTable(Stream.concat(CodecTable.ALL.entries().stream(), Stream.of(ToyCodec.CODEC))
                    .toList()));

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    private static String written(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        return ByteBufUtil.hexDump(out);
    }

    @Test
    void isReadAndWrittenByEveryContainer() {
        demuxer.video(0, hex("90 67726579 40 30"));
        demuxer.video(0, hex("91 67726579 000028 7f7f7f"));
        demuxer.video(40, hex("2d 01 000000 7e7e7e"));
        assertThat(tracks).containsExactly(new Track(Track.VIDEO, new ToyCodec.Format(64, 48)));
        assertThat(frames).hasSize(2);
        assertThat(written(out -> FlvTagBodies.configuration(tracks.getFirst(), out)))
                .isEqualTo("90677265794030");
        assertThat(written(out -> FlvTagBodies.prefix(frames.getFirst(), out))).isEqualTo("9167726579000028");
        assertThat(written(out -> FlvTagBodies.prefix(frames.getLast(), out))).isEqualTo("a367726579");
        String section = written(out -> InitializationSection.write(tracks, out));
        assertThat(section).contains("67727931").contains("0000000a" + "67727943" + "4030");
        assertThat(TsMuxer.carries(tracks.getFirst().format())).isTrue();
        String stream = written(out -> {
            TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
            muxer.tracks(tracks);
            muxer.startSegment(false, out);
            muxer.write(frames.getFirst(), out);
        });
        assertThat(stream).contains("06e100f006" + "0504" + "47524559").endsWith("7f7f7f");
    }
}
