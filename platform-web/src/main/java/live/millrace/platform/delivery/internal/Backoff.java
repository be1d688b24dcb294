// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after so many failures: one second, then four times as long each time, a day at most. */
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofHours(24);
    private static final int GROWTH = 4;

    /** With the pauses between them about three days; whoever is away for longer is looked for by people. */
    static final int ATTEMPTS = 12;

    /** A fifth more or less: what failed together does not come back together. */
    private static final double JITTER = 0.2;

    private Backoff() {}

    /** @param failures so far, this one included */
    static Duration after(int failures) {
        double millis =
                Math.min((double) LONGEST.toMillis(), FIRST.toMillis() * Math.pow(GROWTH, Math.max(0, failures - 1)));
        double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofMillis(Math.min(LONGEST.toMillis(), Math.round(millis * jitter)));
    }
}
