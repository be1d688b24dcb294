// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import live.millrace.media.frame.Repair;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import live.millrace.media.protocol.rtp.packet.ReorderWindow;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.payload.Depacketizer;
import live.millrace.media.protocol.rtp.rtcp.ReceptionStatistics;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.rtp.rtcp.SessionClock;
import live.millrace.media.protocol.sdp.PayloadFormat;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one track of a publisher, from whichever way they come to the frames that they make. Confined to the channel's event loop.
 */
final class ReceivedTrack implements ReorderWindow.Listener, DatagramPorts.Receiver {
    private final RtspPublishSession session;
    private final RtspTallies tallies;
    private final EventLoop loop;
    private final @Nullable PayloadFormat format;
    private final @Nullable Depacketizer depacketizer;
    private final @Nullable ReceptionStatistics statistics;
    private final SessionClock.@Nullable Track clock;
    private final int ssrc = ThreadLocalRandom.current().nextInt();

    private @Nullable Leg leg;
    private @Nullable ReorderWindow window;
    private long packets;
    private long lost;

    /**
     * A track that waits for its SETUP.
     *
     * @param format null, as is its depacketizer, for one whose packets are thrown away
     */
    ReceivedTrack(
            RtspPublishSession session,
            RtspTallies tallies,
            EventLoop loop,
            @Nullable PayloadFormat format,
            @Nullable Depacketizer depacketizer,
            SessionClock clock) {
        this.session = session;
        this.tallies = tallies;
        this.loop = loop;
        this.format = format;
        this.depacketizer = depacketizer;
        this.statistics = format == null ? null : new ReceptionStatistics(format.clockRate());
        this.clock = format == null ? null : clock.track(format.clockRate());
    }

    @Nullable
    Leg leg() {
        return leg;
    }

    /** Packets that came. */
    long packets() {
        return packets;
    }

    /** Packets that did not. */
    long lost() {
        return lost;
    }

    /** Its packets go this way from now on; null for none. What waited on the way before is let go of. */
    void goes(@Nullable Leg way) {
        ReorderWindow before = window;
        leg = way;
        window = switch (way) {
            case null -> null;
            case Leg.Interleaved _ -> ReorderWindow.overTcp(this);
            case Leg.Datagrams _ -> ReorderWindow.overUdp(this);
        };
        if (before != null) {
            before.release();
        }
    }

    // ---- packets ----------------------------------------------------------------------------------------------

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void datagram(ByteBuf packet) {
        session.guarded(() -> {
            session.received(packet.readableBytes());
            take(packet);
        });
    }

    /**
     * Takes a packet of RTP or RTCP: which of both it is, it says by itself, since some senders mix up the channels.
     *
     * @param packet borrowed
     */
    void take(ByteBuf packet) {
        ReorderWindow to = window;
        ReceptionStatistics counts = statistics;
        PayloadFormat described = format;
        if (to == null || counts == null || described == null) {
            return;
        }
        long now = System.nanoTime();
        try {
            if (RtcpCompound.isRtcp(packet)) {
                reports(RtcpCompound.parse(packet), counts, now);
                return;
            }
            RtpPacket media = RtpPacket.parse(packet);
            if (media.payloadType() == described.payloadType()) {
                packets++;
                session.media();
                counts.received(media, now);
                to.take(media, now);
            }
        } catch (MalformedRtpException e) {
            tallies.packets().count(RtspTallies.Packet.MALFORMED);
        }
    }

    private void reports(List<RtcpPacket> packets, ReceptionStatistics counts, long now) {
        for (RtcpPacket each : packets) {
            if (each instanceof RtcpPacket.SenderReport report && clock != null) {
                counts.senderReport(report, now);
                clock.senderReport(report);
            }
        }
    }

    @Override
    public void packet(RtpPacket packet) {
        if (clock != null && depacketizer != null) {
            depacketizer.packet(packet, clock.time(packet.timestamp(), System.nanoTime()));
        }
    }

    @Override
    public void lost(long missing) {
        lost += missing;
        tallies.packets().add(RtspTallies.Packet.LOST, missing);
        if (depacketizer != null) {
            session.repaired(Repair.PACKETS_LOST);
            depacketizer.lost();
        }
    }

    @Override
    public void sourceChanged() {
        if (clock != null && depacketizer != null) {
            clock.sourceChanged();
            depacketizer.lost();
        }
    }

    /** Waits no longer for what is late. */
    void expire(long now) {
        if (window != null) {
            window.expire(now);
        }
    }

    /** What we say of what came; null when there is nothing to say. */
    @Nullable
    List<RtcpPacket> report(long now, String canonicalName) {
        ReceptionStatistics counts = statistics;
        return counts == null || !counts.heard()
                ? null
                : List.of(
                        new RtcpPacket.ReceiverReport(ssrc, List.of(counts.report(now))),
                        new RtcpPacket.SourceDescription(
                                List.of(new RtcpPacket.SourceDescription.Chunk(ssrc, canonicalName))));
    }

    /** Hands over what waits for something that will not come any more. */
    void flush() {
        if (window != null) {
            window.flush();
        }
    }

    /** Lets go of everything. */
    void release() {
        try {
            if (window != null) {
                window.release();
            }
        } finally {
            if (depacketizer != null) {
                depacketizer.release();
            }
        }
    }
}
