// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint;

/** How many of the packets of the last ten samples were lost, from counters that only grow. One for each session; not thread-safe. */
public final class LossMeter {
    private static final int SAMPLES = 10;

    private final long[] expected = new long[SAMPLES];
    private final long[] lost = new long[SAMPLES];
    private int at;

    /**
     * Takes a sample.
     *
     * @param expectedSoFar packets that were sent, as far as one can tell
     * @param lostSoFar packets of those that were missing
     * @return percent, 0 to 100
     */
    public double take(long expectedSoFar, long lostSoFar) {
        long packets = expectedSoFar - expected[at];
        long missing = lostSoFar - lost[at];
        expected[at] = expectedSoFar;
        lost[at] = lostSoFar;
        at = (at + 1) % SAMPLES;
        return packets <= 0 ? 0 : Math.clamp(100.0 * missing / packets, 0, 100);
    }
}
