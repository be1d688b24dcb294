// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sound as cameras send it: AAC (RFC 3640, RFC 6416), Opus (RFC 7587), G.711 (RFC 3551), MPEG audio (RFC 2250). */
class CameraSoundTest {
    private static final String AAC = "MPEG4-GENERIC/44100/2";
    private static final String HBR = "mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1210";

    private final RtpScript script = new RtpScript();
    private Depacketizer depacketizer = with(AAC, HBR);

    @AfterEach
    void release() {
        depacketizer.release();
    }

    private Depacketizer with(String map, String parameters) {
        return PayloadFormats.depacketizer(1, RtpScript.format(map, parameters), script);
    }

    private void packet(long time, boolean marker, String hex) {
        depacketizer.packet(
                new RtpPacket(
                        marker,
                        96,
                        0,
                        time,
                        1,
                        Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")))),
                time);
    }

    @Test
    void readsSeveralFramesOfAPacket() {
        packet(4_410, true, "0020 0010 0018 aabb ccddee");
        assertThat(script.payloads()).containsExactly("aabb", "ccddee");
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(4_410L, 5_434L);
        assertThat(((TrackFormat.Audio) script.tracks.getFirst().format()).channels())
                .isEqualTo(2);
    }

    /** Names in any case; nothing of indices: 16 bits show that there are some, 13 that there are none. */
    @ParameterizedTest
    @CsvSource({
        "SizeLength=13;IndexLength=3;IndexDeltaLength=3;config=1210, 0010 0010 aabb",
        "config=1210,                                                0010 0010 aabb",
        "config=1210,                                                000d 0010 aabb",
        "mode=AAC-lbr;sizelength=6;indexlength=2;indexdeltalength=2;config=1210, 0008 08 aabb",
    })
    void readsHeadersOfEveryDescription(String parameters, String hex) {
        depacketizer = with(AAC, parameters);
        packet(0, true, hex);
        assertThat(script.payloads()).containsExactly("aabb");
    }

    @Test
    void putsTogetherWhatIsLargerThanAPacket() {
        packet(0, false, "0010 0030 aabb");
        packet(0, false, "0010 0030 ccdd");
        packet(0, true, "0010 0030 eeff");
        packet(1_024, true, "0010 0008 11");
        assertThat(script.payloads()).containsExactly("aabbccddeeff", "11");
    }

    @Test
    void aLostPartCostsItsFrame() {
        packet(0, false, "0010 0030 aabb");
        depacketizer.lost();
        packet(0, true, "0010 0030 eeff");
        packet(1_024, true, "0010 0008 11");
        assertThat(script.payloads()).containsExactly("11");
    }

    @Test
    void theHeaderOfAFileInsideIsTakenOff() {
        packet(0, true, "0010 0048 fff15080013ffc aabb");
        assertThat(script.payloads()).containsExactly("aabb");
    }

    @ParameterizedTest
    @CsvSource({"''", "config=zz", "config=12", "config=f8", "config=1210;ctsdeltalength=8", "config=1210;sizelength=99"
    })
    void saysWhatItCannotCarry(String parameters) {
        assertThatThrownBy(() -> with(AAC, parameters)).isInstanceOf(UnsupportedMediaException.class);
    }

    @ParameterizedTest
    @CsvSource({"00", "0010", "0010 0010", "ffff 0010 aabb", "0011 0010 00 aa"})
    void brokenPacketsCostThemselves(String hex) {
        packet(0, true, hex);
        packet(1_024, true, "0010 0010 aabb");
        assertThat(script.payloads()).endsWith("aabb");
        assertThat(script.repairs).containsOnly(Repair.MALFORMED_TAG);
    }

    @Test
    void readsLatmInOnePacketAndInSeveral() {
        depacketizer = with("MP4A-LATM/48000", "cpresent=0;config=40002310adca00");
        packet(0, true, "02 aabb");
        packet(1_024, false, "04 aabb");
        packet(1_024, true, "ccdd");
        packet(2_048, true, "ff 01" + "ab".repeat(256));
        assertThat(script.payloads()).containsExactly("aabb", "aabbccdd", "ab".repeat(256));
        assertThat(script.frames.getLast().decodeTime()).isEqualTo(2_048);
        for (String parameters : new String[] {"cpresent=1", "cpresent=0", "cpresent=0;config=c0002310"}) {
            assertThatThrownBy(() -> with("MP4A-LATM/48000", parameters)).isInstanceOf(UnsupportedMediaException.class);
        }
    }

    /** RFC 7587 §7: two channels are always described. */
    @ParameterizedTest
    @CsvSource({"f8ff, 1", "fcff, 2"})
    void opusSaysItselfHowManyChannelsItHas(String packet, int channels) {
        depacketizer = with("opus/48000/2", "");
        packet(960, false, packet);
        assertThat(script.frames.getFirst().decodeTime()).isEqualTo(960);
        assertThat(((TrackFormat.Audio) script.tracks.getFirst().format()).channels())
                .isEqualTo(channels);
    }

    @Test
    void readsG711OfAnyLength() {
        depacketizer = with("PCMA/8000", "");
        packet(0, true, "d5d5");
        packet(2, false, "d5");
        packet(3, false, "");
        assertThat(script.payloads()).containsExactly("d5d5", "d5");
        assertThat(script.tracks.getFirst().format().codecString()).isEqualTo("alaw");
    }

    @Test
    void readsMp3InParts() {
        depacketizer = with("MPA/90000", "");
        String frame = "fffb5064" + "00".repeat(204);
        packet(9_000, true, "0000 0000" + frame + frame);
        packet(20_000, true, "0000 0000" + frame.substring(0, 200));
        packet(20_000, true, "0000 0064" + frame.substring(200));
        packet(30_000, true, "0000 0000" + frame.substring(0, 200));
        packet(30_000, true, "0000 0065" + frame.substring(202));
        assertThat(script.payloads()).containsExactly(frame, frame, frame);
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(4_410L, 5_562L, 9_800L);
        assertThat(script.repairs).containsExactly(Repair.MALFORMED_TAG);
    }

    @Test
    void layerIiIsNamedAndLeftOut() {
        depacketizer = with("MPA/90000", "");
        packet(0, true, "0000 0000 fffd8004 0000");
        packet(0, true, "0000 0000 fffd8004 0000");
        assertThat(script.leftOut).containsExactly("MPEG audio layer II");
        assertThat(script.tracks).isEmpty();
    }
}
