// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.admission;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishDecision.Granted;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.hub.BroadcastIdentity;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherHandle;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.PublisherOrigin;
import live.millrace.media.hub.StreamPath;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The question whether a peer may publish: asked of whoever decides on keys, of the protocol, and then of the hub, each within its time.
 *
 * <pre>
 * asks the authorizer → has the peer prove itself → asks the hub → the session begins
 *          └── refused, withdrawn ──↗
 * </pre>
 *
 * <p>Confined to the executor that it was asked with.
 */
public final class PublishQuestion {
    private static final Logger LOG = LoggerFactory.getLogger(PublishQuestion.class);

    /** The hub answers within a turn of another stream's loop; one that takes seconds will never do. */
    private static final Duration HUB_TIME = Duration.ofSeconds(5);

    private static final String FLUSH_PARAMETER = "flush=";

    private final PublishAdmission admission;
    private final PublishAttempt attempt;
    private final PublishPeer peer;
    private final Turns turns;
    private final CompletableFuture<PublishAnswer> answer = new CompletableFuture<>();

    private boolean open = true;
    private CompletableFuture<PublishDecision> decision = new CompletableFuture<>();
    private @Nullable Granted granted;
    private @Nullable ScheduledFuture<?> limit;
    private @Nullable PublishSession session;
    private @Nullable CompletableFuture<Void> leaving;

    PublishQuestion(PublishAdmission admission, PublishAttempt attempt, PublishPeer peer, Turns turns) {
        this.admission = admission;
        this.attempt = attempt;
        this.peer = peer;
        this.turns = turns;
    }

    /** Nobody knows the answer yet. */
    public boolean open() {
        return open;
    }

    /** Completes on the executor; is cancelled when the question is withdrawn. */
    public CompletionStage<PublishAnswer> answer() {
        return answer;
    }

    /**
     * Nobody waits for the answer any more: the peer left or broke the protocol, or the server goes down. Does nothing when it is
     * there.
     *
     * @param end what became of the peer
     */
    public void withdraw(PublishEnd end) {
        if (!open) {
            return;
        }
        RefusalCause cause = switch (leaving == null ? end : PublishEnd.SHUTDOWN) {
            case CONNECTION_LOST, PROTOCOL_ERROR -> RefusalCause.PEER_LEFT;
            case UNPUBLISHED, NO_MEDIA, UNREACHED, SILENT, FAILED, UNSUPPORTED_MEDIA, TAKEN_OVER, KICKED, SHUTDOWN ->
                RefusalCause.NO_ANSWER;
        };
        close();
        say(attempt.remoteAddress() + " was not answered: " + cause);
        admission.tallies().refusals().count(cause);
        answer.cancel(false);
        tell(cause);
    }

    /**
     * The peer was asked to come back elsewhere or later: from here on its end is ours, however the peer words it.
     *
     * @return completes when it is refused, or publishes no longer
     */
    public CompletionStage<Void> askedToLeave() {
        if (session != null) {
            return session.askedToLeave();
        }
        if (!open) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> asked = leaving == null ? new CompletableFuture<>() : leaving;
        leaving = asked;
        return asked;
    }

    // ---- whoever decides --------------------------------------------------------------------------------------

    void ask() {
        if (admission.limits().tooManyRefusals(attempt.remoteAddress().getAddress())) {
            refuse(RefusalCause.TOO_MANY_ATTEMPTS);
            return;
        }
        if (attempt.key().isEmpty()) {
            // The last part of an address is its key, unless it cannot even be one.
            String last = attempt.requested().stream();
            boolean bad = !last.isEmpty()
                    && attempt.channel().isEmpty()
                    && StreamPath.of(StreamPath.LIVE, last).isEmpty();
            refuse(bad ? RefusalCause.BAD_NAME : RefusalCause.NO_KEY);
            return;
        }
        try {
            decision = admission.authorizer().authorize(attempt).toCompletableFuture();
        } catch (RuntimeException e) {
            LOG.warn("The question whether {} may publish failed", attempt.remoteAddress(), e);
            refuse(RefusalCause.NO_ANSWER);
            return;
        }
        limit = turns.after(admission.config().authorize(), this::late);
        turns.take(decision, this::decided);
    }

    /** The time for the authorizer is over. An answer that is there counts, and leaves the hub some seconds. */
    private void late() {
        if (granted == null && !decision.isDone()) {
            LOG.warn("No answer in time whether {} may publish", attempt.remoteAddress());
            refuse(RefusalCause.NO_ANSWER);
        } else {
            limit = turns.after(HUB_TIME, () -> {
                LOG.warn("The hub did not answer {} in time", attempt.remoteAddress());
                refuse(RefusalCause.NO_ANSWER);
            });
        }
    }

    private void decided(@Nullable PublishDecision decided, @Nullable Throwable failure) {
        if (!open) {
            return; // a grant was reported when the question was closed
        }
        switch (decided) {
            case null -> {
                LOG.warn("No answer whether {} may publish: {}", attempt.remoteAddress(), String.valueOf(failure));
                refuse(RefusalCause.NO_ANSWER);
            }
            case PublishDecision.Refused(RefusalCause cause) -> refuse(cause);
            case Granted grant -> askPeer(grant);
        }
    }

    /** What the peer has to prove beside its key is known only now: whose key it is. */
    private void askPeer(Granted grant) {
        granted = grant;
        turns.takeAtOnce(peer.prove(grant), (cause, failure) -> {
            if (!open) {
                return; // the grant was reported when the question was closed
            }
            if (cause == null) {
                LOG.warn("Nobody knows whether {} proved itself", attempt.remoteAddress(), failure);
                refuse(RefusalCause.NO_ANSWER);
            } else if (cause.isPresent()) {
                refuse(cause.get());
            } else {
                askHub(grant);
            }
        });
    }

    // ---- the hub ----------------------------------------------------------------------------------------------

    private void askHub(Granted grant) {
        Optional<StreamPath> path = StreamPath.of(grant.application(), grant.name());
        if (path.isEmpty()) {
            refuse(RefusalCause.BAD_NAME);
            return;
        }
        PublishRequest request = new PublishRequest(
                path.get(),
                new PublisherInfo(
                        attempt.sessionId(),
                        new PublisherOrigin.Key(grant.credentialId()),
                        attempt.remoteAddress(),
                        attempt.encoder(),
                        attempt.protocol(),
                        Instant.now()),
                turns.executor(),
                this::leave,
                latency(attempt.requested().parameters()),
                identity(grant));
        turns.takeAtOnce(
                CompletableFuture.completedStage(request).thenCompose(admission.registry()::publish),
                (result, failure) -> hubAnswered(grant, result, failure));
    }

    private static BroadcastIdentity identity(Granted grant) {
        return grant.resumption()
                .map(before -> new BroadcastIdentity(
                        before.broadcast(),
                        Optional.of(before.startedAt()),
                        before.firstMedia(),
                        before.firstDiscontinuity(),
                        grant.recording()))
                .orElseGet(() -> BroadcastIdentity.fresh().recordedAs(grant.recording()));
    }

    /** The address may end in {@code ?flush=realtime}. */
    private static Latency latency(String parameters) {
        for (String pair : parameters.split("&", -1)) {
            if (pair.startsWith(FLUSH_PARAMETER)) {
                return Latency.of(pair.substring(FLUSH_PARAMETER.length())).orElse(Latency.NORMAL);
            }
        }
        return Latency.NORMAL;
    }

    private void hubAnswered(Granted grant, @Nullable PublishResult result, @Nullable Throwable failure) {
        if (!open) {
            // The peer left or was refused in the meantime, and the grant was reported.
            if (result instanceof PublishResult.Accepted(Publisher accepted)) {
                accepted.end();
            }
            return;
        }
        switch (result) {
            case null -> {
                LOG.warn("The hub did not take {}", attempt.remoteAddress(), failure);
                refuse(RefusalCause.NO_ANSWER);
            }
            case PublishResult.Refused(PublishResult.Cause cause) ->
                refuse(
                        switch (cause) {
                            case BUSY -> RefusalCause.CHANNEL_BUSY;
                            case TAKEOVER_TOO_SOON -> RefusalCause.TAKEOVER_TOO_SOON;
                            case FULL -> RefusalCause.SERVER_FULL;
                        });
            case PublishResult.Accepted(Publisher accepted) -> {
                close();
                PublishSession begun = new PublishSession(admission, attempt, grant, accepted, turns, leaving);
                session = begun;
                begun.begin();
                answer.complete(new PublishAnswer.Admitted(begun));
            }
        }
    }

    /** The hub sends the peer away, perhaps before its yes was looked at. */
    private void leave(PublisherHandle.Reason reason) {
        PublishSession begun = session;
        if (begun != null) {
            begun.leave(reason);
        } else {
            turns.run(() -> {
                withdraw(PublishEnd.KICKED);
                peer.leave(reason);
            });
        }
    }

    // ---- no ---------------------------------------------------------------------------------------------------

    private void refuse(RefusalCause cause) {
        close();
        admission.tallies().refusals().count(cause);
        if (cause != RefusalCause.TAKEOVER_TOO_SOON && cause != RefusalCause.NO_ANSWER) {
            admission.limits().refused(attempt.remoteAddress().getAddress());
        }
        say("Refused a publisher from " + attempt.remoteAddress() + ": " + cause);
        answer.complete(new PublishAnswer.Refused(cause));
        tell(cause);
    }

    private void say(String line) {
        admission.log().say(LOG, attempt.remoteAddress().getAddress(), line);
    }

    private void tell(RefusalCause cause) {
        try {
            admission.observer().refused(attempt, cause, Optional.ofNullable(granted));
        } finally {
            if (leaving != null) {
                leaving.complete(null);
            }
        }
    }

    /** Whoever was asked learns that nobody waits any more; what was granted before that and not looked at yet is kept, to be reported. */
    private void close() {
        open = false;
        ScheduledFuture<?> timer = limit;
        if (timer != null) {
            timer.cancel(false);
        }
        if (!decision.cancel(false)
                && decision.state() == Future.State.SUCCESS
                && decision.resultNow() instanceof Granted unseen) {
            granted = unseen;
        }
    }
}
