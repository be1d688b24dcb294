// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.callback.CallbackContract.Answer;
import org.jspecify.annotations.Nullable;

/**
 * Whether one publisher may, asked again as long as nobody answers: a server that is away for a moment has refused nobody.
 *
 * <pre>
 * asked → answered, given up or cancelled
 *   ↑ ↓
 *  pause
 * </pre>
 *
 * <p>Whoever said yes counts somebody in. Unless the outcome is a grant that reached whoever asked, the yes is taken back at the end.
 * One thread at a time is in here.
 */
final class PublishQuestion {
    /** For how long it is asked again, the last try with its time-out; RTMP's own limit for the answer is a little longer. */
    private static final Duration LIMIT = Duration.ofSeconds(55);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Asked again at once. Beyond them the first answer stands, also when it is none: a callback that returns finds no flood. */
    static final int MAX_ASKED_AGAIN = 1_024;

    /** What is asked of whom, and how many other questions are being asked again. */
    record Terms(CallbackClient client, CallbackConfig config, String body, AtomicInteger askedAgain) {}

    private final Terms terms;
    private final Function<Answer, PublishDecision> meaning;
    private final Runnable takeBack;
    private final long endNanos;
    private final CompletableFuture<PublishDecision> outcome = new CompletableFuture<>();
    private boolean again;
    private volatile boolean agreed;

    /**
     * One that is not asked yet.
     *
     * @param takeBack run at most once, when somebody said yes and nothing comes of it
     */
    PublishQuestion(Terms terms, Function<Answer, PublishDecision> meaning, Runnable takeBack) {
        this.terms = terms;
        this.meaning = meaning;
        this.takeBack = takeBack;
        this.endNanos = System.nanoTime() + patience(terms.config().timeout()).toNanos();
    }

    /** How long after its first try the last one may begin. */
    static Duration patience(Duration timeout) {
        return LIMIT.minus(timeout);
    }

    /** Ends with the answer; whoever cancels it does not want to know any more. */
    CompletableFuture<PublishDecision> outcome() {
        return outcome;
    }

    void ask() {
        if (outcome.isDone()) {
            over(false);
            return;
        }
        CallbackConfig config = terms.config();
        var _ = terms.client()
                .ask(config, config.onPublish(), terms.body(), () -> !outcome.isDone(), () -> agreed = true)
                .whenComplete(this::answered);
    }

    private void answered(@Nullable Answer answer, @Nullable Throwable failure) {
        if (answer != null) {
            PublishDecision decision = meaning.apply(answer);
            boolean heard = outcome.complete(decision);
            over(heard && decision instanceof PublishDecision.Granted);
        } else if (unanswered(failure) && !outcome.isDone() && mayBeAskedAgain()) {
            // On the thread of the clock, which an asker takes it from at once.
            CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(this::ask);
        } else {
            outcome.completeExceptionally(
                    failure == null ? new IllegalStateException("neither answer nor failure") : failure);
            over(false);
        }
    }

    private static boolean unanswered(@Nullable Throwable failure) {
        return failure instanceof UncheckedIOException
                || (failure != null && failure.getCause() instanceof UncheckedIOException);
    }

    private boolean mayBeAskedAgain() {
        if (System.nanoTime() + PAUSE.toNanos() - endNanos > 0) {
            return false;
        }
        if (!again) {
            again = terms.askedAgain().incrementAndGet() <= MAX_ASKED_AGAIN;
            if (!again) {
                terms.askedAgain().decrementAndGet();
            }
        }
        return again;
    }

    private void over(boolean granted) {
        if (again) {
            again = false;
            terms.askedAgain().decrementAndGet();
        }
        if (agreed && !granted) {
            takeBack.run();
        }
    }
}
