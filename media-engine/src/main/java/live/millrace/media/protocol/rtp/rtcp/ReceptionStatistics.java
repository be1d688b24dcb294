// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.packet.SequenceTracker;
import live.millrace.media.time.NtpTime;

/**
 * Counts the packets of one track as they arrive, for receiver reports (RFC 3550 appendices A.3 and A.8). One instance for each track; not
 * thread-safe.
 */
public final class ReceptionStatistics {
    private static final long NANOS = 1_000_000_000L;
    private static final int MAX_CUMULATIVE = 0x7F_FFFF;

    private final int clockRate;
    private final SequenceTracker tracker = new SequenceTracker();

    // of the source
    private int ssrc;
    private boolean heard;
    private long first;
    private long highest;
    private long received;
    private long expectedBefore;
    private long receivedBefore;
    private long transit;

    /** In 1/16 of a unit, so that the mean keeps its fraction. */
    private long scaledJitter;

    private int lastSenderReport;
    private long senderReportAt;

    /** @param clockRate of the media clock in Hz, more than 0 */
    public ReceptionStatistics(int clockRate) {
        this.clockRate = clockRate;
    }

    /**
     * Counts a packet.
     *
     * @param nowNanos of a clock that never goes back
     */
    public void received(RtpPacket packet, long nowNanos) {
        boolean fresh = tracker.take(packet.ssrc(), packet.sequenceNumber());
        long extended = tracker.extended();
        long now = nowNanos / NANOS * clockRate + nowNanos % NANOS * clockRate / NANOS;
        // Only differences count: the stamp's wrap and the clocks' zeros cancel out in 32 bits.
        long newTransit = now - packet.timestamp();
        if (fresh) {
            heard = true;
            ssrc = packet.ssrc();
            first = extended;
            highest = extended;
            received = 0;
            expectedBefore = 0;
            receivedBefore = 0;
            scaledJitter = 0;
            lastSenderReport = 0;
        } else {
            long difference = Math.abs((long) (int) (newTransit - transit));
            scaledJitter += difference - ((scaledJitter + 8) >> 4);
        }
        transit = newTransit;
        highest = Math.max(highest, extended);
        received++;
    }

    /** Remembers a sender report, which our next report answers. */
    public void senderReport(RtcpPacket.SenderReport report, long nowNanos) {
        lastSenderReport = NtpTime.middle(report.ntpTime());
        senderReportAt = nowNanos;
    }

    /** Whether there is anything to report. */
    public boolean heard() {
        return heard;
    }

    /** What a report says now; the fraction begins anew. */
    public ReportBlock report(long nowNanos) {
        long expected = highest - first + 1;
        long expectedNow = expected - expectedBefore;
        long lostNow = expectedNow - (received - receivedBefore);
        expectedBefore = expected;
        receivedBefore = received;
        int fraction = expectedNow == 0 || lostNow <= 0 ? 0 : (int) Math.min(255, (lostNow << 8) / expectedNow);
        long lost = Math.clamp(expected - received, -MAX_CUMULATIVE - 1, MAX_CUMULATIVE);
        long delay = lastSenderReport == 0 ? 0 : (nowNanos - senderReportAt) / 1_000 * 65_536 / 1_000_000;
        // The tracker counts from one cycle on; the peer counts cycles from zero.
        long reported = (highest - (1L << 16)) & 0xFFFF_FFFFL;
        return new ReportBlock(ssrc, fraction, (int) lost, reported, scaledJitter >> 4, lastSenderReport, delay);
    }
}
