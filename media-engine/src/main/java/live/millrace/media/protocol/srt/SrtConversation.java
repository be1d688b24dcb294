// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/**
 * One conversation behind its handshake: what comes is put in order and acknowledged, what is sent is kept until it arrived. Whoever holds it
 * hands it packets, and a {@link #tick} every 10 ms, with the time in microseconds of one clock that never goes back. Not thread-safe;
 * {@link #close} it at the end.
 */
public final class SrtConversation {
    /** How often it wants to be told the time, ms. */
    public static final int TICK_MILLIS = 10;

    private static final long KEEP_ALIVE = 1_000_000;

    /** One that says nothing for so long is gone (draft §4.8.1 has keep-alives every second). */
    private static final long IDLE = 5_000_000;

    /**
     * What is missing is reported again after so long at the soonest, and every quarter of a round trip: twice as often as the draft has it, for a
     * report that is lost costs a try, and the sender sends nothing twice within a round trip.
     */
    private static final long SOONEST_REPORT = 20_000;

    private static final int LIGHT_EVERY = 64;
    private static final int REMEMBERED_ACKS = 256;
    private static final int MAX_RANGES = 400;

    /**
     * Packets that are sent between two ticks: a viewer who joins gets seconds of media at once, and no socket takes them in one go. 130 Mbit/s
     * are left.
     */
    private static final int BURST = 128;

    /** What a conversation does. */
    public interface Peer {
        /** Sends a packet, and takes it over. */
        void send(ByteBuf packet);

        /** Takes what came, in order; borrowed. */
        void media(ByteBuf payload);

        /** The peer wants to change its keys: answers later with {@link SrtConversation#keys}, or never. */
        void keys(byte[] message);

        /** It is over, because the peer says so. Once. */
        void shutDown();
    }

    /**
     * What a handshake agreed on.
     *
     * @param socket of the peer, which its packets are for
     * @param sequence of the first data packet in both directions
     * @param window of the peer, packets
     * @param started when our clock stood at 0
     * @param base when the peer's did, by our clock
     * @param timestamp the peer's time stamp when that was taken
     * @param latency how long we keep, ms
     * @param peerLatency how long the peer keeps, ms
     * @param receives whether the peer may send media; of one that only plays none is kept
     */
    public record Terms(
            int socket,
            int sequence,
            int window,
            long started,
            long base,
            int timestamp,
            int latency,
            int peerLatency,
            boolean receives) {
        /** The same with a peer that may send media. */
        public Terms(
                int socket,
                int sequence,
                int window,
                long started,
                long base,
                int timestamp,
                int latency,
                int peerLatency) {
            this(socket, sequence, window, started, base, timestamp, latency, peerLatency, true);
        }
    }

    private final Terms terms;
    private final Peer peer;
    private final ByteBufAllocator alloc;
    private final Optional<SrtCipher> receiving;
    private final Optional<SrtSendingKeys> sending;
    private final SrtStatistics statistics = new SrtStatistics();
    private final SrtReceiver receiver;
    private final SrtSender sender;

    private long lastReceived;
    private long lastSent;
    private boolean over;
    private int message;
    private int burst = BURST;

    // Acknowledgements.
    private int ackNumber;
    private int lastAcknowledged;
    private int confirmed;
    private long lastAckTime;
    private int sinceLight;
    private final int[] ackNumbers = new int[REMEMBERED_ACKS];
    private final int[] ackSequences = new int[REMEMBERED_ACKS];
    private final long[] ackTimes = new long[REMEMBERED_ACKS];
    private long lastReport;

    /**
     * One that begins now.
     *
     * @param keys of both directions at first; each changes its own
     */
    public SrtConversation(
            Terms terms, Optional<SrtKeys> keys, SrtRekeying rekeying, ByteBufAllocator alloc, long now, Peer peer) {
        this.terms = terms;
        this.receiving = keys.map(SrtCipher::new);
        this.sending = keys.map(first -> new SrtSendingKeys(first, rekeying));
        this.alloc = alloc;
        this.peer = peer;
        this.receiver = new SrtReceiver(
                terms.sequence(), terms.base(), terms.timestamp(), terms.latency() * 1_000L, statistics, peer::media);
        this.sender =
                new SrtSender(terms.sequence(), terms.window(), terms.peerLatency() * 1_000L, statistics, this::send);
        this.lastReceived = now;
        this.lastSent = now;
        this.lastAcknowledged = terms.sequence();
        this.confirmed = terms.sequence();
    }

    public SrtStatistics statistics() {
        return statistics;
    }

    /** Milliseconds of media that wait: for a packet that is missing, or for the peer's word that they arrived. */
    public long bufferedMillis(long now) {
        return Math.max(receiver.buffered(), sender.buffered(now)) / 1_000;
    }

    /** The peer has said nothing for too long, or has not taken another key for too long. */
    public boolean isBroken(long now) {
        return now - lastReceived > IDLE
                || sending.filter(SrtSendingKeys::usedUp).isPresent();
    }

    /** The peer has all that was sent, or what it has not is too old for it. */
    public boolean isDelivered() {
        return sender.isEmpty();
    }

    private int timestamp(long now) {
        return (int) (now - terms.started());
    }

    private void send(ByteBuf packet) {
        peer.send(packet);
    }

    // ---- what comes -------------------------------------------------------------------------------------------

    /**
     * Takes a packet for this conversation, which is no handshake.
     *
     * @param packet borrowed; a part of it is retained while it waits. Its indices may move
     */
    public void take(ByteBuf packet, long now) {
        if (over || packet.readableBytes() < SrtPacket.HEADER) {
            return;
        }
        lastReceived = now;
        int first = SrtPacket.word(packet, 0);
        int info = SrtPacket.word(packet, SrtPacket.FLAGS);
        int timestamp = SrtPacket.timestamp(packet);
        receiver.heard(timestamp);
        packet.skipBytes(SrtPacket.HEADER);
        if (first >= 0) {
            if (terms.receives()) {
                data(first, info, timestamp, packet, now);
            }
            return;
        }
        switch (first >>> 16 & SrtPacket.USER) {
            case SrtPacket.ACK -> acknowledged(info, packet, now);
            case SrtPacket.NAK -> missing(packet, now);
            case SrtPacket.ACKACK -> confirmed(info, timestamp, now);
            case SrtPacket.DROP_REQUEST -> dropped(packet, now);
            case SrtPacket.SHUTDOWN -> {
                over = true;
                peer.shutDown();
            }
            case SrtPacket.USER -> user(first & 0xFFFF, packet);
            default -> {} // a keep-alive, or what we do not know
        }
    }

    private void data(int sequence, int flags, int timestamp, ByteBuf payload, long now) {
        statistics.received++;
        if ((flags & SrtPacket.RETRANSMITTED) != 0) {
            statistics.retransmitted++;
        }
        int key = flags >>> SrtPacket.KEY_SHIFT & 3;
        boolean readable = key == 0
                ? receiving.isEmpty()
                : receiving.isPresent()
                        && receiving
                                .get()
                                .apply(sequence, key, payload, payload.readerIndex(), payload.readableBytes());
        if (!readable) {
            statistics.undecrypted++;
        }
        int gap = receiver.take(sequence, timestamp, readable ? payload : null, now);
        if (gap > 0) {
            report(SrtSerial.plus(sequence, -gap), sequence, now);
        }
        if (++sinceLight >= LIGHT_EVERY && receiver.acknowledged() != lastAcknowledged) {
            sinceLight = 0;
            ByteBuf light = control(SrtPacket.ACK, 0, 0, 4, now);
            send(light.writeInt(receiver.acknowledged()));
        }
    }

    /** Says at once what is missing between two numbers, as far as it is (draft §4.8.2). */
    private void report(int from, int to, long now) {
        // What was skipped to make room needs no report.
        int start = SrtSerial.difference(from, receiver.acknowledged()) < 0 ? receiver.acknowledged() : from;
        if (SrtSerial.difference(to, start) > 0) {
            ByteBuf out = control(SrtPacket.NAK, 0, 0, 8, now);
            if (receiver.losses(start, to, out)) {
                send(out);
            } else {
                out.release();
            }
        }
    }

    private void acknowledged(int number, ByteBuf body, long now) {
        if (body.readableBytes() < 4) {
            return;
        }
        sender.acknowledged(body.readInt() & SrtSerial.MASK, now);
        if (body.readableBytes() >= 8) {
            statistics.reported(
                    Math.clamp(Integer.toUnsignedLong(body.readInt()), 0, IDLE),
                    Math.clamp(Integer.toUnsignedLong(body.readInt()), 0, IDLE));
        }
        if (number != 0) { // a light one has none, and wants no answer
            send(control(SrtPacket.ACKACK, 0, number, 0, now));
        }
    }

    /** Answers with one word for all that is not here any more: what lies between is not either. */
    private void missing(ByteBuf list, long now) {
        boolean gone = false;
        int goneFirst = 0;
        int goneLast = 0;
        for (int ranges = 0; list.readableBytes() >= 4 && ranges < MAX_RANGES; ranges++) {
            int first = list.readInt();
            int last = first;
            if (first < 0) {
                if (list.readableBytes() < 4) {
                    break;
                }
                first &= SrtSerial.MASK;
                last = list.readInt() & SrtSerial.MASK;
            }
            if (sender.missing(first, last, now)) {
                goneFirst = gone && SrtSerial.difference(goneFirst, first) < 0 ? goneFirst : first;
                goneLast = gone && SrtSerial.difference(goneLast, last) > 0 ? goneLast : last;
                gone = true;
            }
        }
        if (gone) {
            int end = SrtSerial.plus(sender.oldest(), -1);
            ByteBuf drop = control(SrtPacket.DROP_REQUEST, 0, 0, 8, now);
            send(drop.writeInt(goneFirst).writeInt(SrtSerial.difference(goneLast, end) < 0 ? goneLast : end));
        }
    }

    private void confirmed(int number, int timestamp, long now) {
        int at = number & (REMEMBERED_ACKS - 1);
        if (number != 0 && ackNumbers[at] == number) {
            ackNumbers[at] = 0;
            statistics.roundTrip(Math.max(1, now - ackTimes[at]));
            if (SrtSerial.difference(ackSequences[at], confirmed) > 0) {
                confirmed = ackSequences[at];
            }
            receiver.drift(timestamp, now);
        }
    }

    private void dropped(ByteBuf body, long now) {
        if (terms.receives() && body.readableBytes() >= 8) {
            receiver.dropped(body.readInt() & SrtSerial.MASK, body.readInt() & SrtSerial.MASK, now);
        }
    }

    private void user(int subtype, ByteBuf body) {
        byte[] keyMessage = new byte[body.readableBytes()];
        body.readBytes(keyMessage);
        if (subtype == SrtPacket.KEY_REQUEST && receiving.isPresent()) {
            peer.keys(keyMessage);
        } else if (subtype == SrtPacket.KEY_RESPONSE) {
            sending.ifPresent(keys -> keys.answered(keyMessage));
        }
    }

    /** Goes on with the keys of a message that came, and says so to the peer. */
    public void keys(SrtKeys further, byte[] keyMessage, long now) {
        if (!over && receiving.isPresent()) {
            receiving.get().add(further);
            send(control(SrtPacket.USER, SrtPacket.KEY_RESPONSE, 0, keyMessage.length, now)
                    .writeBytes(keyMessage));
        }
    }

    // ---- what goes --------------------------------------------------------------------------------------------

    /** Whether another payload may be sent now; else it may be after a packet, or a tick. */
    public boolean hasRoom() {
        return burst > 0 && sender.hasRoom();
    }

    /**
     * Sends a payload of at most {@link SrtPacket#MAX_PAYLOAD} bytes, for which there has to be {@linkplain #hasRoom room}.
     *
     * @param from read from, as many bytes as are wanted
     */
    public void send(ByteBuf from, int length, long now) {
        burst--;
        int sequence = sender.next();
        int key = sending.map(SrtSendingKeys::use).orElse(0);
        message = message % SrtPacket.MESSAGE_MASK + 1;
        ByteBuf packet = alloc.directBuffer(SrtPacket.HEADER + length);
        packet.writeInt(sequence)
                .writeInt(SrtPacket.SOLO | key << SrtPacket.KEY_SHIFT | message)
                .writeInt(timestamp(now))
                .writeInt(terms.socket())
                .writeBytes(from, length);
        sending.ifPresent(keys -> keys.encrypt(sequence, key, packet, SrtPacket.HEADER, length));
        lastSent = now;
        sender.send(packet, now);
    }

    private ByteBuf control(int type, int subtype, int info, int length, long now) {
        lastSent = now;
        return SrtPacket.control(
                alloc.directBuffer(SrtPacket.HEADER + length), type, subtype, info, timestamp(now), terms.socket());
    }

    // ---- time -------------------------------------------------------------------------------------------------

    /** It is so late. */
    public void tick(long now) {
        if (over) {
            return;
        }
        burst = BURST;
        receiver.giveUpUntil(now);
        acknowledge(now);
        if (receiver.hasHoles()
                && now - lastReport >= Math.max(SOONEST_REPORT, (statistics.roundTrip + 4 * statistics.variance) / 4)) {
            lastReport = now;
            ByteBuf out = control(SrtPacket.NAK, 0, 0, 64, now);
            receiver.losses(out);
            send(out);
        }
        sender.tick(now);
        sending.flatMap(keys -> keys.announcement(now, statistics.roundTrip))
                .ifPresent(keyMessage -> send(control(SrtPacket.USER, SrtPacket.KEY_REQUEST, 0, keyMessage.length, now)
                        .writeBytes(keyMessage)));
        if (now - lastSent >= KEEP_ALIVE) {
            send(control(SrtPacket.KEEP_ALIVE, 0, 0, 0, now));
        }
    }

    /** Once for each number, and again while the peer does not say that it has heard of it. */
    private void acknowledge(long now) {
        int number = receiver.acknowledged();
        boolean unheard = number != confirmed && now - lastAckTime > statistics.roundTrip + 4 * statistics.variance;
        if (number == lastAcknowledged && !unheard) {
            return;
        }
        lastAcknowledged = number;
        lastAckTime = now;
        sinceLight = 0;
        ackNumber = ackNumber == Integer.MAX_VALUE ? 1 : ackNumber + 1;
        int at = ackNumber & (REMEMBERED_ACKS - 1);
        ackNumbers[at] = ackNumber;
        ackSequences[at] = number;
        ackTimes[at] = now;
        send(control(SrtPacket.ACK, 0, ackNumber, 28, now)
                .writeInt(number)
                .writeInt((int) statistics.roundTrip)
                .writeInt((int) statistics.variance)
                .writeInt(Math.max(2, receiver.free()))
                .writeInt(0) // rates, which live mode does not use
                .writeInt(0)
                .writeInt(0));
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    /** Says goodbye to the peer, unless it did. */
    public void shutDown(long now) {
        if (!over) {
            over = true;
            // libsrt wants a word behind the header of each control packet.
            send(control(SrtPacket.SHUTDOWN, 0, 0, 4, now).writeInt(0));
        }
    }

    /** Releases what it holds. Idempotent. */
    public void close() {
        over = true;
        receiver.release();
        sender.release();
    }
}
