// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.media.access.Passphrase;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.Resumption;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open questions whether somebody may publish, one for each session. What nobody knows while the database is away waits here until
 * it is asked again, its time is over, or its peer left; whichever comes first takes it away. Thread-safe.
 *
 * <pre>
 * ASKED → answered
 * ASKED → WAITING → ASKED …, until answered, late or left
 * </pre>
 */
final class OpenQuestions implements AutoCloseable {
    /** Everybody of a full site, back at once after its network was away. Beyond these, a question stays without an answer. */
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(OpenQuestions.class);

    /** Questions at a time: more than there are connections to the database would wait for those. */
    private static final int ASKERS = 32;

    private static final long ASKER_IDLE_SECONDS = 30;

    private record Open(PublishQuestion question, CompletableFuture<PublishDecision> answer, AtomicBoolean waiting) {}

    private final PublishAuthorization authorization;
    private final Duration patience;
    private final Semaphore room;
    private final Map<UUID, Open> open = new ConcurrentHashMap<>();
    private final ExecutorService askers = askers();

    /**
     * @param patience how long a question may be open
     * @param most how many may be at a time
     */
    OpenQuestions(PublishAuthorization authorization, Duration patience, int most) {
        this.authorization = authorization;
        this.patience = patience;
        this.room = new Semaphore(most);
    }

    /**
     * The queue needs no bound of its own: a question stands in it once. One whose peer left is passed over when its turn comes.
     */
    private static ExecutorService askers() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                ASKERS,
                ASKERS,
                ASKER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("publish-questions-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Asks. The stage fails when nobody could answer in time, when too many are asked, and when the peer left. */
    CompletionStage<PublishDecision> ask(PublishQuestion question) {
        if (!room.tryAcquire()) {
            return CompletableFuture.failedStage(
                    new RejectedExecutionException("too many questions whether somebody may publish are open"));
        }
        Open asked = new Open(question, new CompletableFuture<>(), new AtomicBoolean());
        open.put(question.sessionId(), asked);
        // Whoever hears the answer finds the question gone.
        CompletableFuture<PublishDecision> closed = asked.answer()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, _) -> {
                    open.remove(question.sessionId(), asked);
                    room.release();
                });
        submit(asked);
        return closed.minimalCompletionStage();
    }

    private void submit(Open asked) {
        try {
            var _ = CompletableFuture.runAsync(() -> put(asked), askers).whenComplete((_, failure) -> {
                if (failure != null) {
                    asked.answer().completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            asked.answer().completeExceptionally(closed);
        }
    }

    private void put(Open asked) {
        if (asked.answer().isDone()) {
            return; // the peer left, or its time is over
        }
        switch (authorization.mayPublish(asked.question())) {
            case PublishAnswer.Yes yes -> asked.answer().complete(granted(yes));
            case PublishAnswer.No(Refusal refusal) ->
                asked.answer().complete(new PublishDecision.Refused(RefusalCause.valueOf(refusal.name())));
            case PublishAnswer.Later() -> asked.waiting().set(true);
        }
    }

    private static PublishDecision granted(PublishAnswer.Yes yes) {
        return new PublishDecision.Granted(yes.channel(), Long.toString(yes.keyId()))
                .resuming(yes.resumption()
                        .map(before -> new Resumption(
                                before.broadcast(),
                                before.startedAt(),
                                before.firstMedia(),
                                before.firstDiscontinuity())))
                .recordedAs(yes.recording())
                .encryptedWith(yes.passphrase().map(Passphrase::new));
    }

    /** The session was refused or its peer left: nobody wants to know any more. */
    void over(UUID session) {
        Open asked = open.get(session);
        if (asked != null) {
            asked.answer().cancel(false);
        }
    }

    /** The database answers again: those that wait for it are asked again. */
    void askAgain() {
        int again = 0;
        for (Open asked : open.values()) {
            if (asked.waiting().compareAndSet(true, false)) {
                submit(asked);
                again++;
            }
        }
        if (again > 0) {
            LOG.debug("{} questions are asked again", again);
        }
    }

    /** How many are open. */
    int size() {
        return open.size();
    }

    @Override
    public void close() {
        askers.shutdownNow();
        open.values().forEach(asked -> asked.answer().cancel(false));
    }
}
