// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.packet.RtpSequenceNumber;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.MediaSource;

/**
 * The pictures or the sound of a stream on their way to one viewer: in the numbers of the viewer's offer, without a gap where something was
 * left out. Confined to the event loop of the port.
 */
final class SentLane {
    private static final int MARKER = 0x80;
    private static final int VERSION_2 = 0x80;
    private static final int EXTENSION = 0x10;
    private static final int ONE_BYTE_EXTENSIONS = 0xBEDE;
    private static final int TIMESTAMP_AT = 4;

    /** What was sent once more of late; a ring by the last bits of the number. */
    private static final int AGAIN = 256;

    /** Pictures wait for the sound that belongs to them; without any they are shown as they come. */
    private static final int DELAY_WITH_SOUND = 40;

    /** No number: those that are have 16 bits. */
    private static final int NONE = -1;

    private final AgreedMedia agreed;
    private final int payloadType;
    private final MediaSource source;
    private final OptionalInt transport;
    private final OptionalInt delay;

    /** What the extension says: 12 bits of the shortest delay, which is none, and 12 of the longest, in tens of milliseconds. */
    private final int longestDelay;

    private final int[] againNumbers;
    private final long[] againAt;

    private boolean running;

    /** Below 2¹⁵, so that a viewer who misses the first packets guesses their rollover counter right (RFC 3711 §3.3.1). */
    private int next = ThreadLocalRandom.current().nextInt(1 << 15);

    /** From our numbers to the stream's. */
    private int offset;

    /** How many went out for which the offset holds. */
    private long run;

    private int nextAgain = ThreadLocalRandom.current().nextInt(1 << 15);
    private long packets;
    private long octets;

    /**
     * Nothing has gone out yet.
     *
     * @param agreed with a format and a source
     * @param withSound there is sound beside it, for which pictures may wait
     */
    SentLane(AgreedMedia agreed, PayloadFormat format, MediaSource source, boolean withSound) {
        this.longestDelay = withSound ? DELAY_WITH_SOUND : 0;
        this.agreed = agreed;
        this.payloadType = format.payloadType();
        this.source = source;
        this.transport = agreed.transportSequence();
        this.delay = agreed.playoutDelay();
        this.againNumbers = new int[sendsAgain() ? AGAIN : 0];
        this.againAt = new long[againNumbers.length];
        Arrays.fill(againNumbers, NONE);
    }

    int ssrc() {
        return source.ssrc();
    }

    boolean isPicture() {
        return agreed.video();
    }

    boolean countsTransport() {
        return transport.isPresent();
    }

    /** Whether what is lost is sent once more. */
    boolean sendsAgain() {
        return agreed.feedback().contains(AgreedMedia.NACK);
    }

    /** Something went out. */
    boolean isRunning() {
        return running;
    }

    long packets() {
        return packets;
    }

    long octets() {
        return octets;
    }

    // ---- numbers ----------------------------------------------------------------------------------------------

    /** What comes next is a packet of the stream's, whatever came before it. */
    void continueWith(int streamNumber) {
        running = true;
        offset = (streamNumber - next) & 0xFFFF;
        run = 0;
    }

    /** Whether a packet of the stream's follows what went out. */
    boolean follows(int streamNumber) {
        return running && ((next + offset) & 0xFFFF) == streamNumber;
    }

    /** The stream's number of what went out under one of ours; −1 if nothing did, or it belongs to what was before a gap. */
    int streamNumber(int ours) {
        int ago = RtpSequenceNumber.distance(ours, next);
        return ago > 0 && ago <= run ? (ours + offset) & 0xFFFF : NONE;
    }

    /** Whether one of our numbers may be sent once more now; then it has been. */
    boolean takeAgain(int ours, long now, long everyNanos) {
        int slot = ours & (AGAIN - 1);
        if (againNumbers[slot] == ours && now - againAt[slot] < everyNanos) {
            return false;
        }
        againNumbers[slot] = ours;
        againAt[slot] = now;
        return true;
    }

    // ---- headers ----------------------------------------------------------------------------------------------

    /**
     * Writes the header of the next packet.
     *
     * @param packet the stream's
     * @param number of all packets to the viewer, if they are counted
     */
    void head(ByteBuf packet, int number, ByteBuf out) {
        header(packet, payloadType, next, source.ssrc(), number, out);
        next = RtpSequenceNumber.next(next);
        run++;
        packets++;
        octets += packet.readableBytes() - RtpPacket.HEADER;
    }

    /** Writes what stands before the payload of one that is sent once more (RFC 4588 §4), or the very same header where that has no place. */
    void headAgain(ByteBuf packet, int ours, int number, ByteBuf out) {
        OptionalInt type = agreed.retransmission();
        if (type.isEmpty()) {
            header(packet, payloadType, ours, source.ssrc(), number, out);
            return;
        }
        header(packet, type.getAsInt(), nextAgain, source.retransmissionSsrc(), number, out);
        nextAgain = RtpSequenceNumber.next(nextAgain);
        out.writeShort(ours);
    }

    private void header(ByteBuf packet, int type, int sequenceNumber, int ssrc, int number, ByteBuf out) {
        int start = packet.readerIndex();
        boolean extended = transport.isPresent() || delay.isPresent();
        out.writeByte(extended ? VERSION_2 | EXTENSION : VERSION_2);
        out.writeByte((packet.getByte(start + 1) & MARKER) | type);
        out.writeShort(sequenceNumber).writeInt(packet.getInt(start + TIMESTAMP_AT));
        out.writeInt(ssrc);
        if (!extended) {
            return;
        }
        int bytes = (transport.isPresent() ? 3 : 0) + (delay.isPresent() ? 4 : 0);
        int words = (bytes + 3) / 4;
        out.writeShort(ONE_BYTE_EXTENSIONS).writeShort(words);
        transport.ifPresent(id -> out.writeByte(id << 4 | 1).writeShort(number));
        delay.ifPresent(id -> out.writeByte(id << 4 | 2).writeMedium(longestDelay));
        out.writeZero(4 * words - bytes);
    }

    /** Between two answers for one packet. */
    static long againEvery(long roundTripNanos) {
        return Math.max(TimeUnit.MILLISECONDS.toNanos(25), roundTripNanos);
    }
}
