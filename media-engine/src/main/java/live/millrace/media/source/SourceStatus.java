// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.time.Instant;
import java.util.Optional;

/**
 * How a source does.
 *
 * @param since when it came into this state
 * @param failure of the last attempt, if it failed; empty again when media comes
 * @param lastMedia when media came last; empty if it never did since the start of the process
 */
public record SourceStatus(State state, Instant since, Optional<SourceFailure> failure, Optional<Instant> lastMedia) {
    /** What it is doing. */
    public enum State {
        /** Nobody wants it. */
        IDLE,
        /** It connects, and waits for media. */
        STARTING,
        /** Media comes. */
        RUNNING,
        /** It failed, and tries again by itself in a moment. */
        WAITING,
        /** It failed in a way that does not mend itself, and waits for another address. */
        STOPPED
    }
}
