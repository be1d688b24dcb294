// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

/**
 * Which of the last packets of one source came already (RFC 3711 §3.3.2), by their index. What is older than the window counts as come: it
 * might have. Not thread-safe.
 */
final class ReplayWindow {
    /** The least that may be is 64; a packet that was asked for again comes later than that at the bit rates of video. */
    static final int PACKETS = 1_024;

    private static final int WORD = Long.SIZE;

    /** A ring: the bit of index n at n modulo its size. */
    private final long[] seen = new long[PACKETS / WORD];

    private long highest = -1;

    /** The highest index that came; −1 while none did. */
    long highest() {
        return highest;
    }

    /** Whether a packet did not come yet. */
    boolean isNew(long index) {
        return index > highest
                || (index > highest - PACKETS && (seen[word(index)] & 1L << index) == 0); // shifts count modulo 64
    }

    /** Notes that one came that is authentic and {@linkplain #isNew new}. */
    void add(long index) {
        for (long skipped = Math.max(highest + 1, index - PACKETS + 1); skipped < index; skipped++) {
            seen[word(skipped)] &= ~(1L << skipped);
        }
        seen[word(index)] |= 1L << index;
        highest = Math.max(highest, index);
    }

    private static int word(long index) {
        return (int) (index % PACKETS) / WORD;
    }
}
