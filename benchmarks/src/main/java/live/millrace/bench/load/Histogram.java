// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/** Times in microseconds, counted in buckets that are 3 % wide. Thread-safe. */
final class Histogram {
    private static final double WIDTH = Math.log(1.03);
    private static final int BUCKETS = 800;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void add(long micros) {
        int bucket = micros < 1 ? 0 : (int) (Math.log((double) micros) / WIDTH);
        counts.incrementAndGet(Math.min(BUCKETS - 1, bucket));
    }

    void clear() {
        for (int i = 0; i < BUCKETS; i++) {
            counts.set(i, 0);
        }
    }

    /** In milliseconds; 0 when nothing was counted. */
    double millis(double share) {
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += counts.get(i);
        }
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts.get(i);
            if (seen > 0 && seen >= all * share) {
                return Math.exp(i * WIDTH) / 1_000;
            }
        }
        return 0;
    }
}
