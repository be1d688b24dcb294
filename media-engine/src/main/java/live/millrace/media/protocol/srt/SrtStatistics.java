// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

/** What a conversation has seen. Confined to its thread. */
public final class SrtStatistics {
    /** Smoothed round-trip time, µs (draft §4.10), and how far samples lie from it. */
    long roundTrip = 100_000;

    long variance = 50_000;
    boolean measured;

    long received;
    long sent;
    long lost;
    long retransmitted;
    long resent;
    long dropped;
    long belated;
    long outside;
    long undecrypted;

    /** Takes a sample. */
    void roundTrip(long sample) {
        if (measured) {
            variance = (3 * variance + Math.abs(roundTrip - sample)) / 4;
            roundTrip = (7 * roundTrip + sample) / 8;
        } else {
            measured = true;
            roundTrip = sample;
            variance = sample / 2;
        }
    }

    /** Takes what the peer measured. */
    void reported(long time, long spread) {
        if (measured) {
            roundTrip = (7 * roundTrip + time) / 8;
            variance = (3 * variance + spread) / 4;
        } else {
            measured = true;
            roundTrip = time;
            variance = spread;
        }
    }

    /** Whether the round-trip time is measured; else it is a guess. */
    public boolean measured() {
        return measured;
    }

    /** Microseconds. */
    public long roundTrip() {
        return roundTrip;
    }

    /** Data packets that came, with those that came again. */
    public long received() {
        return received;
    }

    /** Data packets that were sent, without those that were sent again. */
    public long sent() {
        return sent;
    }

    /** Packets that were missing when others behind them came. */
    public long lost() {
        return lost;
    }

    /** Packets that came marked as sent again. */
    public long retransmitted() {
        return retransmitted;
    }

    /** Packets that we sent again. */
    public long resent() {
        return resent;
    }

    /** Packets that came too late or not at all, and those that we threw away unsent. */
    public long dropped() {
        return dropped;
    }

    /** Packets that could not be decrypted. */
    public long undecrypted() {
        return undecrypted;
    }
}
