// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtp.packet.RtpSequenceNumber;

/**
 * Remembers when the packets of a peer came, by the number that it gives to all of them, for its estimate of the line
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). One instance for each peer; not thread-safe.
 */
public final class TransportArrivals {
    /** What times are told in. */
    static final int TICK_MICROS = 250;

    /** What they are told from: 64 ms. */
    static final long REFERENCE_TICKS = 64_000 / TICK_MICROS;

    /** Packets that one feedback tells of; more than come in its time at 50 Mb/s. */
    private static final int CAPACITY = 512;

    /** The largest distance of two arrivals that can be told, in ticks. */
    private static final long MAX_DELTA = Short.MAX_VALUE;

    private final long zero;

    /** A ring by the extended number; −1 for what did not come. */
    private final long[] ticks = new long[CAPACITY];

    private boolean started;
    private long next;
    private long highest;
    private int number;

    /** @param nowNanos a time before all others, of a clock that never goes back */
    public TransportArrivals(long nowNanos) {
        this.zero = nowNanos;
        Arrays.fill(ticks, -1);
    }

    /**
     * Notes a packet.
     *
     * @param sequence 16 bits
     */
    public void arrived(int sequence, long nowNanos) {
        long extended = started ? highest + RtpSequenceNumber.distance((int) highest, sequence) : sequence + (1L << 16);
        if (!started || extended - next >= CAPACITY) {
            Arrays.fill(ticks, -1); // what was not told of by now is no news
            started = true;
            next = extended;
            highest = extended - 1;
        }
        if (extended < next) {
            return; // told of as lost
        }
        highest = Math.max(highest, extended);
        int slot = (int) (extended % CAPACITY);
        if (ticks[slot] < 0) {
            ticks[slot] = TimeUnit.NANOSECONDS.toMicros(nowNanos - zero) / TICK_MICROS;
        }
    }

    /** What to tell the peer; empty when nothing came since the last time. */
    public Optional<RtcpPacket.TransportFeedback> take(int ssrc, int mediaSsrc) {
        if (!started || next > highest) {
            return Optional.empty();
        }
        long base = next;
        long before = -1;
        List<Long> arrivals = new ArrayList<>((int) (highest - base + 1));
        while (next <= highest) {
            int slot = (int) (next % CAPACITY);
            if (ticks[slot] >= 0 && before >= 0 && Math.abs(ticks[slot] - before) > MAX_DELTA) {
                break;
            }
            arrivals.add(ticks[slot]);
            before = ticks[slot] < 0 ? before : ticks[slot];
            ticks[slot] = -1;
            next++;
        }
        number = (number + 1) & 0xFF;
        return Optional.of(new RtcpPacket.TransportFeedback(ssrc, mediaSsrc, (int) (base & 0xFFFF), arrivals, number));
    }
}
