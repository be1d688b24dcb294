// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

/** How many bytes of a feed may wait for one viewer: some seconds of it at its rate of late, within bounds. Confined to the stream's thread. */
final class PendingLimit {
    /** The first batches say little about a stream's rate: so much may always wait. */
    private static final long LOWEST = 1L << 20;

    private static final long MEASURED_MILLIS = 2_000;

    private final FanoutConfig config;
    private long sinceMillis = -1;
    private long sent;
    private long bytes = LOWEST;

    PendingLimit(FanoutConfig config) {
        this.config = config;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Counts a frame.
     *
     * @param millis its decode time
     * @param length its bytes
     */
    void sent(long millis, int length) {
        if (sinceMillis < 0 || millis < sinceMillis) {
            sinceMillis = millis;
            sent = 0;
        }
        sent += length;
        long elapsed = millis - sinceMillis;
        if (elapsed >= MEASURED_MILLIS) {
            bytes = Math.clamp(sent * config.maxPendingTime().toMillis() / elapsed, LOWEST, config.maxPendingBytes());
            sinceMillis = millis;
            sent = 0;
        }
    }
}
