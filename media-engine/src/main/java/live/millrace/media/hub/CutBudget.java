// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import java.util.concurrent.TimeUnit;

/**
 * How often the media of one publish session may break: each discontinuity makes every player start its decoders anew. Six at once,
 * then one every ten seconds.
 */
final class CutBudget {
    private static final int MOST = 6;
    private static final long REFILL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private int left = MOST;
    private long lastRefill;

    /** Takes one; false when there is none. */
    boolean take(long nowNanos) {
        if (left == MOST) {
            lastRefill = nowNanos;
        } else {
            int refills = (int) Math.min(MOST - left, (nowNanos - lastRefill) / REFILL_NANOS);
            left += refills;
            lastRefill += refills * REFILL_NANOS;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    void reset() {
        left = MOST;
    }
}
