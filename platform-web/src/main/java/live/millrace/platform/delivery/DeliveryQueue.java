// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queue as an operator sees it. Thread-safe. */
public interface DeliveryQueue {
    enum State {
        WAITING,
        PARKED
    }

    /**
     * One that is not done.
     *
     * @param nextAt when it is tried next; means nothing for one that is parked
     * @param lastError why the last attempt failed
     */
    record Open(
            long id,
            String kind,
            String target,
            int attempts,
            Instant madeAt,
            Instant nextAt,
            @Nullable String lastError) {}

    /** @param oldest how long the one that is overdue the longest has been so */
    record Figures(long waiting, long parked, Duration oldest) {}

    Figures figures();

    /** Those in a state, the newest first, with a smaller id than {@code before}. */
    List<Open> find(State state, long before, int most);

    /** Tries one again at once, as if it were new; answers what it was, if it is still there and nobody is at it. */
    Optional<Open> again(long id);

    /** Forgets one for good; answers what it was, if it was still there. */
    Optional<Open> drop(long id);
}
