// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sending half: keeps what was sent until the peer has it, sends again what it misses, and throws away what comes too late anyhow (draft
 * §4.6). Bounded by the window.
 */
final class SrtSender {
    static final int WINDOW = 8_192;

    /** So long what was sent is kept at least, µs (draft §4.6). */
    private static final long LEAST_KEPT = 1_000_000;

    /** On top of the peer's latency: a packet is of use on its way as well. */
    private static final long SEND_DELAY = 20_000;

    /** Packets that may be sent again on top of one for each that is sent: no peer has us send more than twice of everything. */
    private static final int AGAIN = 1_024;

    /**
     * A packet that was lost twice has seldom time for more than two further tries: from then on it is sent twice each time, one tick apart. Of a
     * line that loses a packet in twenty this is a packet in four hundred more. So many wait for their second time at most.
     */
    private static final int MOST_TWINS = 1_024;

    /** Packets that are looked at between two ticks, because the peer says that it misses them: all that there can be. */
    private static final int LOOKED_AT = WINDOW;

    /** Of the newest packets, in one go, when no word came that anything arrived. */
    private static final int TAIL = 64;

    private static final long SOONEST_TAIL = 300_000;

    private final SrtStatistics statistics;
    private final Consumer<ByteBuf> wire;
    private final @Nullable ByteBuf[] packets = new ByteBuf[WINDOW];
    private final long[] made = new long[WINDOW];
    private final long[] sentLast = new long[WINDOW];
    private final Deque<Integer> twins = new ArrayDeque<>();
    private final int window;
    private final long kept;

    /** The oldest that is kept. */
    private int oldest;

    private int next;
    private int again = AGAIN;
    private int looks = LOOKED_AT;
    private long progress;
    private int tails;

    /**
     * Makes one.
     *
     * @param window what the peer said that may be on the way, packets
     * @param peerLatency µs
     * @param wire takes packets over
     */
    SrtSender(int first, int window, long peerLatency, SrtStatistics statistics, Consumer<ByteBuf> wire) {
        this.oldest = first;
        this.next = first;
        this.window = Math.clamp(window, 1, WINDOW);
        this.kept = Math.max(peerLatency + SEND_DELAY, LEAST_KEPT);
        this.statistics = statistics;
        this.wire = wire;
    }

    int next() {
        return next;
    }

    boolean isEmpty() {
        return oldest == next;
    }

    /** Whether another packet may go. */
    boolean hasRoom() {
        return SrtSerial.difference(next, oldest) < window;
    }

    /** Media that the peer did not say it has, µs. */
    long buffered(long now) {
        return oldest == next ? 0 : now - made[oldest & (WINDOW - 1)];
    }

    /** Sends a whole packet with the number {@link #next}, and takes it over. */
    void send(ByteBuf packet, long now) {
        int slot = next & (WINDOW - 1);
        if (oldest == next) {
            progress = now;
        }
        packets[slot] = packet;
        made[slot] = now;
        sentLast[slot] = now;
        next = SrtSerial.plus(next, 1);
        again = Math.min(AGAIN, again + 1);
        statistics.sent++;
        wire.accept(packet.retainedDuplicate());
    }

    /** The peer has all before this one. */
    void acknowledged(int sequence, long now) {
        if (SrtSerial.difference(sequence, oldest) > 0 && SrtSerial.difference(next, sequence) >= 0) {
            release(sequence);
            progress = now;
            tails = 0;
        }
    }

    private void release(int until) {
        while (oldest != until) {
            int slot = oldest & (WINDOW - 1);
            ByteBuf packet = packets[slot];
            packets[slot] = null;
            oldest = SrtSerial.plus(oldest, 1);
            if (packet != null) {
                packet.release();
            }
        }
    }

    /**
     * The peer misses some, both inclusive.
     *
     * @return whether some of them are not here any more, and the peer should know
     */
    boolean missing(int first, int last, long now) {
        int from = Math.max(0, SrtSerial.difference(first, oldest));
        int to = Math.min(SrtSerial.difference(next, oldest) - 1, SrtSerial.difference(last, oldest));
        for (int offset = from; offset <= to && looks > 0 && again > 0; offset++) {
            looks--;
            int sequence = SrtSerial.plus(oldest, offset);
            int slot = sequence & (WINDOW - 1);
            // One that was sent a moment ago is on its way.
            if (now - sentLast[slot] >= statistics.roundTrip) {
                if (wasSentAgain(slot) && twins.size() < MOST_TWINS) {
                    twins.add(sequence);
                }
                sentLast[slot] = now;
                sendAgain(slot);
            }
        }
        return SrtSerial.difference(first, oldest) < 0 && SrtSerial.difference(last, first) >= 0;
    }

    private boolean wasSentAgain(int slot) {
        ByteBuf packet = packets[slot];
        return packet != null && (packet.getInt(packet.readerIndex() + SrtPacket.FLAGS) & SrtPacket.RETRANSMITTED) != 0;
    }

    private void sendAgain(int slot) {
        ByteBuf packet = packets[slot];
        if (packet == null || again == 0) {
            return;
        }
        again--;
        statistics.resent++;
        int flags = packet.readerIndex() + SrtPacket.FLAGS;
        packet.setInt(flags, packet.getInt(flags) | SrtPacket.RETRANSMITTED);
        wire.accept(packet.retainedDuplicate());
    }

    int oldest() {
        return oldest;
    }

    /** Throws away what is too old, and sends the newest again when the peer says nothing of them: it cannot know what it misses. */
    void tick(long now) {
        looks = LOOKED_AT;
        int until = oldest;
        while (until != next && now - made[until & (WINDOW - 1)] > kept) {
            until = SrtSerial.plus(until, 1);
        }
        statistics.dropped += SrtSerial.difference(until, oldest);
        release(until);
        for (Integer twin = twins.poll(); twin != null; twin = twins.poll()) {
            if (SrtSerial.difference(twin, oldest) >= 0 && SrtSerial.difference(next, twin) > 0) {
                sendAgain(twin & (WINDOW - 1));
            }
        }
        long wait = Math.max(SOONEST_TAIL, statistics.roundTrip + 4 * statistics.variance) * (tails + 1);
        if (oldest != next && now - progress > wait) {
            progress = now;
            tails++;
            int from = Math.max(0, SrtSerial.difference(next, oldest) - TAIL);
            for (int offset = from; offset < SrtSerial.difference(next, oldest); offset++) {
                int slot = SrtSerial.plus(oldest, offset) & (WINDOW - 1);
                sentLast[slot] = now;
                sendAgain(slot);
            }
        }
    }

    void release() {
        release(next);
    }
}
