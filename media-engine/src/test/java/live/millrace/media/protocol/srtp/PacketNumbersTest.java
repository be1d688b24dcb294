// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The two windows on the numbers of packets, beside the words of RFC 3711. */
class PacketNumbersTest {
    /** Appendix A, for a rollover counter that is neither the first nor the last. */
    private static long byAppendixA(long highest, int sequenceNumber) {
        long counter = highest >> 16;
        int last = (int) (highest & 0xFFFF);
        if (last < 32_768) {
            if (sequenceNumber - last > 32_768) {
                counter--;
            }
        } else if (last - 32_768 > sequenceNumber) {
            counter++;
        }
        return counter << 16 | sequenceNumber;
    }

    @Test
    void indexesAreThoseOfAppendixA() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            long highest = (1L << 16) + random.nextLong(1L << 47);
            int number = random.nextInt(1 << 16);
            if (Math.abs(number - (int) (highest & 0xFFFF)) == 32_768) {
                continue; // as far in both directions
            }
            assertThat(PacketIndex.nearest(highest, number)).isEqualTo(byAppendixA(highest, number));
        }
    }

    @Test
    void theFirstOfASourceHasCounterZero() {
        assertThat(PacketIndex.nearest(PacketIndex.NONE, 0xFFFF)).isEqualTo(0xFFFF);
        assertThat(PacketIndex.nearest(0xFFFF, 0)).isEqualTo(0x1_0000);
        assertThat(PacketIndex.nearest(0x1_0000, 0xFFFF)).isEqualTo(0xFFFF);
        assertThat(PacketIndex.nearest(0, 0xFFFF)).isEqualTo(PacketIndex.NONE);
        assertThat(PacketIndex.rolloverCounter(0xFFFF_FFFF_0001L)).isEqualTo(-1);
    }

    @Test
    void theWindowKnowsWhatCame() {
        Random random = new Random(1);
        ReplayWindow window = new ReplayWindow();
        Set<Long> came = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 200_000; i++) {
            // Mostly near the highest, sometimes far ahead of it or far behind.
            int spread = random.nextInt(100) == 0 ? 4_000 : 1_200;
            long index = Math.max(0, highest + random.nextInt(spread) - spread + random.nextInt(40));
            boolean isNew = (highest - index < ReplayWindow.PACKETS || came.isEmpty()) && !came.contains(index);
            assertThat(window.isNew(index)).as("%d behind %d", index, highest).isEqualTo(isNew);
            if (isNew && random.nextBoolean()) {
                window.add(index);
                came.add(index);
                highest = Math.max(highest, index);
            }
        }
        assertThat(window.highest()).isEqualTo(highest).isGreaterThan(10_000);
        for (long jump : new long[] {1_023, 1_024, 1_025, 100_000, 1L << 40}) {
            highest += jump;
            window.add(highest);
            assertThat(window.isNew(highest)).isFalse();
            assertThat(window.isNew(highest - 1)).isTrue();
            assertThat(window.isNew(highest - ReplayWindow.PACKETS)).isFalse();
        }
    }
}
