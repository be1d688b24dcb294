// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What came when is told once, in order, with what is missing. */
class TransportArrivalsTest {
    private static final long ZERO = 1L << 60;
    private final TransportArrivals arrivals = new TransportArrivals(ZERO);

    private void arrive(int sequence, long millis) {
        arrivals.arrived(sequence & 0xFFFF, ZERO + millis * 1_000_000);
    }

    private RtcpPacket.TransportFeedback take() {
        return arrivals.take(1, 2).orElseThrow();
    }

    private static RtcpPacket.TransportFeedback told(int base, int number, Long... ticks) {
        return new RtcpPacket.TransportFeedback(1, 2, base, List.of(ticks), number);
    }

    @Test
    void saysNothingAboutNothing() {
        assertThat(arrivals.take(1, 2)).isEmpty();
        arrive(7, 1);
        assertThat(take()).isEqualTo(told(7, 1, 4L));
        assertThat(arrivals.take(1, 2)).isEmpty();
    }

    @Test
    void tellsInQuartersOfAMillisecond() {
        arrivals.arrived(0, ZERO + 249_999);
        arrivals.arrived(1, ZERO + 250_000);
        arrivals.arrived(2, ZERO + 1_000_000);
        assertThat(take()).isEqualTo(told(0, 1, 0L, 1L, 4L));
    }

    @Test
    void tellsOfLossAndDisorder() {
        arrive(10, 1);
        arrive(13, 2);
        arrive(12, 3);
        assertThat(take()).isEqualTo(told(10, 1, 4L, -1L, 12L, 8L));
        arrive(11, 4); // told of as lost
        assertThat(arrivals.take(1, 2)).isEmpty();
        arrive(15, 5);
        assertThat(take()).isEqualTo(told(14, 2, -1L, 20L));
    }

    @Test
    void whatComesTwiceCameFirst() {
        arrive(10, 1);
        arrive(10, 9);
        assertThat(take()).isEqualTo(told(10, 1, 4L));
    }

    @Test
    void numbersWrap() {
        arrive(65_534, 1);
        arrive(0, 2);
        assertThat(take()).isEqualTo(told(65_534, 1, 4L, -1L, 8L));
        arrive(65_535, 3);
        arrive(1, 4);
        assertThat(take()).isEqualTo(told(1, 2, 16L));
    }

    /** Before the first there is nothing: what comes late of it is no news. */
    @Test
    void beginsWithTheFirst() {
        arrive(0, 1);
        arrive(65_535, 2);
        arrive(1, 3);
        assertThat(take()).isEqualTo(told(0, 1, 4L, 12L));
    }

    @Test
    void feedbackHasANumberOfEightBits() {
        for (int i = 1; i <= 300; i++) {
            arrive(i, i);
            assertThat(take()).isEqualTo(told(i, i & 0xFF, 4L * i));
        }
    }

    @Test
    void tellsOfAFullRing() {
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            arrive(1_000 + i, i);
            expected.add(4L * i);
        }
        assertThat(take().arrivals()).isEqualTo(expected);
    }

    @Test
    void whatWasNotToldInTimeIsForgotten() {
        for (int i = 0; i < 600; i++) {
            arrive(1_000 + i, i);
        }
        RtcpPacket.TransportFeedback feedback = take();
        assertThat(feedback.base()).isEqualTo(1_512);
        assertThat(feedback.arrivals()).hasSize(88).doesNotContain(-1L).startsWith(2_048L);

        arrive(1_600, 700);
        arrive(30_000, 701); // far ahead
        assertThat(take()).isEqualTo(told(30_000, 2, 2_804L));
        arrive(1_601, 702); // far behind
        assertThat(arrivals.take(1, 2)).isEmpty();
        arrive(30_001, 703);
        assertThat(take()).isEqualTo(told(30_001, 3, 2_812L));
    }

    /** More than a distance can tell is two feedbacks, each with its own reference. */
    @Test
    void aPauseOfTenSecondsIsTold() {
        arrive(1, 0);
        arrive(2, 1);
        arrive(5, 10_000);
        arrive(6, 10_001);
        assertThat(take()).isEqualTo(told(1, 1, 0L, 4L, -1L, -1L));
        assertThat(take()).isEqualTo(told(5, 2, 40_000L, 40_004L));
        assertThat(arrivals.take(1, 2)).isEmpty();
    }

    /** The same backwards: a number that was skipped comes ten seconds after those behind it. */
    @Test
    void aPacketTenSecondsLateIsTold() {
        arrive(1, 0);
        arrive(3, 1);
        arrive(2, 10_000);
        assertThat(take()).isEqualTo(told(1, 1, 0L));
        assertThat(take()).isEqualTo(told(2, 2, 40_000L));
        assertThat(take()).isEqualTo(told(3, 3, 4L));
        assertThat(arrivals.take(1, 2)).isEmpty();
    }

    /** Whatever a network does: each number at most once, without gaps between feedbacks, and each at its time. */
    @Test
    void anyNetworkIsTold() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Long[] came = new Long[100_000];
        List<Long> told = new ArrayList<>();
        int start = 65_000;
        long millis = 0;
        for (int i = 0; i < came.length; i++) {
            millis += random.nextInt(50) == 0 ? 100 : 1;
            int number = Math.max(0, i - (random.nextInt(10) == 0 ? random.nextInt(5) : 0));
            if (came[number] == null && random.nextInt(10) > 0) {
                arrive(start + number, millis);
                came[number] = 4 * millis;
            }
            if (i == 0 && came[0] == null) {
                arrive(start, millis);
                came[0] = 4 * millis;
            }
            if (random.nextInt(100) == 0 || i % 200 == 0) { // in time for the ring
                arrivals.take(1, 2).ifPresent(feedback -> {
                    assertThat(feedback.base()).as("seed %d", seed).isEqualTo((start + told.size()) & 0xFFFF);
                    told.addAll(feedback.arrivals());
                });
            }
        }
        assertThat(told).as("seed %d", seed).hasSizeGreaterThan(90_000);
        for (int i = 0; i < told.size(); i++) {
            if (told.get(i) >= 0) {
                assertThat(told.get(i)).as("seed %d, packet %d", seed, i).isEqualTo(came[i]);
            }
        }
        assertThat(told.stream().filter(each -> each >= 0).count()).isGreaterThan(told.size() * 7L / 10);
    }
}
