// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentTableTest {
    private static final Instant START = Instant.parse("2026-11-27T01:02:03.456Z");

    private static List<RecordedSegment> segments(Random random, int count) {
        List<RecordedSegment> all = new ArrayList<>();
        long sequence = 1_795_000_000L;
        long offset = 800;
        Instant time = START;
        for (int i = 0; i < count; i++) {
            long duration = 150_000L + random.nextInt(60_000);
            int bytes = random.nextInt(1 << 21);
            all.add(new RecordedSegment(sequence, offset, bytes, duration, random.nextInt(20) != 0, time));
            sequence += random.nextInt(10) == 0 ? 3 : 1;
            offset += bytes;
            time = time.plusMillis(duration / 90 + (random.nextInt(5) == 0 ? random.nextInt(41) - 20 : 0));
        }
        return all;
    }

    @Test
    void whatIsPackedIsReadAgain() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<RecordedSegment> all = segments(random, 1 + random.nextInt(300));
            SegmentTable table = SegmentTable.of(all);
            assertThat(table.segments()).isEqualTo(all);
            SegmentTable again = SegmentTable.unpack(table.packed());
            assertThat(again).isEqualTo(table).hasSameHashCodeAs(table);
            assertThat(again.segments()).isEqualTo(all);
            assertThat(again.size()).isEqualTo(all.size());
            assertThat(again.firstSequence()).isEqualTo(all.getFirst().sequence());
            assertThat(again.lastSequence()).isEqualTo(all.getLast().sequence());
            assertThat(again.end())
                    .isEqualTo(all.getLast().offset() + all.getLast().bytes());
        }
    }

    /** Five minutes of two seconds each take about as much as the design says. */
    @Test
    void aSpanTakesAboutAKilobyte() {
        assertThat(SegmentTable.of(segments(new Random(1), 150)).packed()).hasSizeBetween(900, 1_800);
    }

    @Test
    void theFormIsWhatItIs() {
        SegmentTable table = SegmentTable.of(List.of(
                new RecordedSegment(300, 5, 200, 180_000, true, Instant.ofEpochMilli(1_000)),
                new RecordedSegment(302, 205, 1, 90_000, false, Instant.ofEpochMilli(2_999))));
        assertThat(HexFormat.of().formatHex(table.packed()))
                .isEqualTo("01" + "ac02" + "05" + "e807" + "00" + "a0fe0a" + "c801" + "01" + "01" + "90bf05" + "01"
                        + "02");
    }

    @Test
    void nothingIsPackedAsNothing() {
        assertThat(SegmentTable.of(List.of())).isEqualTo(SegmentTable.EMPTY);
        assertThat(SegmentTable.unpack(new byte[0]).segments()).isEmpty();
    }

    /** Every cut and every damaged byte is read as a table, or refused in words: nothing else. */
    @Test
    void damageIsRefusedOrReadAsATable() {
        Random random = new Random(11);
        byte[] good = SegmentTable.of(segments(random, 20)).packed();
        for (int cut = 1; cut < good.length; cut++) {
            readOrRefuse(Arrays.copyOf(good, cut));
        }
        for (int round = 0; round < 5_000; round++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            readOrRefuse(bad);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> SegmentTable.unpack(new byte[] {2, 1, 1, 1}));
        assertThatIllegalArgumentException().isThrownBy(() -> SegmentTable.unpack(new byte[] {1, 1, 1, 1}));
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            assertThat(SegmentTable.unpack(bytes).segments()).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("a table");
        }
    }
}
