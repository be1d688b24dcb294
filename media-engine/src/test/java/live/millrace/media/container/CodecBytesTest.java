// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import live.millrace.media.container.flv.FlvDemuxer;
import live.millrace.media.container.flv.FlvMuxer;
import live.millrace.media.container.mp4.InitializationSection;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.testing.SampleMedia;
import org.junit.jupiter.api.Test;

/** Every codec through every container, byte for byte: what comes out is compared with what once came out and played. */
class CodecBytesTest {
    private static final String EXPECTED = "codec-bytes.txt";
    private static final Pattern RUN = Pattern.compile("(00){9,}|(ff){9,}");

    /** Tag bodies as encoders send them, at 0, 40, 80 … ms; the first letter says whether they are of a picture or of sound. */
    private static final Map<String, List<String>> SAMPLES = new LinkedHashMap<>();

    static {
        SAMPLES.put(
                "H.264 classic",
                List.of("v", "17 00 000000 AVCC", "17 01 000050 00000002 6588", "27 01 000000 00000002 4188"));
        SAMPLES.put(
                "H.264 extended",
                List.of("v", "90 61766331 AVCC", "91 61766331 000028 00000002 6588", "a3 61766331 00000002 4188"));
        SAMPLES.put(
                "H.265 extended",
                List.of("v", "90 68766331 HVCC", "91 68766331 000028 00000003 260188", "a3 68766331 00000003 020188"));
        SAMPLES.put(
                "H.265 classic",
                List.of("v", "1c 00 000000 HVCC", "1c 01 000000 00000003 260188", "2c 01 000028 00000003 020188"));
        SAMPLES.put(
                "AV1",
                List.of(
                        "v",
                        "90 61763031 81000c00 0a0b00000004 3c ff bd ff ff 98 20",
                        "91 61763031 0a0b0000000427fffde00c0100",
                        "a1 61763031 32021020"));
        SAMPLES.put(
                "AV1 sized by its key frame",
                List.of(
                        "v",
                        "90 61763031 81000c00",
                        "91 61763031 0a0b00000004 3c ff bd ff ff 98 20 3202 1020",
                        "a1 61763031 32021020"));
        SAMPLES.put(
                "VP9",
                List.of(
                        "v",
                        "90 76703039 000a8201 01010000",
                        "91 76703039 8249834200 00f000870038240000",
                        "a1 76703039 8600"));
        SAMPLES.put(
                "VP8",
                List.of(
                        "v",
                        "90 76703038 000a8202 02020000",
                        "91 76703038 300000 9d012a 4001b400 00",
                        "a1 76703038 310000 00"));
        SAMPLES.put("AAC classic", List.of("a", "af 00 1210", "af 01 21004f", "af 01 21004f"));
        SAMPLES.put("AAC extended", List.of("a", "90 6d703461 1190", "91 6d703461 21004f"));
        SAMPLES.put("AAC that ADTS cannot tell", List.of("a", "af 00 " + SampleMedia.SURROUND_ASC, "af 01 21004f"));
        SAMPLES.put("MP3, two frames in a tag", List.of("a", "2f fffb1064 ZERO100 fffb1064 ZERO100"));
        SAMPLES.put("MP3 of MPEG-2", List.of("a", "91 2e6d7033 fff310c4 ZERO022"));
        SAMPLES.put(
                "Opus",
                List.of(
                        "a",
                        "90 4f707573 4f707573486561640102380180bb00000000 00",
                        "91 4f707573 fc112233",
                        "91 4f707573 ff03112233"));
        SAMPLES.put(
                "Opus of six channels",
                List.of(
                        "a",
                        "90 4f707573 4f707573486561640106380180bb00000000 01 0402 000401020305",
                        "91 4f707573 fc112233"));
        SAMPLES.put(
                "FLAC",
                List.of(
                        "a",
                        "90 664c6143 664c614380000022 1000 1000 000000 000000 0bb802f0 00000000 00000000000000000000000000000000",
                        "91 664c6143 fff8c9080000"));
        SAMPLES.put(
                "AC-3", List.of("a", "91 61632d33 0b77 0000 1c 40 43 e1 11", "91 61632d33 0b77 0000 1c 40 43 e1 22"));
        SAMPLES.put(
                "E-AC-3", List.of("a", "91 65632d33 0b77 02ff 3f 80 00 00 11", "91 65632d33 0b77 02ff 3f 80 00 00 22"));
        SAMPLES.put("E-AC-3 under the name of AC-3", List.of("a", "91 61632d33 0b77 02ff 3f 80 00 00 11"));
        SAMPLES.put("G.711 A-law", List.of("a", "72 d5d5d5d5", "72 d5d5d5d5"));
        SAMPLES.put("G.711 µ-law in stereo", List.of("a", "83 ffffffff"));
    }

    private static ByteBuf body(String text) {
        StringBuilder hex = new StringBuilder(text.replace(" ", "")
                .replace("AVCC", ByteBufUtil.hexDump(SampleMedia.avcC()))
                .replace(
                        "HVCC",
                        "0101600000004000000000003cf000fcfdf8f800000f01210001002b42010101600000030040000003000003003ca00a"
                                + "080c1f3e595952930bc05a1a0000030002000003003210"));
        for (int at = hex.indexOf("ZERO"); at >= 0; at = hex.indexOf("ZERO")) {
            int bytes = Integer.parseInt(hex.substring(at + 4, at + 7));
            hex.replace(at, at + 7, "00".repeat(bytes));
        }
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    private static String written(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        return RUN.matcher(ByteBufUtil.hexDump(out))
                .replaceAll(run ->
                        "[" + run.group().substring(0, 2) + "x" + run.group().length() / 2 + "]");
    }

    private static String dump(String name, List<String> sample) {
        List<Track> tracks = new ArrayList<>();
        List<MediaFrame> frames = new ArrayList<>();
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
        for (int i = 1; i < sample.size(); i++) {
            if (sample.getFirst().equals("v")) {
                demuxer.video((i - 1) * 40L, body(sample.get(i)));
            } else {
                demuxer.audio((i - 1) * 40L, body(sample.get(i)));
            }
        }
        assertThat(tracks).as(name).hasSize(1);
        Track track = tracks.getFirst();
        StringBuilder lines = new StringBuilder("## " + name + '\n');
        lines.append(track.format().codec().displayName())
                .append(' ')
                .append(track.format().codecString())
                .append(" in 1/")
                .append(track.timescale())
                .append(" s\n");
        lines.append("frames ")
                .append(frames.stream()
                        .map(frame -> frame.decodeTime() + "+" + frame.compositionTimeOffset()
                                + (frame.randomAccessPoint() ? "!" : ""))
                        .collect(joining(" ")))
                .append('\n');
        lines.append("flv ")
                .append(written(out -> {
                    FlvMuxer.configuration(tracks, 0, out);
                    frames.forEach(frame -> FlvMuxer.frame(frame, out));
                }))
                .append('\n');
        lines.append("mp4 ")
                .append(written(out -> InitializationSection.write(tracks, out)))
                .append('\n');
        if (TsMuxer.carries(track.format())) {
            lines.append("ts ")
                    .append(written(out -> {
                        TsMuxer muxer = new TsMuxer(UnpooledByteBufAllocator.DEFAULT);
                        muxer.tracks(tracks);
                        muxer.startSegment(false, out);
                        frames.forEach(frame -> muxer.write(frame, out));
                    }))
                    .append('\n');
        }
        return lines.toString();
    }

    @Test
    void everyCodecIsWrittenAsItAlwaysWas() throws IOException {
        StringBuilder dump = new StringBuilder();
        SAMPLES.forEach((name, sample) -> dump.append(dump(name, sample)));
        try (InputStream in = CodecBytesTest.class.getResourceAsStream(EXPECTED)) {
            assertThat(in).isNotNull();
            assertThat(dump).hasToString(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
