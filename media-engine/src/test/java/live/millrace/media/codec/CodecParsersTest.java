// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.av1.Av1CodecConfigurationRecord;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.LengthPrefixed;
import live.millrace.media.codec.h264.SequenceParameterSet;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.mp3.Mp3FrameHeader;
import live.millrace.media.codec.vp.VpCodecConfigurationRecord;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecParsersTest {

    @Test
    void readsSizeAndRateOfASequenceParameterSet() {
        SequenceParameterSet sps = SequenceParameterSet.parse(ByteBufUtil.decodeHexDump(SampleMedia.SPS));
        assertThat(sps.width()).isEqualTo(640);
        assertThat(sps.height()).isEqualTo(360);
        assertThat(sps.profileIdc()).isEqualTo(66);
        assertThat(sps.frameRate()).hasValue(25);
    }

    /** As x264, x265 and libvpx wrote them. */
    @ParameterizedTest
    @CsvSource({
        "avcC, 0164000cffe1001a6764000cacd941419f9f011000000300100000030320f142996001000668ebe3cb22c0fdf8f800, 8, HALF, false",
        "avcC, 01f4000cffe1001967f4000c919b282833f1b808800000030080000019078a14cb01000668ebe3c44844fff8f800, 8, FULL, false",
        "avcC, 016e000cffe1001a676e000ca6cd941419f9f011000003000100000300320f14299601000668ebe3cb22c0fdfafa00, 10, HALF, false",
        "avcC, 017a000cffe1001a677a000cbcd941419f8dc044000003000400000300c83c50a65801000668ebe3cb22c0fef8f800, 8, HALF_ACROSS, false",
        "avcC, 01640015ffe1001967640015acd941433f260220000003002000000643e28532c001000668fba3cb22c0fdf8f800, 8, HALF, true",
        "avcC, 0164000cffe100196764000cf36505067e37016c800000030080000019078a14cb01000668ebe3cb22c0fcf8f800, 8, MONOCHROME, false",
        "hvcC, 0102200000009000000000003cf000fcfdfafa00000f01210001002b42010102200000030090000003000003003ca00a080c1f3b6595952930bc05a02000000300200000030321, 10, HALF, false",
        "hvcC, 0104080000009e08000000003cf000fcfff8f800000f01210001002b4201010408000003009e0800000300003c9001410183e372caca94985e02d0100000030010000003019080, 8, FULL, false",
        "hvcC, 0101600000004000000000003cf000fcfdf8f800000f01210001002b42010101600000030040000003000003003ca00a080c1f3e595952930bc05a1a0000030002000003003210, 8, HALF, true",
        "vpcC, 01000000000b820202020000, 8, HALF, false",
        "vpcC, 01000000010b860202020000, 8, FULL, false",
        "vpcC, 01000000020ba20202020000, 10, HALF, false",
        "av1C, 81000c00, 8, HALF, false",
        "av1C, 81204000, 10, FULL, false",
        "av1C, 81406800, 12, HALF_ACROSS, false",
    })
    void tellsHowSamplesAreLaidOut(
            String box, String record, int bitDepth, PictureFormat.Chroma chroma, boolean interlaced) {
        PictureFormat picture = switch (box) {
            case "avcC" ->
                AvcDecoderConfigurationRecord.parse(hex(record))
                        .sequenceParameterSet()
                        .picture();
            case "hvcC" -> HevcDecoderConfigurationRecord.parse(hex(record)).picture();
            case "vpcC" -> VpCodecConfigurationRecord.parse(hex(record)).picture();
            default -> Av1CodecConfigurationRecord.parse(hex(record)).picture();
        };
        assertThat(picture).isEqualTo(new PictureFormat(bitDepth, chroma, interlaced));
    }

    @Test
    void aConfigurationRecordIsEqualToItsRepetition() {
        AvcDecoderConfigurationRecord record = AvcDecoderConfigurationRecord.parse(SampleMedia.avcC());
        assertThat(record).isEqualTo(AvcDecoderConfigurationRecord.parse(SampleMedia.avcC()));
        assertThat(record.codecString()).isEqualTo("avc1.42C01E");
        assertThat(record.lengthSize()).isEqualTo(4);
        assertThat(record.parameterSets()).hasSize(2);
    }

    @Test
    void everyCutOfAConfigurationRecordIsMalformed() {
        ByteBuf whole = SampleMedia.avcC();
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf cut = whole.copy(0, length);
            assertThatThrownBy(() -> AvcDecoderConfigurationRecord.parse(cut))
                    .isInstanceOf(MalformedMediaException.class);
        }
    }

    @Test
    void annexBHasOneDelimiterAndTheParameterSetsBeforeAKeyFrame() {
        AvcDecoderConfigurationRecord record = AvcDecoderConfigurationRecord.parse(SampleMedia.avcC());
        ByteBuf out = Unpooled.buffer();
        // The encoder's own delimiter goes, an empty NAL unit as well.
        LengthPrefixed.toAnnexB(hex("00000002 09f0 00000000 00000003 658880"), record, true, out);
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("0000000109f000000001" + SampleMedia.SPS + "00000001" + SampleMedia.PPS + "00000001658880");
        out.clear();
        // GStreamer brings its own sets: they are not written twice.
        LengthPrefixed.toAnnexB(hex("00000003 674000 00000003 658880"), record, true, out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0000000109f0" + "00000001674000" + "00000001658880");
    }

    @Test
    void lengthsMustFillTheAccessUnitExactly() {
        assertThatThrownBy(() -> LengthPrefixed.inspect(hex("00000004 658880"), 4))
                .isInstanceOf(MalformedMediaException.class);
        assertThatThrownBy(() -> LengthPrefixed.inspect(hex("00000003 658880 0000"), 4))
                .isInstanceOf(MalformedMediaException.class);
        assertThat(LengthPrefixed.inspect(hex("0003 658880"), 2).idr()).isTrue();
        assertThat(LengthPrefixed.inspect(hex("00000000"), 4).empty()).isTrue();
        assertThat(LengthPrefixed.inspect(hex("00000003 060601"), 4).mayStart()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1210,     44100, 2, mp4a.40.2, fff15080013ffc",
        "1190,     48000, 2, mp4a.40.2, fff14c80013ffc",
        "2b920800, 22050, 2, mp4a.40.2, fff15c80013ffc",
    })
    void readsAudioSpecificConfigAndWritesAdtsOfTheCoreCodec(
            String asc, int rate, int channels, String codec, String adts) {
        AudioSpecificConfig config = AudioSpecificConfig.parse(hex(asc));
        assertThat(config.sampleRate()).isEqualTo(rate);
        assertThat(config.channels()).isEqualTo(channels);
        assertThat(config.codecString()).isEqualTo(codec);
        ByteBuf header = Unpooled.buffer();
        config.writeAdtsHeader(2, header);
        assertThat(ByteBufUtil.hexDump(header)).isEqualTo(adts);
    }

    @ParameterizedTest
    @CsvSource({
        "1188, 1, true",
        "11b0, 6, true",
        "11b8, 8, true",
        "11d8, 7, false",
        "11e0, 8, false",
        SampleMedia.SURROUND_ASC + ", 7, false"
    })
    void countsChannels(String asc, int channels, boolean fitsAdts) {
        AudioSpecificConfig config = AudioSpecificConfig.parse(hex(asc));
        assertThat(config.channels()).isEqualTo(channels);
        assertThat(config.fitsAdts()).isEqualTo(fitsAdts);
    }

    @ParameterizedTest
    @CsvSource({"12", "''", "1680", "1600", "f8"})
    void refusesWhatAdtsCannotCarry(String asc) {
        assertThatThrownBy(() -> AudioSpecificConfig.parse(hex(asc)))
                .isInstanceOfAny(MalformedMediaException.class, UnsupportedMediaException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "fffb9000, true,  44100, 2, 417",
        "fffb9400, true,  48000, 2, 384",
        "fff38000, false, 22050, 2, 208",
        "fffb90c0, true,  44100, 1, 417",
    })
    void readsMp3Headers(String hex, boolean mpeg1, int rate, int channels, int length) {
        assertThat(Mp3FrameHeader.parse(hex(hex), 0)).isEqualTo(new Mp3FrameHeader(mpeg1, rate, channels, length));
    }

    @ParameterizedTest
    @CsvSource({"ffea9000", "fffd9000", "fffbf000", "fffb9c00", "00000000", "fffb"})
    void refusesWhatIsNoMp3Header(String hex) {
        assertThatThrownBy(() -> Mp3FrameHeader.parse(hex(hex), 0)).isInstanceOf(MalformedMediaException.class);
    }

    @FuzzTest(maxDuration = "60s")
    void configurationRecordsFailCleanly(byte[] bytes) {
        cleanly(() -> AvcDecoderConfigurationRecord.parse(Unpooled.wrappedBuffer(bytes)));
    }

    @FuzzTest(maxDuration = "60s")
    void sequenceParameterSetsFailCleanly(byte[] bytes) {
        cleanly(() -> SequenceParameterSet.parse(bytes));
    }

    @FuzzTest(maxDuration = "60s")
    void audioSpecificConfigsFailCleanly(byte[] bytes) {
        cleanly(() -> AudioSpecificConfig.parse(Unpooled.wrappedBuffer(bytes)));
    }

    private static void cleanly(Runnable parse) {
        try {
            parse.run();
        } catch (MalformedMediaException | UnsupportedMediaException expected) {
            // what a peer's mistake may cost
        }
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }
}
