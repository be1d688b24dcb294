// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.packet.ReorderWindow;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.payload.Depacketizer;
import live.millrace.media.protocol.rtp.rtcp.Questions;
import live.millrace.media.protocol.rtp.rtcp.ReceptionStatistics;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.rtp.rtcp.SessionClock;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.webrtc.AgreedMedia;

/** The packets of one medium of a publisher, from the wire to the frames that they make. Confined to the event loop. */
final class ReceivedMedia implements ReorderWindow.Listener {
    /** Hears what it costs. */
    interface Losses {
        void repaired(Repair repair);
    }

    /** Behind a loss a picture is wanted that needs no other, but no more often. */
    private static final long PICTURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final WebrtcTallies tallies;
    private final Losses losses;
    private final AgreedMedia agreed;
    private final PayloadFormat format;
    private final Depacketizer depacketizer;
    private final ReceptionStatistics statistics;
    private final SessionClock.Track clock;
    private final ReorderWindow window;
    private final Questions questions = new Questions();

    private int ssrc;
    private boolean heard;
    private long packets;
    private long lost;
    private long repeated;
    private long startsAt;
    private long askedForPicture;
    private boolean pictureWanted;
    private int requests;

    ReceivedMedia(
            WebrtcTallies tallies,
            Losses losses,
            AgreedMedia agreed,
            PayloadFormat format,
            Depacketizer depacketizer,
            SessionClock clock,
            long nowNanos) {
        this.tallies = tallies;
        this.losses = losses;
        this.agreed = agreed;
        this.format = format;
        this.depacketizer = depacketizer;
        this.statistics = new ReceptionStatistics(format.clockRate());
        this.clock = clock.track(format.clockRate());
        this.window = agreed.feedback().contains(AgreedMedia.NACK)
                ? ReorderWindow.overUdpWithQuestions(this)
                : ReorderWindow.overUdp(this);
        this.startsAt = nowNanos;
        this.askedForPicture = nowNanos - PICTURE_NANOS;
    }

    AgreedMedia agreed() {
        return agreed;
    }

    /** Packets that came. */
    long packets() {
        return packets;
    }

    /** Packets that did not, or too late. */
    long lost() {
        return lost;
    }

    /** Packets that came because they were asked for. */
    long repeated() {
        return repeated;
    }

    /** The source of its packets; 0 before the first. */
    int ssrc() {
        return ssrc;
    }

    // ---- packets ----------------------------------------------------------------------------------------------

    /** Takes a packet of its payload type, borrowed. */
    void take(RtpPacket packet, long now) {
        packets++;
        heard = true;
        ssrc = packet.ssrc();
        statistics.received(packet, now);
        window.take(packet, now);
    }

    /**
     * Takes a packet of its retransmissions (RFC 4588 §4): the number of the one that is sent once more, then its payload. Some hold nothing:
     * the peer measures the line with them.
     *
     * @param packet borrowed
     */
    void takeAgain(RtpPacket packet, long now) {
        ByteBuf payload = packet.payload();
        if (!heard || payload.readableBytes() <= 2) {
            return;
        }
        int original = payload.readUnsignedShort();
        again();
        window.take(
                new RtpPacket(packet.marker(), format.payloadType(), original, packet.timestamp(), ssrc, payload), now);
    }

    private void again() {
        repeated++;
        tallies.packets().count(WebrtcTallies.Packet.RETRANSMITTED);
    }

    void senderReport(RtcpPacket.SenderReport report, long now) {
        if (heard && report.ssrc() == ssrc) {
            statistics.senderReport(report, now);
            clock.senderReport(report);
        }
    }

    @Override
    public void packet(RtpPacket packet) {
        depacketizer.packet(packet, clock.time(packet.timestamp(), System.nanoTime()));
    }

    @Override
    public void lost(long missing) {
        lost += missing;
        tallies.packets().add(WebrtcTallies.Packet.LOST, missing);
        losses.repaired(Repair.PACKETS_LOST);
        depacketizer.lost();
        pictureWanted |= agreed.video();
    }

    @Override
    public void sourceChanged() {
        clock.sourceChanged();
        depacketizer.lost();
        pictureWanted |= agreed.video();
    }

    /** A picture came that others may follow. */
    void startedAt(long now) {
        startsAt = now;
        pictureWanted = false;
    }

    /** A picture is wanted that needs no other. */
    void wantPicture() {
        pictureWanted = true;
    }

    // ---- feedback ---------------------------------------------------------------------------------------------

    /** What to ask for now; in order of what is more pressing. */
    List<RtcpPacket> feedback(int ourSsrc, long now, long pictureEvery) {
        window.expire(now);
        List<RtcpPacket> said = new ArrayList<>();
        if (!heard) {
            return said;
        }
        if (agreed.feedback().contains(AgreedMedia.NACK)) {
            List<Integer> due = questions.due(now, window::missing);
            if (!due.isEmpty()) {
                said.add(new RtcpPacket.Nack(ourSsrc, ssrc, due));
            }
        }
        boolean late = agreed.video() && now - startsAt > pictureEvery;
        if ((pictureWanted || late) && now - askedForPicture >= PICTURE_NANOS) {
            askedForPicture = now;
            if (agreed.feedback().contains(AgreedMedia.PICTURE_LOSS)) {
                said.add(new RtcpPacket.PictureLoss(ourSsrc, ssrc));
            } else if (agreed.feedback().contains(AgreedMedia.FULL_INTRA)) {
                said.add(new RtcpPacket.FullIntraRequest(ourSsrc, ssrc, requests++ & 0xFF));
            }
        }
        return said;
    }

    /** What receivers say (RFC 3550 §6.4.2); nothing before the first packet. */
    List<RtcpPacket> report(int ourSsrc, String canonicalName, long now) {
        return !statistics.heard()
                ? List.of()
                : List.of(
                        new RtcpPacket.ReceiverReport(ourSsrc, List.of(statistics.report(now))),
                        new RtcpPacket.SourceDescription(
                                List.of(new RtcpPacket.SourceDescription.Chunk(ourSsrc, canonicalName))));
    }

    /** Hands over what waits for something that will not come any more. */
    void flush() {
        window.flush();
    }

    /** Lets go of everything. */
    void release() {
        try {
            window.release();
        } finally {
            depacketizer.release();
        }
    }
}
