// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import live.millrace.media.codec.av1.Av1CodecConfigurationRecord;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h264.SequenceParameterSet;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.vp8.Vp8;
import live.millrace.media.codec.vp9.Vp9;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records made of what a stream itself brings are those that FFmpeg wrote of the same stream. */
class RecordsOfParameterSetsTest {
    private static final String VPS = "40010c01ffff01600000030090000003000003003c959409";
    private static final String SPS =
            "42010101600000030090000003000003003ca00a080c1f3e595952930bc05a020000030002000003001e10";
    private static final String PPS = "4401c073c189";

    private static byte[] hex(String hex) {
        return ByteBufUtil.decodeHexDump(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "0164000cffe1001a6764000cacd941419f9f011000000300100000030320f142996001000668ebe3cb22c0fdf8f800, 2",
        "016e000cffe1001a676e000ca6cd941419f9f011000003000100000300320f14299601000668ebe3cb22c0fdfafa00, 2",
        "017a000cffe1001a677a000cbcd941419f8dc044000003000400000300c83c50a65801000668ebe3cb22c0fef8f800, 2",
        "01640015ffe1001967640015acd941433f260220000003002000000643e28532c001000668fba3cb22c0fdf8f800, 2",
    })
    void ofH264(String record, int reordered) {
        AvcDecoderConfigurationRecord read = AvcDecoderConfigurationRecord.parse(Unpooled.wrappedBuffer(hex(record)));
        List<byte[]> sets = read.parameterSets();
        assertThat(AvcDecoderConfigurationRecord.of(sets.subList(0, 1), sets.subList(1, 2)))
                .isEqualTo(read);
        assertThat(read.sequenceParameterSet().reorderedFrames()).hasValue(reordered);
    }

    /** Baseline has no B slices, and says nothing of chroma. */
    @Test
    void ofH264Baseline() {
        AvcDecoderConfigurationRecord record =
                AvcDecoderConfigurationRecord.of(List.of(hex(SampleMedia.SPS)), List.of(hex(SampleMedia.PPS)));
        assertThat(record).isEqualTo(AvcDecoderConfigurationRecord.parse(SampleMedia.avcC()));
        assertThat(record.sequenceParameterSet().reorderedFrames()).hasValue(0);
    }

    /** A stream that does not tell how it reorders: the VUI cut off, and its flag with it. */
    @Test
    void ofH264ThatDoesNotTellItsReordering() {
        byte[] whole = hex("6764000cacd941419f9f011000000300100000030320f1429960");
        assertThat(SequenceParameterSet.parse(whole).reorderedFrames()).hasValue(2);
        assertThat(SequenceParameterSet.parse(Arrays.copyOf(whole, 20)).reorderedFrames())
                .isEmpty();
        assertThat(SequenceParameterSet.parse(Arrays.copyOf(whole, 20)).width()).isEqualTo(320);
    }

    @Test
    void ofH265() {
        HevcDecoderConfigurationRecord record =
                HevcDecoderConfigurationRecord.of(List.of(hex(VPS)), List.of(hex(SPS)), List.of(hex(PPS)));
        ByteBuf written = Unpooled.buffer();
        record.write(written);
        assertThat(ByteBufUtil.hexDump(written))
                .isEqualTo("0101600000009000000000003cf000fcfdf8f800000f03" + "a00001" + "0018" + VPS + "a10001"
                        + "002b" + SPS + "a20001" + "0006" + PPS);
        assertThat(record.width()).isEqualTo(320);
        assertThat(record.height()).isEqualTo(180);
        assertThat(record.reorderedPictures()).isEqualTo(2);
        assertThatThrownBy(() -> HevcDecoderConfigurationRecord.of(List.of(), List.of(hex("4201")), List.of()))
                .isInstanceOf(MalformedMediaException.class);
    }

    /** libaom: 4:2:0 of 8 bits, 4:4:4 of 10, monochrome, 4:2:2 of 12. */
    @ParameterizedTest
    @CsvSource({
        "81000c00, 00000002afff9b5f2008",
        "81204000, 20000002afff9b5f2840",
        "81001c00, 00000002afff9b5f2540",
        "81406800, 40000002afff9b5f2c44",
    })
    void ofAv1(String record, String sequenceHeader) {
        ByteBuf written = Unpooled.buffer();
        Av1CodecConfigurationRecord.of(hex(sequenceHeader)).write(written);
        assertThat(ByteBufUtil.hexDump(written)).isEqualTo(record + "0a0a" + sequenceHeader);
        byte[] whole = hex(sequenceHeader);
        for (int length = 0; length < 9; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Av1CodecConfigurationRecord.of(cut)).isInstanceOf(MalformedMediaException.class);
        }
    }

    /** Key frames of profiles 0 and 3, and what is none. */
    @ParameterizedTest
    @CsvSource({
        "8249834200, '',                          ''",
        "824983420013f00b3000, vp09.00.10.08, HALF",
        "8600400000000000000000, '', ''",
    })
    void ofVp9(String frame, String codec, String chroma) {
        var format = Vp9.Format.ofKeyFrame(Unpooled.wrappedBuffer(hex(frame)));
        assertThat(format.map(TrackFormat::codecString).orElse("")).isEqualTo(codec);
        assertThat(format.map(each -> each.picture().chroma().name()).orElse(""))
                .isEqualTo(chroma);
    }

    /** RFC 6386 §9.1: a key frame of 320 × 180, one that asks to be shown larger, of version 3; and what is none. */
    @ParameterizedTest
    @CsvSource({
        "300000 9d012a 4001b400 00,    vp08.00.10.08 320x180",
        "300000 9d012a 4041b4c0 00,    vp08.00.10.08 320x180",
        "360000 9d012a 4001b400 00,    vp08.03.10.08 320x180",
        "310000 9d012a 4001b400 00,    ''", // refers to others
        "380000 9d012a 4001b400 00,    ''", // of no version that there is
        "300000 9d012b 4001b400 00,    ''", // without the start code
        "500000 9d012a 4001b400 00,    ''", // its first partition is cut
        "300000 9d012a 0000b400 00,    ''", // without a size
        "300000 9d012a 4001b4,         ''",
        "30,                           ''",
    })
    void ofVp8(String frame, String told) {
        var bytes = Unpooled.wrappedBuffer(hex(frame.replace(" ", "")));
        int size = bytes.readableBytes();
        assertThat(Vp8.Format.ofKeyFrame(bytes)
                        .map(format -> format.codecString() + " " + format.width() + "x" + format.height())
                        .orElse(""))
                .isEqualTo(told);
        assertThat(bytes.readableBytes()).as("it is not moved").isEqualTo(size);
    }
}
