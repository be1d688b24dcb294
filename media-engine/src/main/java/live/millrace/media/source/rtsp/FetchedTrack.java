// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import live.millrace.media.protocol.rtp.packet.ReorderWindow;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.payload.Depacketizer;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.rtcp.ReceptionStatistics;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.rtp.rtcp.SessionClock;

/** One track that is set up: its packets in order, its clock, what is reported of it. Confined to one event loop. */
final class FetchedTrack implements ReorderWindow.Listener {
    private static final String NAME = "millrace";

    private final String uri;
    private final int payloadType;
    private final SessionClock.Track clock;
    private final ReceptionStatistics statistics;
    private final Depacketizer depacketizer;
    private final ReorderWindow window;
    private final FrameSink sink;
    private final int ownSsrc;

    private long nowNanos;
    private boolean heard;

    /**
     * @param uri that it was set up by
     * @param datagrams whether its packets may come in another order
     * @param ownSsrc of our reports
     */
    FetchedTrack(
            OfferedTrack offered, String uri, SessionClock session, FrameSink sink, boolean datagrams, int ownSsrc) {
        this.uri = uri;
        this.payloadType = offered.format().payloadType();
        this.clock = session.track(offered.format().clockRate());
        this.statistics = new ReceptionStatistics(offered.format().clockRate());
        this.depacketizer = PayloadFormats.depacketizer(offered.trackId(), offered.format(), sink);
        this.window = datagrams ? ReorderWindow.overUdp(this) : ReorderWindow.overTcp(this);
        this.sink = sink;
        this.ownSsrc = ownSsrc;
    }

    String uri() {
        return uri;
    }

    /** A packet of media came. */
    boolean heard() {
        return heard;
    }

    /** Its media begins with this stamp. */
    void startsAt(long rtpTime) {
        clock.startsAt(rtpTime);
    }

    /**
     * Takes a packet of RTP or RTCP, whichever it is: that some send both ways on one channel, or reports first, proves nothing.
     *
     * @param packet borrowed
     * @return whether it was media
     */
    boolean take(ByteBuf packet, long now) {
        nowNanos = now;
        try {
            if (RtcpCompound.isRtcp(packet)) {
                report(packet, now);
                return false;
            }
            RtpPacket media = RtpPacket.parse(packet);
            if (media.payloadType() != payloadType) {
                return false; // comfort noise, mostly
            }
            heard = true;
            statistics.received(media, now);
            window.take(media, now);
            return true;
        } catch (MalformedRtpException e) {
            sink.repaired(Repair.MALFORMED_TAG);
            return false;
        }
    }

    private void report(ByteBuf packet, long now) {
        for (RtcpPacket each : RtcpCompound.parse(packet)) {
            if (each instanceof RtcpPacket.SenderReport report) {
                statistics.senderReport(report, now);
                clock.senderReport(report);
            }
        }
    }

    /** Gives up on what is late. */
    void expire(long now) {
        nowNanos = now;
        window.expire(now);
    }

    /** Writes what we say of it, to its sender. */
    void writeReport(long now, ByteBuf out) {
        RtcpCompound.write(
                List.of(
                        new RtcpPacket.ReceiverReport(
                                ownSsrc, statistics.heard() ? List.of(statistics.report(now)) : List.of()),
                        new RtcpPacket.SourceDescription(
                                List.of(new RtcpPacket.SourceDescription.Chunk(ownSsrc, NAME)))),
                out);
    }

    @Override
    public void packet(RtpPacket packet) {
        depacketizer.packet(packet, clock.time(packet.timestamp(), nowNanos));
    }

    @Override
    public void lost(long packets) {
        sink.repaired(Repair.PACKETS_LOST);
        depacketizer.lost();
    }

    @Override
    public void sourceChanged() {
        depacketizer.lost();
        clock.sourceChanged();
    }

    void release() {
        window.release();
        depacketizer.release();
    }
}
