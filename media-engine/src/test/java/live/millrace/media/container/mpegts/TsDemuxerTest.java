// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.ac3.Ac3;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ISO/IEC 13818-1 read back, rule by rule. */
class TsDemuxerTest {
    private static final int VIDEO_PID = 0x100;
    private static final int AUDIO_PID = 0x101;
    private static final int MAP_PID = 0x1000;
    private static final String SETS = "00000001" + SampleMedia.SPS + "00000001" + SampleMedia.PPS;
    private static final String KEY = "0000000109f0" + SETS + "0000000165888001";
    private static final String NEXT = "0000000109f0" + "00000001419a8002";

    private final Demuxed found = new Demuxed();
    private final TsDemuxer demuxer = new TsDemuxer(found);
    private final TsPacketWriter pat = new TsPacketWriter(0);
    private final TsPacketWriter map = new TsPacketWriter(MAP_PID);
    private final TsPacketWriter video = new TsPacketWriter(VIDEO_PID);
    private final TsPacketWriter audio = new TsPacketWriter(AUDIO_PID);
    private final ByteBuf out = Unpooled.buffer();

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
    }

    private void tables(int mapPid, String streams) {
        pat.write(TsTables.section("00 0000 0001 c1 0000 0001 " + hexShort(0xE000 | mapPid)), false, false, -1, out);
        new TsPacketWriter(mapPid)
                .write(TsTables.section("02 0000 0001 c1 0000 e100 f000" + streams), false, false, -1, out);
    }

    private void tables(String streams) {
        pat.write(TsTables.section("00 0000 0001 c1 0000 0001 f000"), false, false, -1, out);
        map.write(TsTables.section("02 0000 0001 c1 0000 e100 f000" + streams), false, false, -1, out);
    }

    private static String hexShort(int value) {
        return "%04x".formatted(value);
    }

    /** A PES packet. */
    private static ByteBuf pes(int streamId, boolean bounded, long time, String payload) {
        ByteBuf body = hex(payload);
        ByteBuf pes = Unpooled.buffer().writeMedium(1).writeByte(streamId);
        int head = time < 0 ? 0 : 5;
        pes.writeShort(bounded ? 3 + head + body.readableBytes() : 0).writeByte(0x80);
        pes.writeByte(time < 0 ? 0 : 0x80).writeByte(head);
        if (time >= 0) {
            pes.writeByte((int) (0x20 | (time >>> 30 & 7) << 1 | 1));
            pes.writeShort((int) ((time >>> 15 & 0x7FFF) << 1 | 1)).writeShort((int) ((time & 0x7FFF) << 1 | 1));
        }
        return pes.writeBytes(body);
    }

    private void picture(long time, String payload) {
        video.write(pes(0xE0, false, time, payload), false, false, -1, out);
    }

    private void demux() {
        demuxer.take(out);
        out.clear();
    }

    private void finish() {
        demux();
        demuxer.end();
    }

    // ---- every codec ------------------------------------------------------------------------------------------

    static Stream<Arguments> formats() {
        TrackFormat h265 = new H265.Format(HevcDecoderConfigurationRecord.parse(hex(
                "0101600000004000000000003cf000fcfdf8f800000f03200001001840010c01ffff01600000030040000003000003003c95c09021"
                        + "0001002b42010101600000030040000003000003003ca00a080c1f3e595952930bc05a1a0000030002000003003210"
                        + "2200010007 4401c172b46240")));
        TrackFormat ac3 = Ac3.AC3.format(hex("0b77 0000 00 40 43 e1"), 2);
        TrackFormat eac3 = Ac3.EAC3.format(hex("0b77 0003 3f 80 00 00"), 2);
        return Stream.of(
                Arguments.of(SampleTracks.VIDEO.format(), List.of("00000004 65888001", "00000003 419a02")),
                Arguments.of(h265, List.of("00000004 2601af08", "00000004 0201d002")),
                Arguments.of(SampleTracks.AUDIO.format(), List.of("21004f80", "21004f81")),
                Arguments.of(
                        Mp3.CODEC.format(hex("fffb1064"), 2),
                        List.of("fffb1064" + "00".repeat(100), "fffb1064" + "01".repeat(100))),
                Arguments.of(
                        new Opus.Format(new OpusHead(2, 0, 48_000, 0, 0, List.of())),
                        List.of("fc112233", "fc" + "44".repeat(600))),
                Arguments.of(
                        new Opus.Format(new OpusHead(
                                6,
                                0,
                                48_000,
                                0,
                                1,
                                List.of((byte) 4, (byte) 2, (byte) 0, (byte) 4, (byte) 1, (byte) 2, (byte) 3, (byte)
                                        5))),
                        List.of("fc112233")),
                Arguments.of(
                        ac3,
                        List.of(
                                "0b77 0000 00 40 43 e1" + "11".repeat(120),
                                "0b77 0000 00 40 43 e1" + "22".repeat(120))),
                Arguments.of(eac3, List.of("0b77 0003 3f 80 00 00", "0b77 0003 3f 80 11 11")));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatTheMuxerWritesComesBack(TrackFormat format, List<String> payloads) {
        Track track = new Track(format instanceof TrackFormat.Video ? Track.VIDEO : Track.AUDIO, format);
        for (int seed = 0; seed < 20; seed++) {
            TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
            muxer.tracks(List.of(track));
            ByteBuf written = Unpooled.buffer();
            muxer.startSegment(false, written);
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                ByteBuf payload = hex(payloads.get(i % payloads.size()));
                sent.add(ByteBufUtil.hexDump(payload));
                long time = (long) i * (format instanceof TrackFormat.Audio sound ? sound.samplesPerFrame() : 3_600);
                muxer.write(new MediaFrame(track, time, 0, i % payloads.size() == 0, payload), written);
            }
            byte[] bytes = new byte[written.readableBytes()];
            written.readBytes(bytes);
            Demuxed back = TsGoldenTest.demuxed(bytes, new Random(seed));
            assertThat(back.frames.stream().map(Demuxed.Found::payload)).isEqualTo(sent);
            assertThat(back.repairs).isEmpty();
            assertThat(back.tracks).hasSize(1);
            assertThat(back.tracks.getFirst().format().codecString()).isEqualTo(format.codecString());
            long step = back.frames.get(1).decode() - back.frames.get(0).decode();
            assertThat(back.frames.get(29).decode() - back.frames.get(0).decode())
                    .isBetween(29 * step - 30, 29 * step + 30);
        }
    }

    // ---- packets ----------------------------------------------------------------------------------------------

    /** Counters of tables run on or not, as they like: "continuity of PAT/PMT" (nginx-rtmp #64). */
    @Test
    void tablesNeedNoCounter() {
        for (int i = 0; i < 4; i++) {
            tables(MAP_PID, "1b e100 f000"); // a writer of its own each time: the counter stands at 0
            picture(i * 3_600L, i == 0 ? KEY : NEXT);
        }
        finish();
        assertThat(found.frames).hasSize(4);
        assertThat(found.repairs).isEmpty();
    }

    /** mpeg-ts-analyzer #47 */
    @Test
    void duplicatesAreReadOnce() {
        tables("1b e100 f000");
        demux();
        for (int i = 0; i < 4; i++) {
            picture(i * 3_600L, i == 0 ? KEY : NEXT);
            ByteBuf packet = out.copy();
            demux();
            demuxer.take(packet);
        }
        finish();
        assertThat(found.frames).hasSize(4);
        assertThat(found.repairs).isEmpty();
    }

    @Test
    void packetsWithErrorsAreThrownAwayAndWhatTheyWereOfWithThem() {
        tables("1b e100 f000");
        picture(0, KEY);
        int at = out.writerIndex();
        picture(3_600, "0000000109f0 00000001419a80" + "02".repeat(400));
        out.setByte(at + 188 + 1, out.getByte(at + 188 + 1) | 0x80);
        picture(7_200, NEXT);
        picture(10_800, KEY);
        finish();
        assertThat(found.frames).extracting(Demuxed.Found::decode).containsExactly(0L, 10_800L);
        assertThat(found.repairs).contains(Repair.PACKETS_LOST);
    }

    @Test
    void aSaidDiscontinuityIsNoLoss() {
        tables("1b e100 f000");
        picture(0, KEY);
        TsPacketWriter restarted = new TsPacketWriter(VIDEO_PID);
        restarted.write(pes(0xE0, false, 500, "0000000109f0"), false, false, -1, Unpooled.buffer());
        restarted.write(pes(0xE0, false, 501, "0000000109f0"), false, false, -1, Unpooled.buffer());
        restarted.write(pes(0xE0, false, 3_600, NEXT), false, true, -1, out);
        finish();
        assertThat(found.frames).hasSize(2);
        assertThat(found.repairs).isEmpty();
    }

    @Test
    void scrambledStreamsAreNamed() {
        tables("1b e100 f000");
        int at = out.writerIndex();
        picture(0, KEY);
        out.setByte(at + 3, out.getByte(at + 3) | 0x80);
        finish();
        assertThat(found.leftOut).containsExactly(new LeftOut(true, "scrambled", LeftOut.Cause.UNSUPPORTED));
    }

    // ---- tables -----------------------------------------------------------------------------------------------

    @Test
    void sectionsMayLieOverPacketsAndBeginAnywhere() {
        ByteBuf wide =
                TsTables.section("02 0000 0001 c1 0000 e100 f0c8" + "c8c6".concat("00".repeat(198)) + "1b e100 f000");
        pat.write(TsTables.section("00 0000 0001 c1 0000 0001 f000"), false, false, -1, out);
        map.write(wide, false, false, -1, out);
        picture(0, KEY);
        picture(3_600, NEXT);
        finish();
        assertThat(found.frames).hasSize(2);
    }

    /** gpac #3500 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1b e100 f0ff", // longer than the map
                "1b e100 f003 05ff00", // a descriptor longer than its loop
                "1b e100 f001 05", // half a descriptor
                "1b e1"
            })
    void brokenDescriptorLoopsCostTheMapAlone(String streams) {
        tables(streams);
        tables("1b e100 f000");
        picture(0, KEY);
        finish();
        assertThat(found.frames).hasSize(1);
        assertThat(found.repairs).isNotEmpty();
    }

    @Test
    void aSectionThatDoesNotCheckOutIsNone() {
        tables("1b e100 f000");
        out.setByte(188 + 12, 0x77);
        picture(0, KEY);
        finish();
        assertThat(found.tracks).isEmpty();
        assertThat(found.repairs).isNotEmpty();
    }

    @Test
    void theFirstProgramWithSomethingToShowPlays() {
        pat.write(
                TsTables.section("00 0000 0001 c1 0000 0000 e010 0001 e200 0002 e201 0003 e202"),
                false,
                false,
                -1,
                out);
        new TsPacketWriter(0x202)
                .write(TsTables.section("02 0000 0003 c1 0000 e100 f000 1b e110 f000"), false, false, -1, out);
        new TsPacketWriter(0x201)
                .write(TsTables.section("02 0000 0002 c1 0000 e100 f000 1b e100 f000"), false, false, -1, out);
        new TsPacketWriter(0x200)
                .write(TsTables.section("02 0000 0001 c1 0000 e100 f000 86 e1ff f000"), false, false, -1, out);
        // Maps come again, as they do.
        new TsPacketWriter(0x202)
                .write(TsTables.section("02 0000 0003 c1 0000 e100 f000 1b e110 f000"), false, false, -1, out);
        picture(0, KEY);
        finish();
        assertThat(found.frames).hasSize(1);
    }

    @Test
    void aNewMapKeepsWhatGoesOnAndBeginsWhatIsNew() {
        tables("1b e100 f000");
        picture(0, KEY);
        tables("1b e100 f000 0f e101 f000");
        picture(3_600, NEXT);
        audio.write(pes(0xC0, true, 3_600, "fff15080021ffc" + "21004f8021004f8021"), false, false, -1, out);
        finish();
        assertThat(found.of(Track.VIDEO)).hasSize(2);
        assertThat(found.of(Track.AUDIO)).hasSize(1);
        assertThat(found.tracks).hasSize(2);
    }

    /** The encoder was started anew: its tables stand elsewhere. */
    @Test
    void aNewMapPidBeginsAnew() {
        tables("1b e100 f000");
        picture(0, KEY);
        tables(0x1001, "1b e110 f000");
        TsPacketWriter other = new TsPacketWriter(0x110);
        other.write(pes(0xE0, false, 900_000_000L, KEY), false, false, -1, out);
        finish();
        assertThat(found.frames).extracting(Demuxed.Found::decode).containsExactly(0L, 900_000_000L);
    }

    @Test
    void whatIsNotCarriedIsNamedAndTheRestPlays() {
        tables("02 e102 f000 83 e103 f000 06 e104 f006 0504 41563031 86 e105 f000 06 e106 f000 1b e100 f000");
        picture(0, KEY);
        finish();
        assertThat(found.leftOut).extracting(LeftOut::what).containsExactly("MPEG-2 video", "TrueHD", "AV1");
        assertThat(found.frames).hasSize(1);
    }

    @Test
    void noMoreThanSixteenStreamsAreRead() {
        StringBuilder streams = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            streams.append("0f").append(hexShort(0xE200 + i)).append("f000");
        }
        tables(streams + "1b e100 f000");
        picture(0, KEY);
        finish();
        assertThat(found.frames).isEmpty();
    }

    // ---- PES --------------------------------------------------------------------------------------------------

    /** The end of a picture that does not say its length is where the next begins, whatever other streams do: mkvtoolnix #1553. */
    @Test
    void aPictureWithoutALengthEndsWithTheNextOfItsOwnStream() {
        tables("1b e100 f000 0f e101 f000");
        picture(0, KEY);
        audio.write(pes(0xC0, true, 0, "fff15080021ffc" + "21004f8021004f8021"), false, false, -1, out);
        demux();
        assertThat(found.of(Track.VIDEO)).isEmpty();
        picture(3_600, NEXT);
        demux();
        assertThat(found.of(Track.VIDEO)).hasSize(1);
        demuxer.end();
    }

    @Test
    void aPictureOfKnownLengthIsHandedOverAtOnceWhenPacketsHoldPictures() {
        tables("1b e100 f000");
        for (int i = 0; i < 20; i++) {
            video.write(pes(0xE0, true, i * 3_600L, i == 0 ? KEY : NEXT), false, false, -1, out);
            demux();
        }
        assertThat(found.frames).hasSize(20);
        demuxer.end();
        assertThat(found.frames).hasSize(20);
    }

    @Test
    void aPauseHandsOverWhatLooksWhole() {
        tables("1b e100 f000");
        picture(0, KEY);
        demux();
        demuxer.flush();
        assertThat(found.frames).hasSize(1);
        picture(3_600, NEXT);
        finish();
        assertThat(found.frames).hasSize(2);
        assertThat(found.repairs).isEmpty();
    }

    @Test
    void severalPicturesInOnePacketAreApart() {
        tables("1b e100 f000");
        picture(0, KEY + NEXT + NEXT);
        picture(10_800, NEXT);
        finish();
        assertThat(found.frames).extracting(Demuxed.Found::decode).containsExactly(0L, 3_600L, 7_200L, 10_800L);
    }

    @Test
    void onePictureMayLieOverSeveralPackets() {
        tables("1b e100 f000");
        for (int i = 0; i < 12; i++) {
            video.write(pes(0xE0, true, i * 3_600L, KEY.substring(0, 40)), false, false, -1, out);
            video.write(pes(0xE0, true, -1, KEY.substring(40)), false, false, -1, out);
        }
        finish();
        assertThat(found.frames).hasSize(12);
        assertThat(found.frames).allMatch(each -> each.payload().equals("0000000465888001"));
        assertThat(found.frames.get(11).decode()).isEqualTo(11 * 3_600L);
    }

    @Test
    void picturesWithoutStampsGoOnAtTheirRate() {
        tables("1b e100 f000");
        picture(0, KEY);
        picture(3_000, NEXT);
        picture(-1, NEXT);
        picture(9_000, NEXT);
        finish();
        assertThat(found.frames).extracting(Demuxed.Found::decode).isSorted();
        assertThat(found.frames).hasSize(4);
    }

    @Test
    void stampsGoOnOverTheirWrapInAllStreams() {
        long wrap = 1L << 33;
        tables("1b e100 f000 0f e101 f000");
        for (int i = 0; i < 6; i++) {
            picture(wrap - 9_000 + i * 3_600L & wrap - 1, KEY);
            audio.write(
                    pes(0xC0, true, wrap - 8_000 + i * 3_600L & wrap - 1, "fff15080021ffc" + "21004f8021004f8021"),
                    false,
                    false,
                    -1,
                    out);
        }
        finish();
        assertThat(found.of(Track.VIDEO).getLast().decode()).isEqualTo(wrap - 9_000 + 5 * 3_600);
        assertThat(found.of(Track.AUDIO).getLast().decode()).isBetween(wrap + 9_990L, wrap + 10_010L);
    }

    @Test
    void otherParameterSetsMakeAnotherTrack() {
        tables("1b e100 f000");
        picture(0, KEY);
        picture(3_600, KEY.replace(SampleMedia.SPS, SampleMedia.WIDE_SPS));
        finish();
        assertThat(found.tracks).hasSize(2);
        assertThat(((TrackFormat.Video) found.tracks.getLast().format()).width())
                .isEqualTo(1280);
        assertThat(found.frames).hasSize(2);
    }

    @Test
    void picturesBeforeTheFirstThatCanBeDecodedAreLeftAway() {
        tables("1b e100 f000");
        picture(0, NEXT);
        picture(3_600, "0000000109f0" + SETS + "00000001419a8002");
        picture(7_200, KEY);
        finish();
        assertThat(found.frames).extracting(Demuxed.Found::decode).containsExactly(7_200L);
    }

    @Test
    void framesOfSoundMayLieOverPackets() {
        tables("0f e101 f000");
        String frames = "fff15080021ffc21004f8021004f8021".repeat(7);
        audio.write(pes(0xC0, true, 0, frames.substring(0, 50)), false, false, -1, out);
        audio.write(pes(0xC0, true, 2_090, frames.substring(50)), false, false, -1, out);
        finish();
        assertThat(found.frames).hasSize(7);
        assertThat(found.repairs).isEmpty();
        assertThat(found.frames.get(1).decode()).isBetween(2_085L, 2_095L);
    }

    @Test
    void oneStrayHeadOfAnotherFormatChangesNothing() {
        tables("0f e101 f000");
        String good = "fff15080021ffc21004f8021004f8021";
        String stray = "fff14c80021ffc21004f8021004f8021";
        audio.write(pes(0xC0, true, 0, good + good + stray + good), false, false, -1, out);
        finish();
        assertThat(found.tracks).hasSize(1);
        assertThat(found.frames).hasSize(3);
    }

    @Test
    void rubbishIsTold() {
        byte[] bytes = new byte[300_000];
        new Random(5).nextBytes(bytes);
        demuxer.take(Unpooled.wrappedBuffer(bytes));
        demuxer.end();
        assertThat(found.repairs).hasSizeGreaterThan(10);
        assertThat(demuxer.isLocked()).isFalse();
    }
}
