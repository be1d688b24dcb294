// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** When a source that failed may be tried again. Not thread-safe. */
final class BackOff {
    private static final long[] PAUSES_SECONDS = {1, 2, 5, 10, 30};

    /** While somebody looks at the page: no longer than he does. */
    private static final long LONGEST_FOR_VIEWERS = 5;

    /** Three wrong passwords lock some cameras; a first may have been one that was being changed. */
    private static final int MOST_LOGINS = 2;

    private int failures;
    private int wrongLogins;
    private long notBefore = System.nanoTime();

    /** All is well, or quite different. */
    void reset() {
        failures = 0;
        wrongLogins = 0;
        notBefore = System.nanoTime();
    }

    /** Counts a failure; answers whether another try makes sense. */
    boolean failed(SourceFailure why, boolean viewersWait) {
        wrongLogins = why == SourceFailure.WRONG_LOGIN ? wrongLogins + 1 : 0;
        long pause = PAUSES_SECONDS[Math.min(failures++, PAUSES_SECONDS.length - 1)];
        pause(viewersWait ? Math.min(pause, LONGEST_FOR_VIEWERS) : pause);
        return wrongLogins < MOST_LOGINS && why != SourceFailure.FORBIDDEN_ADDRESS;
    }

    /** Not for so long, and a little more: many that lost their network come back one after the other. */
    void pause(long seconds) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        notBefore = System.nanoTime() + nanos + ThreadLocalRandom.current().nextLong(nanos / 4);
    }

    /** In nanoseconds; 0 or less when it is over. */
    long remaining() {
        return notBefore - System.nanoTime();
    }
}
