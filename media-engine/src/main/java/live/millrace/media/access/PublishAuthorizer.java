// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.concurrent.CompletionStage;

/**
 * Decides who may publish. Asked once for each session, before {@code NetStream.Publish.Start} is sent.
 *
 * <p>Called on an event loop: an implementation must return at once and do its work elsewhere. The stage may complete
 * on any thread. A failed stage, or one that is late, refuses ({@link RefusalCause#NO_ANSWER}).
 */
@FunctionalInterface
public interface PublishAuthorizer {
    CompletionStage<PublishDecision> authorize(PublishAttempt attempt);
}
