// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When packets are asked for. */
class QuestionsTest {
    private final Questions questions = new Questions();

    private List<Integer> due(long millis, long... missing) {
        return questions.due(
                Long.MAX_VALUE - 1_000_000_000 + millis * 1_000_000, // a clock may wrap
                each -> LongStream.of(missing).forEach(each));
    }

    @Test
    void whatIsOnlyLateIsNotAskedFor() {
        assertThat(due(0, 5)).isEmpty();
        assertThat(due(9, 5)).isEmpty();
        assertThat(due(10)).isEmpty();
        assertThat(due(20, 5)).as("missed anew").isEmpty();
    }

    @Test
    void asksAgainAfterARoundTripAndNotForEver() {
        List<Integer> asked = new ArrayList<>();
        for (int millis = 0; millis < 3_000; millis++) {
            if (!due(millis, 5).isEmpty()) {
                asked.add(millis);
            }
        }
        assertThat(asked).containsExactly(10, 60, 110, 160, 210, 260, 310, 360);
    }

    @Test
    void eachHasItsOwnTime() {
        due(0, 5);
        due(5, 5, 8);
        assertThat(due(10, 5, 8)).containsExactly(5);
        assertThat(due(15, 5, 8)).containsExactly(8);
        assertThat(due(60, 5, 8)).containsExactly(5);
        assertThat(due(65, 8)).containsExactly(8);
    }

    @Test
    void asksByTheNumbersOfPackets() {
        due(0, 0x1_FFFFL, 0x2_0000L, 0x2_0003L);
        assertThat(due(10, 0x1_FFFFL, 0x2_0000L, 0x2_0003L)).containsExactly(65_535, 0, 3);
    }

    /** Those further behind have their turn when the first have come. */
    @Test
    void asksForAHundredAtOnce() {
        long[] missing = LongStream.range(0, 150).toArray();
        assertThat(due(0, missing)).isEmpty();
        assertThat(due(10, missing)).isEqualTo(IntStream.range(0, 100).boxed().toList());
        long[] left = LongStream.range(90, 150).toArray();
        assertThat(due(20, left)).isEmpty();
        assertThat(due(30, left)).isEqualTo(IntStream.range(100, 150).boxed().toList());
    }
}
