// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import live.millrace.media.access.PlayAttempt;
import live.millrace.media.access.PlayAuthorizer;
import live.millrace.media.access.PlayDecision;
import live.millrace.media.access.PlayObserver;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.tally.Tally;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks whoever decides about sessions, when they begin, before their time ends and when somebody has them reviewed, and tells whoever
 * wants to know of their ends. Thread-safe.
 */
final class PlayQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(PlayQuestions.class);

    /** Above the limit of 30 s that whoever answers may set for itself. */
    private static final Duration AUTHORIZE_TIMEOUT = Duration.ofSeconds(35);

    /** Who is reviewed and not answered about is sent away: within the 5 s after which nobody without a right sees anything. */
    private static final Duration REVIEW_TIMEOUT = Duration.ofSeconds(3);

    /** A session is asked about so long before its time ends: two looks of {@link PlayAdmission#sweep}. */
    private static final Duration RENEW_AHEAD = Duration.ofSeconds(10);

    private final PlayAuthorizer authorizer;
    private final PlayObserver observer;
    private final SignedPlays signed;
    private final LongSupplier nanoTime;
    private final Tally<PlayRefusal> refusals = new Tally<>(PlayRefusal.class);

    PlayQuestions(PlayAuthorizer authorizer, PlayObserver observer, SignedPlays signed, LongSupplier nanoTime) {
        this.authorizer = authorizer;
        this.observer = observer;
        this.signed = signed;
        this.nanoTime = nanoTime;
    }

    boolean isPublic(String application, String name) {
        return authorizer.isPublic(application, name);
    }

    Tally<PlayRefusal> refusals() {
        return refusals;
    }

    /**
     * Asks about one that is new.
     *
     * @param viewers that it is one of: they remember a ticket that is refused
     */
    void ask(ViewerSession session, StreamViewers viewers) {
        // No answer in time is no.
        session.answer.completeOnTimeout(
                new PlayDecision.Refused(PlayRefusal.NO_ANSWER), AUTHORIZE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        var _ = question(session).handle((said, failure) -> {
            PlayDecision decision = said != null ? said : new PlayDecision.Refused(PlayRefusal.NO_ANSWER);
            if (said instanceof PlayDecision.Refused) {
                session.attempt
                        .ticket()
                        .ifPresent(ticket -> viewers.refusedTicket(ticket.hash(), nanoTime.getAsLong()));
            }
            boolean inTime = session.answer.complete(decision);
            if (decision instanceof PlayDecision.Refused(PlayRefusal cause)) {
                told(session, cause, failure);
            } else if (!inTime || session.forgotten || !session.check()) {
                tellStopped(session); // whoever said yes counts a viewer who is not there
            }
            return inTime;
        });
    }

    /** The answer that holds when it comes: what was asked before a review is asked again. */
    private CompletionStage<PlayDecision> question(ViewerSession session) {
        int reviews = session.reviews.get();
        return asked(session)
                .thenCompose(said -> said instanceof PlayDecision.Granted && session.reviews.get() != reviews
                        ? question(session)
                        : CompletableFuture.completedStage(said));
    }

    private CompletionStage<PlayDecision> asked(ViewerSession session) {
        try {
            return authorizer.authorize(session.attempt);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    void told(ViewerSession session, PlayRefusal cause, @Nullable Throwable failure) {
        refusals.count(cause);
        LOG.debug("{} from {} does not play: {}", session.attempt, session.attempt.remoteAddress(), cause, failure);
    }

    /** Asks again when the time of a grant ends soon; sends away when it is over. */
    void renew(ViewerSession session, Instant now) {
        if (!(session.decision() instanceof PlayDecision.Granted granted)
                || granted.until().isEmpty()) {
            return;
        }
        Instant until = granted.until().get();
        if (!now.isBefore(until)) {
            revoke(session, PlayRefusal.EXPIRED);
        } else if (until.isBefore(now.plus(RENEW_AHEAD)) && session.renewing.compareAndSet(false, true)) {
            var _ = question(session).handle((said, failure) -> {
                session.renewing.set(false);
                switch (said) {
                    case PlayDecision.Granted anew -> session.renew(anew);
                    case PlayDecision.Refused(PlayRefusal cause) -> revoke(session, cause);
                    case null -> LOG.debug("No answer about {}", session.attempt, failure); // its time ends
                }
                return true;
            });
        }
    }

    /** Asks again now, whatever was granted; who is not answered about is sent away. */
    void review(ViewerSession session) {
        session.reviews.incrementAndGet();
        if (session.decision() == null) {
            return; // it is asked about, and will be again when that is answered
        }
        if (session.check()) {
            var _ = question(session)
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(REVIEW_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .handle((said, _) -> {
                        switch (said) {
                            case PlayDecision.Granted anew -> session.renew(anew);
                            case PlayDecision.Refused(PlayRefusal cause) -> revoke(session, cause);
                            case null -> revoke(session, PlayRefusal.NO_ANSWER);
                        }
                        return true;
                    });
        }
    }

    /** Sends a session away; false if it was already. */
    boolean revoke(ViewerSession session, PlayRefusal cause) {
        boolean answered = session.decision() != null;
        if (!session.refuse(cause, nanoTime.getAsLong())) {
            return false;
        }
        signed.sentAway(session);
        told(session, cause, null);
        if (answered) {
            tellStopped(session); // else when the answer comes, if it is a yes
        }
        return true;
    }

    /** One that cannot be told of costs none of the others: whoever sweeps has to come round. */
    void tellStopped(ViewerSession session) {
        if (!session.told.compareAndSet(false, true)) {
            return;
        }
        tell(() -> observer.stopped(session.attempt));
    }

    /** A ticket is used by too many. */
    void tellSpread(PlayAttempt attempt, int networks) {
        tell(() -> observer.spread(attempt, networks));
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.error("Whoever is told of viewers failed", e);
        }
    }
}
