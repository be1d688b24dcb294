// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a viewer's feedback says of the line to it. Fifty packets a second are sent, and told of ten at a time. */
class LineEstimateTest {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int TICKS_OF_MILLI = 4;

    private final LineEstimate line = new LineEstimate(0);
    private long now;
    private int number = 65_500;

    /** What becomes of a packet: milliseconds on its way, or −1. */
    private interface Way {
        long millis(int packet);
    }

    private void goes(int packets, Way way) {
        List<Long> arrivals = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            now += STEP_NANOS;
            line.sent(number + arrivals.size() & 0xFFFF, now);
            long millis = way.millis(i);
            arrivals.add(millis < 0 ? -1 : (TimeUnit.NANOSECONDS.toMillis(now) + millis) * TICKS_OF_MILLI);
            if (arrivals.size() == 10) {
                line.heard(new RtcpPacket.TransportFeedback(1, 2, number & 0xFFFF, arrivals, 0), now);
                number += 10;
                arrivals.clear();
            }
        }
    }

    @Test
    void aLineThatHoldsIsNotFull() {
        goes(500, packet -> 40 + packet % 7);
        assertThat(line.isFull()).isFalse();
        assertThat(line.isClear(now)).isTrue();
    }

    /** Of every ten so many are lost; a second has fifty. */
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, true", "10, true"})
    void muchLossIsALineThatIsFull(int lost, boolean full) {
        goes(120, packet -> packet % 10 < lost ? -1 : 40);
        assertThat(line.isFull()).isEqualTo(full);
    }

    @Test
    void ofAFewPacketsALossSaysNothing() {
        goes(10, _ -> -1);
        now += TimeUnit.SECONDS.toNanos(2);
        goes(20, _ -> -1);
        assertThat(line.isFull()).isFalse();
    }

    @Test
    void aQueueThatOnlyGrowsIsALineThatIsFullUntilItIsGone() {
        goes(50, _ -> 40);
        goes(150, packet -> 40 + packet * 10L);
        assertThat(line.isFull()).isTrue();
        assertThat(line.isClear(now)).isFalse();
        line.skipped(now);
        assertThat(line.isFull()).isFalse();
        assertThat(line.isClear(now)).as("it still stands").isFalse();
        goes(50, _ -> 40);
        assertThat(line.isClear(now)).isTrue();
    }

    /** Clocks of the two sides need not agree, and one wraps. */
    @ParameterizedTest
    @CsvSource({"-1000000", "86400000"})
    void theClockOfTheViewerIsItsOwn(long offset) {
        now = TimeUnit.HOURS.toNanos(1);
        goes(200, _ -> Math.max(0, 40 + offset + TimeUnit.HOURS.toMillis(1)));
        assertThat(line.isFull()).isFalse();
        assertThat(line.isClear(now)).isTrue();
    }

    @Test
    void whoeverIsToldNothingDoesNotKnow() {
        goes(50, _ -> 40);
        goes(150, packet -> 40 + packet * 10L);
        assertThat(line.isClear(now)).isFalse();
        assertThat(line.isClear(now + TimeUnit.SECONDS.toNanos(3))).isTrue();
    }

    @Test
    void whatWasNeverSentIsTakenForNothing() {
        goes(20, _ -> 40);
        for (int i = 0; i < 100; i++) {
            now += STEP_NANOS;
            line.heard(
                    new RtcpPacket.TransportFeedback(1, 2, i * 100, java.util.Collections.nCopies(100, -1L), 0), now);
        }
        assertThat(line.isFull()).isFalse();
    }
}
