// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;

/** The body of what a peer says of the arrival of our packets (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */
final class TransportFeedbackReader {
    /** More packets than a second of video has; a datagram of a few bytes could tell of 65,535. */
    private static final int MAX_PACKETS = 4_096;

    private static final int SMALL = 1;
    private static final int LARGE = 2;
    private static final int VECTOR = 0x8000;
    private static final int TWO_BITS = 0x4000;

    private TransportFeedbackReader() {}

    /**
     * Reads from the sender's SSRC on.
     *
     * @throws MalformedRtpException if it tells of no packet, or of too many
     * @throws IndexOutOfBoundsException if it is cut short
     */
    static RtcpPacket.TransportFeedback read(ByteBuf body) {
        int ssrc = body.readInt();
        int mediaSsrc = body.readInt();
        int base = body.readUnsignedShort();
        int count = body.readUnsignedShort();
        if (count == 0 || count > MAX_PACKETS) {
            throw new MalformedRtpException("a feedback of " + count + " packets");
        }
        long before = body.readUnsignedMedium() * TransportArrivals.REFERENCE_TICKS;
        int number = body.readUnsignedByte();
        byte[] symbols = symbols(count, body);
        List<Long> arrivals = new ArrayList<>(count);
        for (byte symbol : symbols) {
            switch (symbol) {
                case SMALL -> {
                    before += body.readUnsignedByte();
                    arrivals.add(before);
                }
                case LARGE -> {
                    before = Math.max(0, before + body.readShort());
                    arrivals.add(before);
                }
                default -> arrivals.add(-1L);
            }
        }
        return new RtcpPacket.TransportFeedback(ssrc, mediaSsrc, base, arrivals, number);
    }

    /** §3.1.2 to §3.1.4. */
    private static byte[] symbols(int count, ByteBuf body) {
        byte[] symbols = new byte[count];
        int at = 0;
        while (at < count) {
            int chunk = body.readUnsignedShort();
            if ((chunk & VECTOR) == 0) {
                int run = Math.min(chunk & 0x1FFF, count - at);
                if (run == 0) {
                    throw new MalformedRtpException("a run of no packets");
                }
                for (int i = 0; i < run; i++) {
                    symbols[at++] = (byte) (chunk >> 13);
                }
            } else if ((chunk & TWO_BITS) != 0) {
                for (int shift = 12; shift >= 0 && at < count; shift -= 2) {
                    symbols[at++] = (byte) (chunk >> shift & 3);
                }
            } else {
                for (int shift = 13; shift >= 0 && at < count; shift--) {
                    symbols[at++] = (byte) (chunk >> shift & 1);
                }
            }
        }
        return symbols;
    }
}
