// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides who may watch. Asked once for each play session, before it gets its first byte of media.
 *
 * <p>Called on an event loop: an implementation must return at once and do its work elsewhere. A failed stage, or one that
 * is late, refuses.
 */
@FunctionalInterface
public interface PlayAuthorizer {
    /** Everything is public. */
    PlayAuthorizer ANYBODY = _ -> CompletableFuture.completedStage(true);

    CompletionStage<Boolean> authorize(PlayAttempt attempt);
}
