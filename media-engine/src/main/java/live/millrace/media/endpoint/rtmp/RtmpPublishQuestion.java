// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishDecision.Granted;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.PublisherOrigin;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The question whether a peer may publish: asked of whoever decides on keys and then of the hub, each within its time.
 *
 * <pre>
 * asks the authorizer → asks the hub → the session begins
 *          └── refused, withdrawn ──↗
 * </pre>
 *
 * <p>Confined to the channel's event loop.
 */
final class RtmpPublishQuestion {
    private static final Logger LOG = LoggerFactory.getLogger(RtmpPublishQuestion.class);

    /**
     * While the answer is open. OBS and all else with librtmp leave after 30 s in which nothing came (32.7 s with OBS 29), and wait as
     * long as something does.
     */
    private static final int PING_SECONDS = 10;

    /** The hub answers within a turn of another stream's loop; one that takes seconds will never do. */
    private static final int HUB_SECONDS = 5;

    private static final String FLUSH_PARAMETER = "flush=";

    private final RtmpConnection connection;
    private final RtmpPublishSession session;
    private final long messageStreamId;
    private final PublishAttempt attempt;

    private boolean open = true;
    private CompletableFuture<PublishDecision> answer = new CompletableFuture<>();
    private @Nullable Granted granted;
    private @Nullable ScheduledFuture<?> pings;
    private @Nullable ScheduledFuture<?> limit;

    RtmpPublishQuestion(
            RtmpConnection connection, RtmpPublishSession session, long messageStreamId, PublishAttempt attempt) {
        this.connection = connection;
        this.session = session;
        this.messageStreamId = messageStreamId;
        this.attempt = attempt;
    }

    boolean open() {
        return open;
    }

    PublishAttempt attempt() {
        return attempt;
    }

    /** What the authorizer agreed to; there from the moment on that the session begins. */
    Granted grant() {
        return Objects.requireNonNull(granted);
    }

    /** Where it publishes; there from the moment on that the session begins. */
    StreamPath path() {
        return new StreamPath(grant().application(), grant().name());
    }

    void ask() {
        if (connection.context().limits().tooManyRefusals(connection.remote().getAddress())) {
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
            answer = connection.context().authorizer().authorize(attempt).toCompletableFuture();
        } catch (RuntimeException e) {
            LOG.warn("The question whether {} may publish failed", connection.remote(), e);
            refuse(RefusalCause.NO_ANSWER);
            return;
        }
        pings = Periodic.of(connection.channel(), connection::ping, PING_SECONDS, TimeUnit.SECONDS);
        limit = connection
                .channel()
                .eventLoop()
                .schedule(
                        this::late,
                        connection.context().config().timeouts().authorize().toMillis(),
                        TimeUnit.MILLISECONDS);
        Answers.take(connection.channel(), answer, this::decided);
    }

    /** The time for the authorizer is over. An answer that is there counts, and leaves the hub some seconds. */
    private void late() {
        if (granted == null && !answer.isDone()) {
            LOG.warn("No answer in time whether {} may publish", connection.remote());
            refuse(RefusalCause.NO_ANSWER);
        } else {
            limit = connection
                    .channel()
                    .eventLoop()
                    .schedule(
                            () -> {
                                LOG.warn("The hub did not answer {} in time", connection.remote());
                                refuse(RefusalCause.NO_ANSWER);
                            },
                            HUB_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    private void decided(@Nullable PublishDecision decision, @Nullable Throwable failure) {
        if (!open) {
            return; // a grant was reported when the question was closed
        }
        switch (decision) {
            case null -> {
                LOG.warn("No answer whether {} may publish: {}", connection.remote(), String.valueOf(failure));
                refuse(RefusalCause.NO_ANSWER);
            }
            case PublishDecision.Refused(RefusalCause cause) -> refuse(cause);
            case Granted grant -> askHub(grant);
        }
    }

    private void askHub(Granted grant) {
        granted = grant;
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
                        "rtmp",
                        Instant.now()),
                connection.channel().eventLoop(),
                session,
                latency(attempt.requested().parameters()));
        Answers.takeAtOnce(
                connection.channel(),
                CompletableFuture.completedStage(request)
                        .thenCompose(connection.context().registry()::publish),
                this::hubAnswered);
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

    private void hubAnswered(@Nullable PublishResult result, @Nullable Throwable failure) {
        if (!open) {
            // The peer left or was refused in the meantime, and the grant was reported.
            if (result instanceof PublishResult.Accepted(Publisher accepted)) {
                accepted.end();
            }
            return;
        }
        switch (result) {
            case null -> {
                LOG.warn("The hub did not take {}", connection.remote(), failure);
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
                session.begin(accepted);
            }
        }
    }

    private void refuse(RefusalCause cause) {
        close();
        connection.context().tallies().refusals().count(cause);
        if (cause != RefusalCause.TAKEOVER_TOO_SOON && cause != RefusalCause.NO_ANSWER) {
            connection.context().limits().refused(connection.remote().getAddress());
        }
        LOG.info("Refused a publisher from {}: {}", connection.remote(), cause);
        if (cause != RefusalCause.NO_ANSWER) {
            // Of a key that nobody could judge nothing is said: an encoder would blame it, and stop for good.
            connection.status(
                    messageStreamId,
                    "error",
                    "NetStream.Publish.BadName",
                    cause == RefusalCause.BAD_NAME
                            ? "No stream can have this name: " + StreamPath.RULE + "."
                            : connection.context().config().refusal());
        }
        connection.closeAfterFlush();
        connection.context().observer().refused(attempt, cause, Optional.ofNullable(granted));
    }

    /** Nobody waits for the answer any more: the peer left or broke the protocol, or the server goes down. */
    void withdraw(RefusalCause cause) {
        close();
        LOG.info("{} was not answered: {}", connection.remote(), cause);
        connection.context().tallies().refusals().count(cause);
        connection.context().observer().refused(attempt, cause, Optional.ofNullable(granted));
    }

    /** Whoever was asked learns that nobody waits any more; what was granted before that and not looked at yet is kept, to be reported. */
    private void close() {
        open = false;
        stop(pings);
        stop(limit);
        if (!answer.cancel(false)
                && answer.state() == Future.State.SUCCESS
                && answer.resultNow() instanceof Granted unseen) {
            granted = unseen;
        }
    }

    private static void stop(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
