// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the fetching of a stream goes.
 *
 * @param since when it came into this state
 * @param failure of the last attempt, if it failed; null again when media comes
 * @param lastMedia when media came last; null if it never did since the start of the process
 */
public record FetchView(
        State state,
        Instant since,
        @Nullable FetchFailure failure,
        @Nullable Instant lastMedia) {
    /** What is being done. */
    public enum State {
        /** Nobody wants it. */
        IDLE,
        /** It is connected to, and media waited for. */
        STARTING,
        /** Media comes. */
        RUNNING,
        /** It failed, and is tried again in a moment. */
        WAITING,
        /** It failed in a way that does not mend itself. */
        STOPPED
    }
}
