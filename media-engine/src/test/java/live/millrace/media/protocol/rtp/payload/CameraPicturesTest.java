// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Base64;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures as cameras send them, not as the payload formats of H.264 (RFC 6184) and H.265 (RFC 7798) have them. */
class CameraPicturesTest {
    private static final String SPS = SampleMedia.SPS;
    private static final String PPS = SampleMedia.PPS;

    /** Slices: reference and key, reference, disposable; the second byte says that they are the first of their pictures. */
    private static final String IDR = "65888080";

    private static final String P = "41888081";
    private static final String B = "01888082";

    private final RtpScript script = new RtpScript();
    private Depacketizer depacketizer = with("packetization-mode=1");

    @AfterEach
    void release() {
        depacketizer.release();
    }

    private Depacketizer with(String parameters) {
        return PayloadFormats.depacketizer(0, RtpScript.format("H264/90000", parameters), script);
    }

    private void packet(long time, boolean marker, String hex) {
        depacketizer.packet(
                new RtpPacket(marker, 96, 0, time, 1, Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex))), time);
    }

    private void sets(long time) {
        packet(time, false, SPS);
        packet(time, false, PPS);
    }

    private static String sized(String... nalUnits) {
        StringBuilder out = new StringBuilder();
        for (String each : nalUnits) {
            out.append("%08x".formatted(each.length() / 2)).append(each);
        }
        return out.toString();
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(ByteBufUtil.decodeHexDump(hex));
    }

    @Test
    void readsEveryKindOfPacket() {
        packet(0, false, "18" + "0019" + SPS + "0004" + PPS + "0004" + IDR);
        packet(0, true, "41000102");
        packet(3_000, false, "7c81" + "8801");
        packet(3_000, false, "7c01" + "02");
        packet(3_000, true, "7c41" + "03");
        assertThat(script.payloads()).containsExactly(sized(IDR, "41000102"), sized("6188010203"));
        assertThat(script.frames).extracting(MediaFrame::randomAccessPoint).containsExactly(true, false);
        assertThat(((TrackFormat.Video) script.tracks.getFirst().format()).width())
                .isEqualTo(640);
    }

    /** FLIR M400: no packet is marked. */
    @Test
    void anAccessUnitEndsWithItsTime() {
        sets(0);
        packet(0, false, IDR);
        packet(3_000, false, P);
        packet(6_000, false, P);
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(0L, 3_000L);
    }

    /** Reolink (retina #13): the sets have the time of the picture before, and a marker. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void setsUnderThePreviousTimeBelongToTheNextPicture(boolean marked) {
        sets(0);
        packet(0, true, IDR);
        packet(3_000, marked, P);
        packet(3_000, false, SampleMedia.WIDE_SPS);
        packet(3_000, marked, PPS);
        packet(6_000, true, IDR);
        assertThat(script.payloads()).containsExactly(sized(IDR), sized(P), sized(IDR));
        assertThat(script.frames.stream()
                        .map(frame -> ((TrackFormat.Video) frame.track().format()).width()))
                .containsExactly(640, 640, 1280);
        assertThat(script.tracks).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"00000001", "000001"})
    void startCodesInsideAPayloadSeparateNalUnits(String startCode) {
        packet(0, true, startCode + SPS + startCode + PPS + startCode + IDR);
        packet(3_000, true, startCode + P);
        // as one NAL unit, whose type is that of the first
        packet(6_000, true, SPS + startCode + PPS + startCode + IDR);
        assertThat(script.payloads()).containsExactly(sized(IDR), sized(P), sized(IDR));
        assertThat(script.tracks).hasSize(1);
    }

    /** Gone: sprop of Hikvision, VStarcam and others (mediamtx #861, FFmpeg 181): nothing refuses, the sets in band are taken (#787). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "packetization-mode=1",
                "sprop-parameter-sets=",
                "sprop-parameter-sets=,",
                "sprop-parameter-sets=Z0LAHtoCgL/lwEQAAAMABAAAAwDIPFi6gA==,",
                "sprop-parameter-sets=!!!,@@@",
                "sprop-parameter-sets=AAAAAQ==,AAAAAQ==",
                "sprop-parameter-sets=Z0IA,aM4P",
                "packetization-mode=0;sprop-parameter-sets=Zg==",
            })
    void waitsForSetsInBand(String parameters) {
        depacketizer = with(parameters);
        packet(0, true, IDR);
        packet(3_000, true, P);
        assertThat(script.tracks).isEmpty();
        sets(6_000);
        packet(6_000, true, IDR);
        assertThat(script.payloads()).containsExactly(sized(IDR));
    }

    /** Axis and Siqura say them nowhere else (janus #849); some with start codes in front. */
    @ParameterizedTest
    @CsvSource({"''", "00000001", "000001"})
    void takesSetsOutOfTheDescription(String startCode) {
        depacketizer = with("sprop-parameter-sets=" + base64(startCode + SPS) + "," + base64(startCode + PPS));
        packet(0, true, IDR);
        assertThat(script.payloads()).containsExactly(sized(IDR));
        // what comes in band wins
        packet(3_000, true, SampleMedia.WIDE_SPS);
        packet(6_000, true, IDR);
        assertThat(((TrackFormat.Video) script.tracks.getLast().format()).width())
                .isEqualTo(1280);
    }

    @Test
    void aBrokenSetTakesNoGoodOnesPlace() {
        sets(0);
        packet(0, true, IDR);
        packet(3_000, false, "6742c0");
        packet(3_000, true, P);
        assertThat(script.payloads()).containsExactly(sized(IDR), sized(P));
        assertThat(script.tracks).hasSize(1);
        assertThat(script.repairs).containsExactly(Repair.MALFORMED_TAG);
    }

    @Test
    void delimitersAndFillerAreLeftOut() {
        sets(0);
        packet(0, false, "09f0");
        packet(0, false, "06050102");
        packet(0, false, "0cffff80");
        packet(0, true, IDR);
        packet(3_000, false, P);
        packet(3_000, false, "09f0"); // the next picture begins here, whatever its time
        packet(3_000, true, P);
        assertThat(script.payloads()).containsExactly(sized("06050102", IDR), sized(P), sized(P));
    }

    @Test
    void startsAtARecoveryPointWhereThereIsNoIdr() {
        sets(0);
        packet(0, true, P);
        packet(3_000, false, "0606018480"); // recovery_frame_cnt 0
        packet(3_000, true, P);
        assertThat(script.frames).hasSize(1);
        assertThat(script.frames.getFirst().randomAccessPoint()).isTrue();
    }

    @Test
    void aLostReferenceCostsAllUpToTheNextKeyFrame() {
        sets(0);
        packet(0, true, IDR);
        packet(3_000, false, "7c81" + "8801");
        depacketizer.lost();
        packet(3_000, true, "7c41" + "03");
        packet(6_000, true, P);
        packet(9_000, true, IDR);
        packet(12_000, true, P);
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(0L, 9_000L, 12_000L);
    }

    @Test
    void aLostPictureThatNobodyRefersToCostsItselfAlone() {
        sets(0);
        packet(0, true, IDR);
        packet(3_000, false, B);
        depacketizer.lost();
        packet(3_000, true, "01000083");
        packet(6_000, true, P);
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(0L, 6_000L);
    }

    @Test
    void aPictureWhoseBeginningIsLostIsNone() {
        sets(0);
        packet(0, true, IDR);
        depacketizer.lost();
        packet(6_000, true, "65000084"); // a later slice of a key frame
        packet(9_000, true, P);
        packet(12_000, true, IDR);
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(0L, 12_000L);
    }

    @ParameterizedTest
    @CsvSource({"7c", "7c81", "1a0000", "1900020102", "1d8100", "18ffff00", "1f00"})
    void aBrokenPacketCostsItsAccessUnit(String hex) {
        sets(0);
        packet(0, true, IDR);
        packet(3_000, true, hex);
        packet(6_000, true, P);
        packet(9_000, true, IDR);
        assertThat(script.frames.getLast().decodeTime()).isEqualTo(9_000);
        assertThat(script.frames.getLast().randomAccessPoint()).isTrue();
    }

    /** Sent to keep a way through a router open; the picture around them is whole. */
    @Test
    void emptyPacketsSayNothing() {
        sets(0);
        packet(0, false, "7c85" + "8801");
        packet(0, false, "");
        packet(0, true, "7c45" + "02");
        assertThat(script.payloads()).containsExactly(sized("65880102"));
        assertThat(script.repairs).isEmpty();
    }

    @Test
    void aNalUnitWhoseEndNeverComesCostsItsAccessUnit() {
        sets(0);
        packet(0, true, IDR);
        packet(3_000, false, P);
        packet(3_000, false, "7c81" + "0801"); // a second slice, in part
        packet(6_000, true, P);
        packet(9_000, true, IDR);
        assertThat(script.frames).extracting(MediaFrame::decodeTime).containsExactly(0L, 9_000L);
    }

    /** 8 MiB is the end of an access unit that never ends. */
    @Test
    void anAccessUnitIsBounded() {
        sets(0);
        packet(0, false, IDR);
        String part = "7c01" + "ab".repeat(60_000);
        packet(0, false, "7c81" + "88");
        for (int i = 0; i < 150; i++) {
            packet(0, false, part);
        }
        assertThat(script.repairs).contains(Repair.MALFORMED_TAG);
        packet(3_000, true, IDR);
        assertThat(script.payloads()).containsExactly(sized(IDR));
    }

    /** RFC 7798 §7.1: packets out of the order of decoding carry numbers that we do not read. */
    @Test
    void decodingOrderNumbersAreRefused() {
        PayloadFormat described = RtpScript.format("H265/90000", "sprop-max-don-diff=2");
        assertThatThrownBy(() -> PayloadFormats.depacketizer(0, described, script))
                .isInstanceOf(UnsupportedMediaException.class);
        assertThatThrownBy(() -> PayloadFormats.depacketizer(0, RtpScript.format("JPEG/90000", ""), script))
                .isInstanceOf(UnsupportedMediaException.class)
                .hasMessage("JPEG");
    }

    /** B pictures: decode times step evenly and lie before presentation times. */
    @Test
    void decodeTimesAreMadeFromPresentationTimes() {
        DecodeTimes times = new DecodeTimes();
        times.depth(1, 10);
        assertThat(List.of(0L, 30L, 10L, 20L, 60L, 40L, 50L).stream().map(times::next))
                .containsExactly(-10L, 0L, 10L, 20L, 30L, 40L, 50L);
    }

    @Test
    void moreReorderingThanWasSaidIsLearned() {
        DecodeTimes times = new DecodeTimes();
        times.depth(0, 10);
        assertThat(List.of(0L, 30L, 10L, 20L, 60L, 40L, 50L).stream().map(times::next))
                .containsExactly(0L, 30L, 31L, 32L, 33L, 40L, 50L)
                .isSorted();
    }

    @Test
    void aJumpBeginsAnotherLineOfDecodeTimes() {
        DecodeTimes times = new DecodeTimes();
        times.depth(1, 3_000);
        times.next(0);
        assertThat(times.next(9_000_000)).isEqualTo(9_000_000 - 3_000);
        assertThat(times.next(9_003_000)).isEqualTo(9_000_000);
    }
}
