// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.List;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import org.junit.jupiter.api.Test;

/** The figures of receiver reports (RFC 3550 appendices A.3 and A.8). */
class ReceptionStatisticsTest {
    private final ReceptionStatistics statistics = new ReceptionStatistics(90_000);

    private void receive(int sequenceNumber, long timestamp, long millis) {
        statistics.received(
                new RtpPacket(false, 96, sequenceNumber & 0xFFFF, timestamp & 0xFFFF_FFFFL, 5, Unpooled.EMPTY_BUFFER),
                millis * 1_000_000);
    }

    @Test
    void countsLossAcrossTheWrap() {
        for (int number : new int[] {65_533, 65_534, 65_536, 65_537, 65_539, 65_540}) {
            receive(number, 0, 0);
        }
        ReportBlock report = statistics.report(0);
        assertThat(report.cumulativeLost()).isEqualTo(2);
        assertThat(report.fractionLost()).isEqualTo(2 * 256 / 8);
        assertThat(report.highestSequenceNumber()).isEqualTo(65_540);
        receive(65_541, 0, 0);
        assertThat(statistics.report(0).fractionLost()).isZero();
        assertThat(statistics.report(0).cumulativeLost()).isEqualTo(2);
    }

    @Test
    void duplicatesCountAgainstLoss() {
        receive(1, 0, 0);
        receive(1, 0, 0);
        receive(2, 0, 0);
        assertThat(statistics.report(0).cumulativeLost()).isEqualTo(-1);
        assertThat(statistics.report(0).fractionLost()).isZero();
    }

    @Test
    void jitterIsWhatArrivalDeviatesFromStamps() {
        for (int i = 0; i < 1_000; i++) {
            receive(i, 0xFFFF_0000L + i * 3_600L, i * 40L);
        }
        assertThat(statistics.report(0).jitter()).isZero();
        for (int i = 1_000; i < 2_000; i++) {
            receive(i, 0xFFFF_0000L + i * 3_600L, i * 40L + (i % 2) * 10L);
        }
        // every packet deviates by 10 ms from the one before: 900 units
        assertThat(statistics.report(0).jitter()).isBetween(880L, 901L);
    }

    @Test
    void answersSenderReports() {
        receive(1, 0, 0);
        assertThat(statistics.report(0).lastSenderReport()).isZero();
        statistics.senderReport(
                new RtcpPacket.SenderReport(5, 0x1122_3344_5566_7788L, 0, 0, 0, List.of()), 1_000_000_000L);
        ReportBlock report = statistics.report(3_500_000_000L);
        assertThat(report.lastSenderReport()).isEqualTo(0x3344_5566);
        assertThat(report.delaySinceSenderReport()).isEqualTo(65_536 * 5 / 2);
    }

    @Test
    void anotherSourceBeginsAnew() {
        receive(1, 0, 0);
        receive(3, 0, 0);
        statistics.received(new RtpPacket(false, 96, 500, 0, 6, Unpooled.EMPTY_BUFFER), 0);
        ReportBlock report = statistics.report(0);
        assertThat(report.ssrc()).isEqualTo(6);
        assertThat(report.cumulativeLost()).isZero();
        assertThat(report.highestSequenceNumber()).isEqualTo(500);
    }
}
