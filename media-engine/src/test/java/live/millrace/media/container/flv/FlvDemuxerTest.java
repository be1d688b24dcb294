// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlvDemuxerTest {
    private final List<String> out = new ArrayList<>();
    private final FlvDemuxer demuxer = new FlvDemuxer(new FrameSink() {
        @Override
        public void track(Track track) {
            out.add("track " + track.id() + " " + track.format().codecString());
        }

        @Override
        public void frame(MediaFrame frame) {
            out.add(frame.track().id() + "@" + frame.decodeTime() + "+" + frame.compositionTimeOffset()
                    + (frame.randomAccessPoint() ? " start" : "") + " "
                    + frame.payload().readableBytes());
        }
    });

    @Test
    void readsH264AndAac() {
        demuxer.video(0, SampleMedia.videoHeader());
        demuxer.audio(0, SampleMedia.audioHeader());
        demuxer.video(0, SampleMedia.picture(true, 100));
        demuxer.audio(23, SampleMedia.sound(30));
        demuxer.video(40, hex("27 01 000028 00000002 4188"));
        assertThat(out)
                .containsExactly(
                        "track 0 avc1.42C01E",
                        "track 1 mp4a.40.2",
                        "0@0+0 start 104",
                        "1@1014+0 start 30",
                        "0@3600+3600 6");
    }

    @Test
    void aRepeatedSequenceHeaderSaysNothing() {
        for (int second = 0; second < 3; second++) {
            demuxer.video(second * 1000L, SampleMedia.videoHeader());
            demuxer.audio(second * 1000L, SampleMedia.audioHeader());
        }
        assertThat(out).hasSize(2);
    }

    @Test
    void aChangedSequenceHeaderIsANewTrack() {
        demuxer.audio(0, SampleMedia.audioHeader());
        demuxer.audio(0, hex("af 00 1190"));
        assertThat(out).hasSize(2);
    }

    @Test
    void readsSeveralMp3FramesOfOneTag() {
        ByteBuf body = Unpooled.buffer().writeByte(0x2F);
        for (int i = 0; i < 2; i++) {
            body.writeInt(0xfffb9000).writeZero(413);
        }
        demuxer.audio(1000, body);
        assertThat(out).containsExactly("track 1 mp4a.40.34", "1@44100+0 start 417", "1@45252+0 start 417");
    }

    @Test
    void readsTheExtendedForms() {
        demuxer.video(0, Unpooled.wrappedBuffer(hex("90 61766331"), SampleMedia.avcC()));
        demuxer.video(0, hex("91 61766331 000000 00000002 6588"));
        demuxer.video(40, hex("a3 61766331 00000002 4188"));
        demuxer.audio(0, hex("90 6d703461 1210"));
        demuxer.audio(0, hex("91 6d703461 aabb"));
        demuxer.video(0, hex("d4 61766331 02"));
        assertThat(out)
                .containsExactly(
                        "track 0 avc1.42C01E", "0@0+0 start 6", "0@3600+0 6", "track 1 mp4a.40.2", "1@0+0 start 2");
    }

    @Test
    void silenceAndEmptyPicturesAreNothing() {
        demuxer.audio(0, Unpooled.EMPTY_BUFFER);
        demuxer.video(0, Unpooled.EMPTY_BUFFER);
        demuxer.video(0, hex("57 00"));
        assertThat(out).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "v, 1200000000, Sorenson",
        "v, 90 76766331, vvc1",
        "v, 90 6d70347a, mp4z",
        "a, 90 64747363, dtsc",
        "a, b0aa, Speex"
    })
    void namesTheCodecThatIsNotSupported(String kind, String hex, String name) {
        assertThatThrownBy(() -> {
                    if (kind.equals("v")) {
                        demuxer.video(0, hex(hex));
                    } else {
                        demuxer.audio(0, hex(hex));
                    }
                })
                .isInstanceOf(UnsupportedMediaException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aBrokenTrackOfATagCostsItselfAlone() {
        assertThatThrownBy(() -> demuxer.audio(0, hex("95 10 6d703461 01 000001 ff 09 000001 ff 02 000002 1210")))
                .isInstanceOf(MalformedMediaException.class);
        assertThatThrownBy(() -> demuxer.audio(0, hex("95 11 6d703461 01 000002 aabb 02 000002 aabb")))
                .isInstanceOf(MalformedMediaException.class);
        assertThat(out).containsExactly("track 5 mp4a.40.2", "5@0+0 start 2");
    }

    @Test
    void aHeaderOfAnotherCodecTakesNothingFromTheGoodOne() {
        demuxer.video(0, SampleMedia.videoHeader());
        demuxer.video(0, hex("90 76703039 00 0a 80 01 01 01 0000"));
        demuxer.video(0, SampleMedia.picture(true, 100));
        demuxer.audio(0, SampleMedia.audioHeader());
        demuxer.audio(0, hex("90 4f707573"));
        demuxer.audio(0, SampleMedia.sound(30));
        assertThat(out)
                .containsExactly(
                        "track 0 avc1.42C01E",
                        "0@0+0 start 104",
                        "track 1 mp4a.40.2",
                        "track 1 opus",
                        "1@0+0 start 30");
    }

    @Test
    void soundIsOfItsOwnCodecAlone() {
        demuxer.audio(0, SampleMedia.audioHeader());
        assertThatThrownBy(() -> demuxer.audio(0, hex("91 4f707573 fc0102")))
                .isInstanceOf(MalformedMediaException.class);
        demuxer.audio(0, SampleMedia.sound(30));
        for (int i = 0; i < 6; i++) {
            demuxer.audio(0, SampleMedia.mp3());
        }
        assertThat(out)
                .containsExactly(
                        "track 1 mp4a.40.2",
                        "1@0+0 start 30",
                        "track 1 mp4a.40.34",
                        "1@0+0 start 208",
                        "1@0+0 start 208");
    }

    @Test
    void mediaBeforeItsHeaderIsMalformed() {
        assertThatThrownBy(() -> demuxer.video(0, SampleMedia.picture(true, 10)))
                .isInstanceOf(MalformedMediaException.class);
        assertThatThrownBy(() -> demuxer.audio(0, SampleMedia.sound(10))).isInstanceOf(MalformedMediaException.class);
    }

    @FuzzTest(maxDuration = "60s")
    void anyTagFailsCleanly(byte[] bytes) {
        try {
            demuxer.video(0, Unpooled.wrappedBuffer(bytes));
        } catch (MalformedMediaException | UnsupportedMediaException expected) {
            // what a peer's mistake may cost
        }
        try {
            demuxer.audio(0, Unpooled.wrappedBuffer(bytes));
        } catch (MalformedMediaException | UnsupportedMediaException expected) {
            // what a peer's mistake may cost
        }
        out.clear();
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
