// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;

/** ISO/IEC 14496-12: boxes that add up, and offsets that point where they should. */
class FragmentedMp4Test {
    private static final Set<String> CONTAINERS =
            Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf");

    /** A box, its place, and what it holds. */
    private record Read(String path, int start, int size) {}

    private static List<Read> read(ByteBuf in, int from, int end, String parent) {
        List<Read> boxes = new ArrayList<>();
        int at = from;
        while (at < end) {
            int size = in.getInt(at);
            String type = in.toString(at + 4, 4, StandardCharsets.US_ASCII);
            assertThat(size).as(parent + type).isBetween(8, end - at);
            boxes.add(new Read(parent + type, at, size));
            if (CONTAINERS.contains(type)) {
                boxes.addAll(read(in, at + 8, at + size, parent + type + "/"));
            }
            at += size;
        }
        assertThat(at).isEqualTo(end);
        return boxes;
    }

    private static Read box(List<Read> boxes, String path) {
        return boxes.stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theInitializationSectionDescribesEveryTrack() {
        ByteBuf out = Unpooled.buffer();
        InitializationSection.write(List.of(SampleTracks.VIDEO, SampleTracks.AUDIO), out);
        List<Read> boxes = read(out, 0, out.writerIndex(), "");
        assertThat(boxes.stream().map(Read::path))
                .startsWith("ftyp", "moov", "moov/mvhd", "moov/trak", "moov/trak/tkhd");
        assertThat(boxes.stream().filter(each -> each.path().equals("moov/trak")))
                .hasSize(2);
        assertThat(boxes.stream().filter(each -> each.path().equals("moov/mvex/trex")))
                .hasSize(2);
        String text = out.toString(StandardCharsets.ISO_8859_1);
        assertThat(text).contains("avc1", "avcC", "mp4a", "esds", "isom".substring(0, 3));
        Read header = box(boxes, "moov/trak/mdia/mdhd");
        assertThat(out.getInt(header.start() + 20)).isEqualTo(90_000);
    }

    @Test
    void aFragmentsOffsetPointsAtItsData() {
        ByteBuf first = Unpooled.wrappedBuffer(new byte[] {1, 2, 3});
        ByteBuf second = Unpooled.wrappedBuffer(new byte[] {4, 5});
        ByteBuf out = Unpooled.buffer();
        FragmentWriter.write(
                7,
                SampleTracks.VIDEO,
                0x1_0000_0000L,
                List.of(new Sample(3_600, 7_200, true, first), new Sample(3_601, 0, false, second)),
                out);
        List<Read> boxes = read(out, 0, out.writerIndex(), "");
        assertThat(boxes.stream().map(Read::path))
                .containsExactly(
                        "moof", "moof/mfhd", "moof/traf", "moof/traf/tfhd", "moof/traf/tfdt", "moof/traf/trun", "mdat");
        assertThat(out.getInt(box(boxes, "moof/mfhd").start() + 12)).isEqualTo(7);
        assertThat(out.getLong(box(boxes, "moof/traf/tfdt").start() + 12)).isEqualTo(0x1_0000_0000L);
        int run = box(boxes, "moof/traf/trun").start();
        assertThat(out.getInt(run + 12)).as("samples").isEqualTo(2);
        int data = out.getInt(run + 16);
        assertThat(data).isEqualTo(box(boxes, "mdat").start() + 8);
        assertThat(out.getByte(data)).isEqualTo((byte) 1);
        // duration, size, flags, composition time offset
        assertThat(List.of(out.getInt(run + 20), out.getInt(run + 24), out.getInt(run + 28), out.getInt(run + 32)))
                .containsExactly(3_600, 3, 0x0200_0000, 7_200);
        assertThat(List.of(out.getInt(run + 36), out.getInt(run + 40), out.getInt(run + 44), out.getInt(run + 48)))
                .containsExactly(3_601, 2, 0x0101_0000, 0);
        assertThat(first.readableBytes()).as("borrowed").isEqualTo(3);
    }
}
