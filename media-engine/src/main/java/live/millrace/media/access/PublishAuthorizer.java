// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.access;

import java.util.concurrent.CompletionStage;

/**
 * Decides who may publish. Asked once for each session, before its peer hears that it may.
 *
 * <p>Called on an event loop: an implementation must return at once and do its work elsewhere. The stage may complete
 * on any thread. A failed stage, or one that is late, ends the session without a word
 * about the key ({@link RefusalCause#NO_ANSWER}): whoever cannot know yet completes it later rather than with a no.
 *
 * <p>Whoever asks cancels the stage's {@link CompletionStage#toCompletableFuture() future} when he does not want to know any more,
 * because the peer left or the time is over. An implementation that returns a {@code CompletableFuture} learns of it there: it need
 * not ask on, and a yes that {@code complete} does not take any more has let nobody in. A yes that it did take is reported in any
 * case, to {@link PublishObserver#started} or with {@link PublishObserver#refused}.
 */
@FunctionalInterface
public interface PublishAuthorizer {
    CompletionStage<PublishDecision> authorize(PublishAttempt attempt);
}
