// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half: puts packets in order, hands them on as soon as nothing is missing before them, and gives a hole up when what stands
 * behind it would have to be shown (draft §4.5, §4.6): a clean link costs no latency. Bounded by its window.
 */
final class SrtReceiver {
    /** Packets between the first that is missing and the newest. */
    static final int WINDOW = 8_192;

    /** Numbers in one loss report at most: it fits into a packet. */
    static final int MAX_LOSSES = 340;

    /** So much later than it should be nothing is shown, whatever its stamp says, µs. */
    private static final long MAX_AHEAD = 1_000_000;

    /** Numbers that a peer may jump over, or declare lost, between two ticks: on the way they have to be walked over. */
    private static final int WALKED = 4 * WINDOW;

    /** A shorter payload that has to wait is copied: the memory that it came in is that of the largest. */
    private static final int SMALL = 700;

    /** The clock of a peer is corrected after so many samples, when they are off by more (draft §4.7). */
    private static final int DRIFT_SAMPLES = 1_000;

    private static final long MAX_DRIFT = 5_000;

    /** Stands where a packet was given up, or could not be decrypted. */
    private static final ByteBuf NOTHING = Unpooled.EMPTY_BUFFER;

    private final SrtStatistics statistics;
    private final Consumer<ByteBuf> media;
    private final @Nullable ByteBuf[] slots = new ByteBuf[WINDOW];
    private final long[] playTimes = new long[WINDOW];
    private final long latency;

    /** The next to be handed on: all before it was, or was given up. */
    private int next;

    /** Behind the newest that came. */
    private int end;

    /** How many between the two are there. */
    private int present;

    private long base;
    private long lastTimestamp;
    private long driftSum;
    private int driftSamples;
    private int walks = WALKED;
    private boolean released;

    /**
     * Makes one.
     *
     * @param first number of the first packet
     * @param base what to add to the peer's time stamps, µs
     * @param timestamp of the packet that the base is of
     * @param latency µs
     * @param media takes payloads in order; borrowed
     */
    SrtReceiver(int first, long base, int timestamp, long latency, SrtStatistics statistics, Consumer<ByteBuf> media) {
        this.next = first;
        this.end = first;
        this.base = base;
        this.lastTimestamp = Integer.toUnsignedLong(timestamp);
        this.latency = latency;
        this.statistics = statistics;
        this.media = media;
    }

    /** All before this one came, or was given up. */
    int acknowledged() {
        return next;
    }

    int free() {
        return WINDOW - SrtSerial.difference(end, next);
    }

    /** How much media waits behind a hole, µs. */
    long buffered() {
        if (present == 0) {
            return 0;
        }
        long last = playTimes[SrtSerial.plus(end, -1) & (WINDOW - 1)];
        int first = firstPresent();
        return Math.max(0, last - playTimes[first & (WINDOW - 1)]);
    }

    private int firstPresent() {
        int at = next;
        while (slots[at & (WINDOW - 1)] == null) {
            at = SrtSerial.plus(at, 1);
        }
        return at;
    }

    private long unwrapped(int timestamp) {
        return lastTimestamp + (timestamp - (int) lastTimestamp);
    }

    /** A packet of whatever kind has this time stamp: so that one goes round in silence as well. */
    void heard(int timestamp) {
        lastTimestamp = Math.max(lastTimestamp, unwrapped(timestamp));
    }

    /**
     * Takes a packet.
     *
     * @param payload retained or copied when it has to wait; null for one that cannot be read
     * @return how many just before it are missing that were not known to be
     */
    int take(int sequence, int timestamp, @Nullable ByteBuf payload, long now) {
        int offset = SrtSerial.difference(sequence, next);
        if (offset < 0) {
            statistics.belated++;
            return 0;
        }
        if (offset >= 2 * WINDOW) {
            statistics.outside++; // no sender of live media is so far ahead
            return 0;
        }
        if (offset >= WINDOW && !walk(WINDOW)) {
            statistics.outside++;
            return 0;
        }
        while (offset >= WINDOW && !released) {
            giveUpFirstHole(offset);
            offset = SrtSerial.difference(sequence, next);
        }
        if (released) {
            return 0; // what was handed on has ended the conversation
        }
        int slot = sequence & (WINDOW - 1);
        int gap = SrtSerial.difference(sequence, end);
        if (gap < 0 && slots[slot] != null) {
            statistics.belated++;
            return 0;
        }
        long unwrapped = unwrapped(timestamp);
        if (gap >= 0) {
            end = SrtSerial.plus(sequence, 1);
            statistics.lost += gap;
        }
        slots[slot] = payload == null ? NOTHING : offset == 0 ? payload.retain() : keep(payload);
        playTimes[slot] = playTime(unwrapped, now);
        present++;
        handOn();
        return Math.max(0, gap);
    }

    private static ByteBuf keep(ByteBuf payload) {
        int length = payload.readableBytes();
        if (length == 0) {
            return NOTHING;
        }
        return length < SMALL
                ? payload.alloc().buffer(length).writeBytes(payload, payload.readerIndex(), length)
                : payload.retain();
    }

    private long playTime(long unwrapped, long now) {
        return Math.min(base + unwrapped, now + MAX_AHEAD) + latency;
    }

    private boolean walk(int numbers) {
        if (walks < numbers) {
            return false;
        }
        walks -= numbers;
        return true;
    }

    /** Hands on what nothing is missing before. */
    private void handOn() {
        for (ByteBuf payload = slots[next & (WINDOW - 1)]; payload != null; payload = slots[next & (WINDOW - 1)]) {
            slots[next & (WINDOW - 1)] = null;
            next = SrtSerial.plus(next, 1);
            present--;
            try {
                if (payload.isReadable()) {
                    media.accept(payload);
                }
            } finally {
                payload.release();
            }
        }
    }

    /** Its time has come: holes are given up whose next packet has to be shown now (too-late drop). */
    void giveUpUntil(long now) {
        walks = WALKED;
        while (present > 0) {
            int first = firstPresent();
            if (playTimes[first & (WINDOW - 1)] > now) {
                return;
            }
            statistics.dropped += SrtSerial.difference(first, next);
            next = first;
            handOn();
        }
    }

    /** Makes room for one that is far ahead. */
    private void giveUpFirstHole(int offset) {
        if (present == 0) {
            int skipped = offset - WINDOW + 1;
            statistics.dropped += skipped;
            next = SrtSerial.plus(next, skipped);
            end = SrtSerial.difference(next, end) > 0 ? next : end;
            return;
        }
        int first = firstPresent();
        statistics.dropped += SrtSerial.difference(first, next);
        next = first;
        handOn();
    }

    /** The sender has thrown these away: nobody waits for them. Whatever a peer may say, not more than the window is looked at. */
    void dropped(int first, int last, long now) {
        int from = Math.max(0, SrtSerial.difference(first, next));
        int to = Math.min(WINDOW - 1, SrtSerial.difference(last, next));
        if (to < from || !walk(to - from + 1)) {
            return;
        }
        for (int offset = from; offset <= to; offset++) {
            int sequence = SrtSerial.plus(next, offset);
            int slot = sequence & (WINDOW - 1);
            if (SrtSerial.difference(sequence, end) >= 0) {
                end = SrtSerial.plus(sequence, 1);
                slots[slot] = null;
            }
            if (slots[slot] == null) {
                slots[slot] = NOTHING;
                playTimes[slot] = playTime(lastTimestamp, now);
                present++;
                statistics.dropped++;
            }
        }
        handOn();
    }

    /** Whether something is missing. */
    boolean hasHoles() {
        return SrtSerial.difference(end, next) != present;
    }

    /**
     * Writes what is missing, as ranges (draft §3.2.5, Appendix A).
     *
     * @return whether something is
     */
    boolean losses(ByteBuf out) {
        return losses(next, end, out);
    }

    boolean losses(int from, int to, ByteBuf out) {
        int written = 0;
        if (SrtSerial.difference(to, from) == 0 || !hasHoles()) {
            return false;
        }
        for (int at = from; at != to && written + 2 <= MAX_LOSSES; ) {
            if (slots[at & (WINDOW - 1)] != null) {
                at = SrtSerial.plus(at, 1);
                continue;
            }
            int last = at;
            while (SrtSerial.plus(last, 1) != to && slots[SrtSerial.plus(last, 1) & (WINDOW - 1)] == null) {
                last = SrtSerial.plus(last, 1);
            }
            if (last == at) {
                out.writeInt(at);
                written++;
            } else {
                out.writeInt(at | 0x8000_0000).writeInt(last);
                written += 2;
            }
            at = SrtSerial.plus(last, 1);
        }
        return written > 0;
    }

    /** A sample of the peer's clock: a packet with this time stamp came now. */
    void drift(int timestamp, long now) {
        driftSum += now - (base + unwrapped(timestamp));
        if (++driftSamples == DRIFT_SAMPLES) {
            long mean = driftSum / DRIFT_SAMPLES;
            if (Math.abs(mean) > MAX_DRIFT) {
                base += mean;
            }
            driftSum = 0;
            driftSamples = 0;
        }
    }

    void release() {
        released = true;
        for (int i = 0; i < WINDOW; i++) {
            ByteBuf payload = slots[i];
            if (payload != null) {
                slots[i] = null;
                payload.release();
            }
        }
        present = 0;
    }
}
