// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.packet.RtpSequenceNumber;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.time.NtpTime;
import live.millrace.media.time.Timescale;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one track to RTP packets, numbered and stamped, and the sender reports that go with them. Its packets are the same for all who
 * take them. Used on one thread.
 */
public final class RtpTrackWriter {
    /** Payload over UDP: with all headers it fits 1,500 bytes, a tunnel's header and the tag of SRTP included. */
    public static final int USUAL_PAYLOAD = 1_400;

    private final Packetizer packetizer;
    private final PayloadFormat format;
    private final int ssrc;
    private final long firstTimestamp;
    private final int largestPayload;
    private final ByteBufAllocator allocator;

    private int sequenceNumber;
    private long packets;
    private long octets;

    /**
     * A writer of one source.
     *
     * @param ssrc a random number, as are the first sequence number and the first timestamp (RFC 3550 §5.1)
     * @param largestPayload in bytes, at least 64
     */
    public RtpTrackWriter(
            Packetizer packetizer,
            int payloadType,
            int ssrc,
            int firstSequenceNumber,
            long firstTimestamp,
            int largestPayload,
            ByteBufAllocator allocator) {
        this.packetizer = packetizer;
        this.format = packetizer.format(payloadType);
        this.ssrc = ssrc;
        this.sequenceNumber = firstSequenceNumber & 0xFFFF;
        this.firstTimestamp = firstTimestamp;
        this.largestPayload = largestPayload;
        this.allocator = allocator;
    }

    /** What a session description says of the packets. */
    public PayloadFormat format() {
        return format;
    }

    /** The number of the next packet, as RTP-Info tells it. */
    public int nextSequenceNumber() {
        return sequenceNumber;
    }

    /** The stamp of a presentation time, in units of the track. */
    public long timestamp(long presentationTime, int timescale) {
        return (firstTimestamp + Timescale.convert(presentationTime, timescale, format.clockRate())) & 0xFFFF_FFFFL;
    }

    /**
     * Writes the packets of a frame.
     *
     * @param frame borrowed
     * @param taker given each in its turn, to be released by it
     */
    public void write(MediaFrame frame, Consumer<ByteBuf> taker) {
        Writing writing =
                new Writing(timestamp(frame.presentationTime(), frame.track().timescale()), taker);
        try {
            packetizer.packetize(frame, writing);
            writing.end();
        } finally {
            writing.release();
        }
    }

    /** What a sender report says at a moment (RFC 3550 §6.4.1). */
    public RtcpPacket.SenderReport report(long epochMillis, long presentationTime, int timescale) {
        return new RtcpPacket.SenderReport(
                ssrc,
                NtpTime.ofEpochMillis(epochMillis),
                timestamp(presentationTime, timescale),
                packets & 0xFFFF_FFFFL,
                octets & 0xFFFF_FFFFL,
                List.of());
    }

    /** The packets of one frame; each is handed over when the next begins. */
    private final class Writing implements Packetizer.Payloads {
        private final long frameTimestamp;
        private final Consumer<ByteBuf> to;
        private @Nullable ByteBuf packet;

        Writing(long frameTimestamp, Consumer<ByteBuf> to) {
            this.frameTimestamp = frameTimestamp;
            this.to = to;
        }

        @Override
        public ByteBuf packet(int size, boolean marker, int timeOffset) {
            end();
            ByteBuf begun = allocator.buffer(RtpPacket.HEADER + size);
            packet = begun;
            RtpPacket.writeHeader(
                    marker, format.payloadType(), sequenceNumber, frameTimestamp + timeOffset, ssrc, begun);
            sequenceNumber = RtpSequenceNumber.next(sequenceNumber);
            packets++;
            octets += size;
            return begun;
        }

        @Override
        public int largest() {
            return largestPayload;
        }

        void end() {
            ByteBuf done = packet;
            packet = null;
            if (done != null) {
                to.accept(done);
            }
        }

        void release() {
            ByteBuf unfinished = packet;
            packet = null;
            if (unfinished != null) {
                unfinished.release();
            }
        }
    }
}
