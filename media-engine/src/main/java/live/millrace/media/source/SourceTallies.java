// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.util.concurrent.atomic.LongAdder;
import live.millrace.media.tally.Tally;

/**
 * What is counted of fetched streams since the start, for metrics; trials do not count. Thread-safe.
 *
 * @param attempts to fetch one
 * @param failures of attempts, and of what ran
 * @param received bytes of media
 */
record SourceTallies(Tally<Attempt> attempts, Tally<SourceFailure> failures, LongAdder received) {
    /** How far an attempt came. */
    enum Attempt {
        /** It was begun. */
        BEGUN,
        /** Media of it went on air. */
        ON_AIR
    }

    static SourceTallies fresh() {
        return new SourceTallies(new Tally<>(Attempt.class), new Tally<>(SourceFailure.class), new LongAdder());
    }
}
