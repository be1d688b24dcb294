// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides who may watch. Asked once for each play session, before it gets its first byte of media, again before a time ends for which it
 * was granted, and when somebody has it reviewed. A recording is asked about when it is not for everybody, which its index says. Whether a
 * ticket is good for what is asked for, it says as well: a ticket for a stream may open what is recorded of it.
 *
 * <p>Called on an event loop: an implementation must return at once and do its work elsewhere. A failed stage, or one that
 * is late, refuses.
 */
@FunctionalInterface
public interface PlayAuthorizer {
    /** Everything is public. */
    PlayAuthorizer ANYBODY = new PlayAuthorizer() {
        @Override
        public CompletionStage<PlayDecision> authorize(PlayAttempt attempt) {
            return CompletableFuture.completedStage(PlayDecision.UNLIMITED);
        }

        @Override
        public boolean isPublic(String application, String name) {
            return true;
        }
    };

    CompletionStage<PlayDecision> authorize(PlayAttempt attempt);

    /**
     * Whether everybody may watch a stream, whoever it is and whatever ticket they bring: then its segments are sent without a look at who asks, while sessions are
     * asked about nevertheless. Called for every request, on an event loop: reads memory and allocates nothing.
     *
     * @param name as the address says it; perhaps one that no stream can have
     */
    default boolean isPublic(String application, String name) {
        return false;
    }
}
