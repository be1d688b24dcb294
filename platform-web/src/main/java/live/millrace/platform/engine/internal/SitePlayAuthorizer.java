// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayTicket;
import live.millrace.platform.engine.PlayAuthorization;
import live.millrace.platform.engine.PlayQuestion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may watch the site's media, as the engine asks: what is for everybody is answered at once, bearers of tickets by
 * {@link PlayAuthorization} on threads of their own; whoever has neither may not. Thread-safe.
 */
final class SitePlayAuthorizer implements PlayAuthorizer, PlayObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SitePlayAuthorizer.class);

    /** Questions are short; a class of people who come at once waits a moment. */
    private static final int THREADS = 4;

    private static final int MOST_WAITING = 20_000;
    private static final long IDLE_SECONDS = 30;

    private final PlayAuthorization authorization;
    private final ExecutorService threads;

    SitePlayAuthorizer(PlayAuthorization authorization) {
        this.authorization = authorization;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("play-questions-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Other applications than the one that channels are in have no streams on a site. */
    @Override
    public boolean isPublic(String application, String name) {
        return authorization.isPublic(name);
    }

    @Override
    public CompletionStage<PlayDecision> authorize(PlayAttempt attempt) {
        Optional<String> recording = attempt.recording();
        if (recording.isEmpty() && isPublic(attempt.application(), attempt.name())) {
            return CompletableFuture.completedStage(PlayDecision.UNLIMITED);
        }
        Optional<PlayTicket> ticket = attempt.ticket();
        if (ticket.isEmpty()) {
            return CompletableFuture.completedStage(PlayDecision.NOT_ALLOWED);
        }
        PlayQuestion question = new PlayQuestion(
                ticket.get().hash(), recording.isEmpty() ? Optional.of(attempt.name()) : Optional.empty(), recording);
        CompletableFuture<PlayDecision> decision = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    decision.complete(
                            authorization.mayPlay(question) ? PlayDecision.UNLIMITED : PlayDecision.NOT_ALLOWED);
                } catch (RuntimeException e) {
                    LOG.warn("Nobody knows whether {} may play: {}", attempt, e.toString());
                    decision.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException full) {
            decision.completeExceptionally(full);
        }
        return decision;
    }

    @Override
    public void stopped(PlayAttempt attempt) {}

    @Override
    public void spread(PlayAttempt attempt, int networks) {
        attempt.ticket().ifPresent(ticket -> threads.execute(() -> authorization.spread(ticket.hash())));
    }

    /** Answers no more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
