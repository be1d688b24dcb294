// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.StreamType;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.h264.H264;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The table of codecs is complete, and each name in it means one codec. */
class CodecTableTest {
    private static final CodecTable TABLE = CodecTable.ALL;
    private static final List<CodecEntry> ENTRIES = TABLE.entries();

    /** What the specifications say, again: FourCC, id (FLV 10.1 §E.4), sample entry, stream types. */
    @ParameterizedTest
    @CsvSource({
        "H.264,       avc1, '7',     avc1/avcC, '1b'",
        "H.265,       hvc1, '12',    hvc1/hvcC, '24 HEVC'",
        "AV1,         av01, '',      av01/av1C, ''",
        "VP9,         vp09, '',      vp09/vpcC, ''",
        "VP8,         vp08, '',      vp08/vpcC, ''",
        "AAC,         mp4a, '10',    mp4a/esds, '0f'",
        "MP3,         .mp3, '2 14',  mp4a/esds, '03, 04'",
        "Opus,        Opus, '',      Opus/dOps, '06 Opus'",
        "FLAC,        fLaC, '',      fLaC/dfLa, ''",
        "AC-3,        ac-3, '',      ac-3/dac3, '81 AC-3'",
        "E-AC-3,      ec-3, '',      ec-3/dec3, '87 EAC3'",
        "G.711 A-law, '',   '7',     alaw,      ''",
        "G.711 µ-law, '',   '8',     ulaw,      ''",
    })
    void hasTheNamesOfTheSpecifications(
            String name, String fourCc, String ids, String sampleEntry, String streamTypes) {
        CodecEntry codec = ENTRIES.stream()
                .filter(entry -> entry.displayName().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(codec.flv().fourCc().map(FourCc::text).orElse("")).isEqualTo(fourCc);
        assertThat(String.join(
                        " ", codec.flv().ids().stream().map(String::valueOf).toList()))
                .isEqualTo(ids);
        SampleEntryType entry = codec.sampleEntry();
        assertThat(entry.type() + entry.configurationBox().map(box -> "/" + box).orElse(""))
                .isEqualTo(sampleEntry);
        assertThat(String.join(
                        ", ",
                        codec.streamTypes().stream().map(CodecTableTest::text).toList()))
                .isEqualTo(streamTypes);
    }

    private static String text(StreamType type) {
        return "%02x%s"
                .formatted(
                        type.code(), type.registration().map(each -> " " + each).orElse(""));
    }

    @Test
    void namesThirteenCodecs() {
        assertThat(ENTRIES).hasSize(13).doesNotHaveDuplicates();
        assertThat(ENTRIES.stream().map(CodecEntry::displayName)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("ENTRIES")
    void findsEachByEveryName(CodecEntry codec) {
        codec.flv()
                .fourCc()
                .ifPresent(fourCc -> assertThat(
                                switch (codec) {
                                    case CodecEntry.Video _ -> TABLE.video(fourCc);
                                    case CodecEntry.Audio _ -> TABLE.audio(fourCc);
                                })
                        .isSameAs(codec));
        for (int id : codec.flv().ids()) {
            Optional<? extends CodecEntry> found = switch (codec) {
                case CodecEntry.Video _ -> TABLE.video(id);
                case CodecEntry.Audio _ -> TABLE.audio(id);
            };
            assertThat(found.orElseThrow()).isSameAs(codec);
        }
    }

    @Test
    void everyIdMeansOneCodecOrNone() {
        List<CodecEntry> found = new ArrayList<>();
        for (int id = 0; id < 16; id++) {
            TABLE.video(id).ifPresent(found::add);
            TABLE.audio(id).ifPresent(found::add);
        }
        assertThat(found).hasSize(7); // MP3 has two
    }

    @Test
    void everyStreamTypeAndSampleEntryMeansOneCodec() {
        assertThat(ENTRIES.stream().flatMap(codec -> codec.streamTypes().stream()))
                .doesNotHaveDuplicates();
        // "mp4a" is told apart by objectTypeIndication.
        assertThat(ENTRIES.stream()
                        .map(codec -> codec.sampleEntry().type())
                        .filter(type -> !type.equals(FourCc.of("mp4a"))))
                .hasSize(11)
                .doesNotHaveDuplicates();
    }

    @Test
    void saysWhichCodecIsNotCarried() {
        assertThatThrownBy(() -> TABLE.video(FourCc.of("mp4a")))
                .isInstanceOf(UnsupportedMediaException.class)
                .hasMessage("mp4a");
        assertThatThrownBy(() -> TABLE.audio(FourCc.of("alaw"))).isInstanceOf(UnsupportedMediaException.class);
    }

    @Test
    void aNameOfTwoCodecsIsRefused() {
        assertThatThrownBy(() -> new CodecTable(List.of(H264.CODEC, H264.CODEC)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("avc1");
    }

    /** A new codec is one file: what names a codec stands with the codec. */
    @Test
    void noOtherFileNamesACodec() throws IOException {
        List<String> names = ENTRIES.stream()
                .flatMap(codec -> Stream.of(
                        codec.flv().fourCc(),
                        Optional.of(codec.sampleEntry().type()),
                        codec.sampleEntry().configurationBox()))
                .flatMap(Optional::stream)
                .map(fourCc -> '"' + fourCc.text() + '"')
                .distinct()
                .toList();
        Path sources = Path.of("src/main/java/live/millrace/media");
        List<Path> others;
        try (Stream<Path> files = Files.walk(sources)) {
            others = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.startsWith(sources.resolve("codec")))
                    .toList();
        }
        assertThat(others).hasSizeGreaterThan(100);
        for (Path file : others) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContain(names);
        }
    }
}
