// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When a source that failed may be tried again. Not thread-safe. */
final class BackOff {
    private static final long[] PAUSES_SECONDS = {1, 2, 5, 10, 30};

    /** While somebody looks at the page: no longer than he does. */
    private static final long LONGEST_FOR_VIEWERS = 5;

    /** Three wrong passwords lock some cameras; a first may have been one that was being changed. */
    private static final int MOST_LOGINS = 2;

    /** What breaks off sooner has not come back: the pauses go on growing. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private int failures;
    private int wrongLogins;
    private boolean running;
    private long runsSince;
    private long notBefore;

    BackOff() {
        this(System::nanoTime);
    }

    BackOff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.notBefore = nanoTime.getAsLong();
    }

    /** It is quite different. */
    void reset() {
        failures = 0;
        wrongLogins = 0;
        running = false;
        notBefore = nanoTime.getAsLong();
    }

    /** Media came. */
    void media() {
        wrongLogins = 0;
        running = true;
        runsSince = nanoTime.getAsLong();
    }

    /** Counts a failure; answers whether another try makes sense. */
    boolean failed(SourceFailure why, boolean viewersWait) {
        if (running && nanoTime.getAsLong() - runsSince >= STEADY_NANOS) {
            failures = 0;
        }
        running = false;
        if (why == SourceFailure.WRONG_LOGIN) {
            wrongLogins++;
        }
        long pause = PAUSES_SECONDS[Math.min(failures++, PAUSES_SECONDS.length - 1)];
        pause(viewersWait ? Math.min(pause, LONGEST_FOR_VIEWERS) : pause);
        return wrongLogins < MOST_LOGINS && why != SourceFailure.FORBIDDEN_ADDRESS;
    }

    /** Not for so long, and a little more: many that lost their network come back one after the other. */
    void pause(long seconds) {
        long nanos = TimeUnit.SECONDS.toNanos(seconds);
        notBefore = nanoTime.getAsLong() + nanos + ThreadLocalRandom.current().nextLong(nanos / 4);
    }

    /** In nanoseconds; 0 or less when it is over. */
    long remaining() {
        return notBefore - nanoTime.getAsLong();
    }
}
