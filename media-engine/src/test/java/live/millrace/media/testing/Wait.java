// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what has to become true. */
public final class Wait {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Wait() {}

    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits at most 20 s. */
    public static void until(String what, Condition condition) throws Exception {
        until(what, PATIENCE, condition);
    }

    public static void until(String what, Duration patience, Condition condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + patience.toMillis() + " ms in vain: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
