// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the packets of one track in order: waits for one that is late, drops what comes twice, and says what is lost. One instance for each
 * track, used on one thread.
 */
public final class ReorderWindow {
    /** Packets that wait for an earlier one; more, and that one is lost. As many as gortsplib has. */
    public static final int PACKETS = 64;

    /** How long they wait. */
    public static final long WAIT_NANOS = 100_000_000;

    /** The same where what is missing is asked for: a key frame of a good picture has several hundred packets. */
    private static final int ASKED_PACKETS = 1_024;

    /** Time for three questions over a long line. */
    private static final long ASKED_WAIT_NANOS = 400_000_000;

    /** Hears of packets in the order in which they were sent. */
    public interface Listener {
        /** @param packet borrowed for the length of the call */
        void packet(RtpPacket packet);

        /** Packets between the one before and the next will not come. */
        void lost(long packets);

        /** The next packet is of another source than those before. */
        void sourceChanged();
    }

    private final Listener listener;
    private final int capacity;
    private final long waitNanos;
    private final SequenceTracker tracker = new SequenceTracker();

    /** A ring: the packet of extended number n at n modulo its size. */
    private final @Nullable RtpPacket[] waiting;

    private int count;
    private long next;
    private long waitingSince;
    private boolean started;

    private ReorderWindow(Listener listener, int capacity, long waitNanos) {
        this.listener = listener;
        this.capacity = capacity;
        this.waitNanos = waitNanos;
        this.waiting = new @Nullable RtpPacket[capacity + 1];
    }

    /** For packets that come by UDP. */
    public static ReorderWindow overUdp(Listener listener) {
        return new ReorderWindow(listener, PACKETS, WAIT_NANOS);
    }

    /** For packets that come by TCP, which keeps their order: what is missing was never sent. */
    public static ReorderWindow overTcp(Listener listener) {
        return new ReorderWindow(listener, 0, WAIT_NANOS);
    }

    /** For packets that come by UDP from a peer that sends again what it is asked for. */
    public static ReorderWindow overUdpWithQuestions(Listener listener) {
        return new ReorderWindow(listener, ASKED_PACKETS, ASKED_WAIT_NANOS);
    }

    /** Tells the extended numbers of the packets that others wait for. */
    public void missing(LongConsumer each) {
        int left = count;
        for (long number = next; left > 0; number++) {
            if (waiting[(int) (number % waiting.length)] == null) {
                each.accept(number);
            } else {
                left--;
            }
        }
    }

    /**
     * Takes the next packet in the order of arrival.
     *
     * @param packet borrowed; retained for as long as it waits
     * @param nowNanos of a clock that never goes back
     */
    public void take(RtpPacket packet, long nowNanos) {
        boolean fresh = tracker.take(packet.ssrc(), packet.sequenceNumber());
        long number = tracker.extended();
        if (fresh) {
            flush();
            if (started) {
                listener.sourceChanged();
            }
            started = true;
            next = number;
        }
        if (number < next) {
            return; // too late, or twice
        }
        while (number - next > capacity) {
            giveUp(number);
        }
        if (number == next) {
            next++;
            listener.packet(packet);
            deliver();
            waitingSince = nowNanos;
            return;
        }
        int slot = (int) (number % waiting.length);
        if (waiting[slot] == null) {
            if (count++ == 0) {
                waitingSince = nowNanos;
            }
            waiting[slot] = packet.retain();
        }
        expire(nowNanos);
    }

    /** Gives up on packets that were waited for long enough. To be called every so often while packets may wait. */
    public void expire(long nowNanos) {
        if (count > 0 && nowNanos - waitingSince >= waitNanos) {
            giveUp(Long.MAX_VALUE);
            waitingSince = nowNanos;
        }
    }

    /** Hands over what waits, with its gaps. */
    public void flush() {
        while (count > 0) {
            giveUp(Long.MAX_VALUE);
        }
    }

    /** Lets go of what waits; nothing is told any more. */
    public void release() {
        for (int i = 0; i < waiting.length; i++) {
            RtpPacket packet = waiting[i];
            if (packet != null) {
                waiting[i] = null;
                packet.release();
            }
        }
        count = 0;
    }

    /** Declares lost what is missing before the first packet that waits, or before {@code limit} when none does, and goes on. */
    private void giveUp(long limit) {
        long lost = 0;
        if (count == 0) {
            lost = limit - next;
        } else {
            while (waiting[(int) ((next + lost) % waiting.length)] == null) {
                lost++;
            }
        }
        next += lost;
        if (lost > 0) {
            listener.lost(lost);
        }
        deliver();
    }

    private void deliver() {
        while (count > 0) {
            int slot = (int) (next % waiting.length);
            RtpPacket packet = waiting[slot];
            if (packet == null) {
                return;
            }
            waiting[slot] = null;
            count--;
            next++;
            try {
                listener.packet(packet);
            } finally {
                packet.release();
            }
        }
    }
}
