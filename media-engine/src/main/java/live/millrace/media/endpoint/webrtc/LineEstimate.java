// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;

/**
 * Whether the line to one viewer holds what is sent, by what the viewer tells of the arrival of each packet. It decides about leaving out
 * pictures and about nothing else: a stream has one bit rate for all.
 *
 * <p>Two signs, each over {@value #WINDOW_MILLIS} ms: more than {@value #MAX_LOSS_PERCENT} percent of the packets did not come; or they took
 * {@value #MAX_QUEUE_MILLIS} ms longer than the fastest of late, so that a queue stands on the way which only grows. Clocks of the two sides
 * need not agree: only differences count. Used on one thread.
 */
final class LineEstimate {
    /** Packets on their way that are remembered; a power of two. */
    private static final int CAPACITY = 1_024;

    private static final int WINDOW_MILLIS = 1_000;
    private static final int MAX_LOSS_PERCENT = 25;
    private static final int MAX_QUEUE_MILLIS = 500;

    /** A queue that is as short as this again has room. */
    private static final int CLEAR_QUEUE_MILLIS = 100;

    /** Of fewer packets a loss says little. */
    private static final int MIN_PACKETS = 40;

    /** The fastest packet of so long ago says nothing of the way of today: clocks run apart, and routes change. */
    private static final long FASTEST_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Whoever is told of nothing for so long does not know. */
    private static final long UNHEARD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long TICK_MICROS = 250;
    private static final long UNKNOWN = Long.MIN_VALUE;

    /** When each was sent, in µs; a ring by the last bits of its number. */
    private final long[] sent = new long[CAPACITY];

    private long heardAt;
    private long windowSince;
    private int came;
    private int lost;
    private long fastest = UNKNOWN;
    private long fastestAt;
    private long fastestNext = UNKNOWN;
    private long queueMicros;
    private boolean full;

    LineEstimate(long nowNanos) {
        Arrays.fill(sent, UNKNOWN);
        windowSince = nowNanos;
        fastestAt = nowNanos;
        heardAt = nowNanos;
    }

    /** A packet goes out. */
    void sent(int number, long nowNanos) {
        sent[number & (CAPACITY - 1)] = TimeUnit.NANOSECONDS.toMicros(nowNanos);
    }

    /** The viewer tells what came. */
    void heard(RtcpPacket.TransportFeedback feedback, long nowNanos) {
        heardAt = nowNanos;
        List<Long> arrivals = feedback.arrivals();
        for (int i = 0; i < arrivals.size(); i++) {
            int slot = (feedback.base() + i) & (CAPACITY - 1);
            long then = sent[slot];
            sent[slot] = UNKNOWN;
            if (then == UNKNOWN) {
                continue;
            }
            long arrival = arrivals.get(i);
            if (arrival < 0) {
                lost++;
            } else {
                came++;
                took(arrival * TICK_MICROS - then, nowNanos);
            }
        }
        if (nowNanos - windowSince >= TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS)) {
            int all = came + lost;
            boolean losing = all >= MIN_PACKETS && lost * 100L > (long) all * MAX_LOSS_PERCENT;
            full = losing || queueMicros > TimeUnit.MILLISECONDS.toMicros(MAX_QUEUE_MILLIS);
            windowSince = nowNanos;
            came = 0;
            lost = 0;
        }
    }

    private void took(long micros, long nowNanos) {
        if (nowNanos - fastestAt > FASTEST_NANOS) {
            fastest = fastestNext == UNKNOWN ? micros : fastestNext;
            fastestNext = UNKNOWN;
            fastestAt = nowNanos;
        }
        fastest = fastest == UNKNOWN ? micros : Math.min(fastest, micros);
        fastestNext = fastestNext == UNKNOWN ? micros : Math.min(fastestNext, micros);
        queueMicros += (micros - fastest - queueMicros) / 8;
    }

    /** Whether less should be sent. */
    boolean isFull() {
        return full;
    }

    /** Whether the queue is gone, or nobody knows. */
    boolean isClear(long nowNanos) {
        return queueMicros < TimeUnit.MILLISECONDS.toMicros(CLEAR_QUEUE_MILLIS) || nowNanos - heardAt > UNHEARD_NANOS;
    }

    /** Pictures are left out from now on: what was told before says nothing of it. */
    void skipped(long nowNanos) {
        full = false;
        windowSince = nowNanos;
        came = 0;
        lost = 0;
    }
}
