// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.rtcp.ReportBlock;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.time.NtpTime;
import org.jspecify.annotations.Nullable;

/**
 * What one viewer is sent of a stream, out of the packets that all share: from the last random access point on, at a pace that no line
 * mistakes for an attack, and once more what it lost. When its line, or ours, does not hold it, pictures are left out up to the next random
 * access point; sound goes on. Confined to the event loop of the port.
 */
final class Playout {
    /** The way of a packet to the viewer. */
    interface Way {
        /**
         * Sends a packet with the next flush.
         *
         * @param head its beginning; borrowed
         * @param rest what follows, which is everybody's; borrowed
         * @return whether it went out: the kernel took no more, or the peer is not there
         */
        boolean send(ByteBuf head, ByteBuf rest);

        void send(List<RtcpPacket> packets);
    }

    /** Packets at once: a key frame of a stream of 2 Mb/s is as large. */
    static final int BURST = 50;

    /** What follows a burst: 200 packets take 40 ms. */
    private static final int PACKETS_PER_MILLI = 5;

    /** Of what is sent, so much more may be sent once more; beyond, a line that loses would be filled with what it lost. */
    private static final int AGAIN_PERCENT = 20;

    /** What may be sent once more before anything was sent, and saved up at most, in bytes: a key frame. */
    private static final int MAX_AGAIN_BYTES = 64 * 1024;

    /** Numbers of one question that are looked at. */
    private static final int MAX_NUMBERS = 128;

    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Before a report came. */
    private static final long USUAL_ROUND_TRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long MAX_ROUND_TRIP_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int REPORTS = 4;
    private static final long SECOND_IN_65536 = 1 << 16;

    private final PacketLog log;
    private final List<SentLane> lanes;
    private final Way way;
    private final WebrtcTallies tallies;
    private final LineEstimate line;
    private final ByteBuf head = Unpooled.buffer(64);

    private final int[] reportStamps = new int[REPORTS];
    private final long[] reportTimes = new long[REPORTS];
    private int reports;
    private long reportedAt;

    private long place = PacketLog.NONE;
    private boolean skipping;
    private int allowance = BURST;
    private long allowedAt;
    private long againBytes = MAX_AGAIN_BYTES;
    private int transportNumber;
    private long roundTripNanos = USUAL_ROUND_TRIP_NANOS;

    /** @param media what was agreed upon, with a source where it is sent */
    Playout(PacketLog log, List<AgreedMedia> media, Way way, WebrtcTallies tallies, long nowNanos) {
        this.log = log;
        this.way = way;
        this.tallies = tallies;
        this.line = new LineEstimate(nowNanos);
        this.allowedAt = nowNanos;
        this.reportedAt = nowNanos - REPORT_NANOS;
        boolean sound =
                media.stream().anyMatch(each -> !each.video() && each.source().isPresent());
        List<SentLane> all = new ArrayList<>();
        for (AgreedMedia each : media) {
            if (each.format().isPresent() && each.source().isPresent()) {
                all.add(new SentLane(each, each.format().get(), each.source().get(), sound));
            }
        }
        this.lanes = List.copyOf(all);
    }

    /** From now on packets go out. */
    void begin(long now) {
        boolean pictures = lanes.stream().anyMatch(SentLane::isPicture);
        skipping = pictures;
        place = pictures && log.join() != PacketLog.NONE ? log.join() : log.end();
        pump(now);
    }

    /** The viewer's time from the last packet to its report about it. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    // ---- what is new ------------------------------------------------------------------------------------------

    /** Sends what is there, as far as the pace allows. */
    void pump(long now) {
        if (place == PacketLog.NONE) {
            return;
        }
        long fresh = TimeUnit.NANOSECONDS.toMillis(now - allowedAt) * PACKETS_PER_MILLI;
        if (fresh > 0) {
            allowance = (int) Math.min(BURST, allowance + fresh);
            allowedAt = now;
        }
        if (place < log.first()) {
            place = log.first(); // what stands between went, unsent
            skip(now);
        }
        while (place < log.end() && allowance > 0) {
            next(now);
        }
    }

    private void next(long now) {
        long at = place++;
        SentLane lane = lane(log.isPicture(at));
        if (lane == null) {
            return;
        }
        if (lane.isPicture() && skipping) {
            if (!log.isStart(at) || !line.isClear(now)) {
                tallies.packets().count(WebrtcTallies.Packet.SKIPPED);
                return;
            }
            skipping = false;
        }
        ByteBuf packet = log.packet(at);
        int number = PacketLog.sequenceNumber(packet);
        if (!lane.follows(number)) {
            lane.continueWith(number);
        }
        head.clear();
        lane.head(packet, transportNumber, head);
        allowance--;
        if (send(lane, packet, now)) {
            againBytes = Math.min(MAX_AGAIN_BYTES, againBytes + (long) packet.readableBytes() * AGAIN_PERCENT / 100);
        } else if (lane.isPicture()) {
            skip(now);
        }
    }

    /** Null where the viewer takes no such medium. */
    private @Nullable SentLane lane(boolean picture) {
        for (SentLane each : lanes) {
            if (each.isPicture() == picture) {
                return each;
            }
        }
        return null;
    }

    /** The payload of a packet, behind what stands in {@link #head}. */
    private boolean send(SentLane lane, ByteBuf packet, long now) {
        int start = packet.readerIndex() + RtpPacket.HEADER;
        boolean out = way.send(head, packet.slice(start, packet.writerIndex() - start));
        if (out && lane.countsTransport()) {
            line.sent(transportNumber, now);
            transportNumber = (transportNumber + 1) & 0xFFFF;
        }
        return out;
    }

    private void skip(long now) {
        skipping = true;
        line.skipped(now);
    }

    /** Whether pictures are left out. */
    boolean isSkipping() {
        return skipping;
    }

    // ---- what the viewer says ---------------------------------------------------------------------------------

    /** Sends once more what was lost. */
    void lost(RtcpPacket.Nack nack, long now) {
        for (SentLane lane : lanes) {
            if (lane.ssrc() == nack.mediaSsrc() && lane.sendsAgain()) {
                nack.sequenceNumbers().stream().limit(MAX_NUMBERS).forEach(number -> again(lane, number, now));
            }
        }
    }

    private void again(SentLane lane, int number, long now) {
        int ofStream = lane.streamNumber(number);
        long at = ofStream < 0 ? PacketLog.NONE : log.find(lane.isPicture(), ofStream);
        if (at == PacketLog.NONE) {
            return;
        }
        ByteBuf packet = log.packet(at);
        if (againBytes < packet.readableBytes() || !lane.takeAgain(number, now, SentLane.againEvery(roundTripNanos))) {
            return;
        }
        head.clear();
        lane.headAgain(packet, number, transportNumber, head);
        if (send(lane, packet, now)) {
            againBytes -= packet.readableBytes();
            tallies.packets().count(WebrtcTallies.Packet.REPEATED);
        }
    }

    /** The viewer tells when packets came. */
    void arrived(RtcpPacket.TransportFeedback feedback, long now) {
        line.heard(feedback, now);
        if (line.isFull() && !skipping && lane(true) != null) {
            skip(now);
        }
    }

    /** The viewer tells how it goes (RFC 3550 §6.4.1). */
    void reported(List<ReportBlock> blocks, long now) {
        for (ReportBlock block : blocks) {
            for (int i = 0; i < Math.min(reports, REPORTS); i++) {
                if (block.lastSenderReport() != 0 && block.lastSenderReport() == reportStamps[i]) {
                    long held = block.delaySinceSenderReport() * TimeUnit.SECONDS.toNanos(1) / SECOND_IN_65536;
                    long measured = now - reportTimes[i] - held;
                    roundTripNanos = Math.clamp(measured, 0, MAX_ROUND_TRIP_NANOS);
                }
            }
        }
    }

    // ---- what is said to it -----------------------------------------------------------------------------------

    /**
     * Says where sound and pictures are on one clock, every second.
     *
     * @param clock of the stream; nothing is said before it is known
     */
    void report(StreamPackets.Clock clock, String canonicalName, long now) {
        if (now - reportedAt < REPORT_NANOS) {
            return;
        }
        List<RtcpPacket> said = new ArrayList<>();
        List<RtcpPacket.SourceDescription.Chunk> names = new ArrayList<>();
        for (SentLane lane : lanes) {
            long timestamp = lane.isPicture() ? clock.picture() : clock.sound();
            if (lane.isRunning() && timestamp >= 0) {
                said.add(new RtcpPacket.SenderReport(
                        lane.ssrc(),
                        clock.ntpTime(),
                        timestamp,
                        lane.packets() & 0xFFFF_FFFFL,
                        lane.octets() & 0xFFFF_FFFFL,
                        List.of()));
                names.add(new RtcpPacket.SourceDescription.Chunk(lane.ssrc(), canonicalName));
            }
        }
        if (said.isEmpty()) {
            return;
        }
        reportedAt = now;
        reportStamps[reports % REPORTS] = NtpTime.middle(clock.ntpTime());
        reportTimes[reports % REPORTS] = now;
        reports++;
        said.add(new RtcpPacket.SourceDescription(names));
        way.send(said);
    }
}
