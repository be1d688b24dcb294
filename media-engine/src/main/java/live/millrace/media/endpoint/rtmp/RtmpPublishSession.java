// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishDecision.Granted;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.hub.Latency;
import live.millrace.media.hub.PublishRequest;
import live.millrace.media.hub.PublishResult;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherHandle;
import live.millrace.media.hub.PublisherInfo;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.socket.Answers;
import live.millrace.media.time.SerialTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publishing role of a connection: asks whether it may, tells the peer, and turns its messages into frames.
 *
 * <pre>
 * ASKING → PUBLISHING → OVER
 *    └────── refused ────↗
 * </pre>
 *
 * <p>Confined to the channel's event loop.
 */
final class RtmpPublishSession implements PublisherHandle {
    private static final Logger LOG = LoggerFactory.getLogger(RtmpPublishSession.class);

    /** Who leaves sooner has changed his mind. */
    private static final long MEDIA_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** FFmpeg takes the container from {@code -f}, and sends whatever it is told to. */
    private static final String NO_MEDIA = "No FLV audio or video came. Send FLV: ffmpeg … -f flv rtmp://…";

    /**
     * While the answer is open. OBS and all else with librtmp leave after 30 s in which nothing came (32.7 s with OBS 29), and wait as
     * long as something does.
     */
    private static final int ASKING_PING_SECONDS = 10;

    private static final String FLUSH_PARAMETER = "flush=";

    private enum State {
        ASKING,
        PUBLISHING,
        OVER
    }

    private final RtmpConnection connection;
    private final EventLoop eventLoop;
    private final long messageStreamId;
    private final UUID sessionId = UUID.randomUUID();
    private final SerialTime clock = new SerialTime();

    private State state = State.ASKING;
    private @Nullable PublishAttempt attempt;
    private @Nullable Granted granted;
    private @Nullable Publisher publisher;
    private @Nullable MediaIntake intake;
    private @Nullable ScheduledFuture<?> watchdog;
    private long startedNanos;
    private long lastMediaNanos;
    private @Nullable CompletableFuture<Void> leaving;

    RtmpPublishSession(RtmpConnection connection, long messageStreamId) {
        this.connection = connection;
        this.eventLoop = connection.channel().eventLoop();
        this.messageStreamId = messageStreamId;
    }

    boolean waiting() {
        return state == State.ASKING;
    }

    boolean publishing() {
        return state == State.PUBLISHING;
    }

    boolean over() {
        return state == State.OVER;
    }

    // ---- may it? ----------------------------------------------------------------------------------------------

    void start(PublishAddress address, RequestedStream requested) {
        PublishAttempt asked = new PublishAttempt(
                sessionId,
                connection.remote(),
                connection.conversation().encoderName(),
                address.channel(),
                address.key(),
                requested);
        attempt = asked;
        if (connection.context().limits().tooManyRefusals(connection.remote().getAddress())) {
            refuse(RefusalCause.TOO_MANY_ATTEMPTS);
            return;
        }
        if (asked.key().isEmpty()) {
            refuse(RefusalCause.NO_KEY);
            return;
        }
        CompletableFuture<PublishDecision> answer;
        try {
            answer = connection
                    .context()
                    .authorizer()
                    .authorize(asked)
                    .toCompletableFuture()
                    .copy();
        } catch (RuntimeException e) {
            LOG.warn("The question whether {} may publish failed", connection.remote(), e);
            refuse(RefusalCause.NO_ANSWER);
            return;
        }
        watchdog = eventLoop.scheduleAtFixedRate(
                connection::ping, ASKING_PING_SECONDS, ASKING_PING_SECONDS, TimeUnit.SECONDS);
        long limit = connection.context().config().timeouts().authorize().toMillis();
        Answers.take(connection.channel(), answer.orTimeout(limit, TimeUnit.MILLISECONDS), this::decided);
    }

    private void decided(@Nullable PublishDecision decision, @Nullable Throwable failure) {
        if (state != State.ASKING) {
            return; // the peer left in the meantime
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
        PublishAttempt asked = java.util.Objects.requireNonNull(attempt);
        PublishRequest request = new PublishRequest(
                new StreamPath(grant.channel()),
                new PublisherInfo(
                        sessionId, grant.credentialId(), asked.remoteAddress(), asked.encoder(), "rtmp", Instant.now()),
                eventLoop,
                this,
                latency(asked.requested().parameters()));
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
        if (state != State.ASKING) {
            // The peer left in the meantime, and was told of already.
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
            case PublishResult.Accepted(Publisher accepted) -> begin(accepted);
        }
    }

    private void begin(Publisher accepted) {
        state = State.PUBLISHING;
        publisher = accepted;
        intake = new MediaIntake(accepted, connection.remote().toString());
        startedNanos = System.nanoTime();
        lastMediaNanos = startedNanos;
        connection.authorised();
        connection.streamBegin(messageStreamId);
        connection.status(messageStreamId, "status", "NetStream.Publish.Start", "Publishing.");
        LOG.info(
                "{} is published from {} by \"{}\"",
                accepted.stream().path(),
                connection.remote(),
                connection.conversation().encoderName());
        connection.context().observer().started(asked(), grant());
        stopWatching();
        long silence = connection.context().config().timeouts().silence().toMillis();
        long check = Math.max(100, silence / 4);
        watchdog = eventLoop.scheduleAtFixedRate(() -> watch(silence * 1_000_000), check, check, TimeUnit.MILLISECONDS);
        connection.answered();
    }

    /** A peer that says nothing is gone; one that answers pings may have nothing to show for a while. */
    private void watch(long silenceNanos) {
        long now = System.nanoTime();
        boolean mute = now - connection.lastReceivedNanos() > silenceNanos;
        boolean sparse = now - lastMediaNanos > silenceNanos * RtmpConfig.Timeouts.SPARSE_FACTOR;
        if (hopeless()) {
            return;
        }
        if (mute || sparse) {
            goodbye(PublishEnd.SILENT, "error", "NetStream.Publish.Idle", withoutMedia() ? NO_MEDIA : "No media came.");
        } else if (now - lastMediaNanos > silenceNanos / 2) {
            connection.ping();
        }
    }

    private void refuse(RefusalCause cause) {
        state = State.OVER;
        stopWatching();
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
                    connection.context().config().refusal());
        }
        connection.closeAfterFlush();
        connection.context().observer().refused(asked(), cause, Optional.ofNullable(granted));
    }

    private void stopWatching() {
        ScheduledFuture<?> timer = watchdog;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private PublishAttempt asked() {
        return java.util.Objects.requireNonNull(attempt);
    }

    private Granted grant() {
        return java.util.Objects.requireNonNull(granted);
    }

    // ---- media ------------------------------------------------------------------------------------------------

    /**
     * Takes an audio message.
     *
     * @param body borrowed
     */
    void audio(long timestamp, ByteBuf body) {
        media(timestamp, body, false);
    }

    /**
     * Takes a video message.
     *
     * @param body borrowed
     */
    void video(long timestamp, ByteBuf body) {
        media(timestamp, body, true);
    }

    private void media(long timestamp, ByteBuf body, boolean video) {
        MediaIntake to = intake;
        if (state != State.PUBLISHING || to == null) {
            return;
        }
        if (to.take(video, clock.unwrap(timestamp), body)) {
            lastMediaNanos = connection.lastReceivedNanos();
        } else {
            hopeless();
        }
    }

    /** Ends a session of which nothing can be played; answers whether it is over. */
    private boolean hopeless() {
        MediaIntake from = intake;
        if (state != State.PUBLISHING || from == null) {
            return state == State.OVER;
        }
        String unsupported = from.unsupported();
        if (unsupported != null) {
            goodbye(
                    PublishEnd.UNSUPPORTED_MEDIA,
                    "error",
                    "NetStream.Publish.Rejected",
                    "Not supported: " + unsupported + ".");
        } else if (from.isRubbish()) {
            goodbye(PublishEnd.PROTOCOL_ERROR, "error", "NetStream.Publish.Rejected", "The media is broken.");
        }
        return state == State.OVER;
    }

    /** Long enough on air for a piece of media, and none came. */
    private boolean withoutMedia() {
        MediaIntake from = intake;
        return from != null && !from.hasStarted() && System.nanoTime() - startedNanos > MEDIA_WITHIN_NANOS;
    }

    private String path() {
        return granted == null ? "?" : granted.channel();
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    /** The peer says that it is done; the connection may publish again. */
    void unpublish() {
        end(PublishEnd.UNPUBLISHED);
        connection.command(
                0,
                "onFCUnpublish",
                0,
                AmfValue.NULL,
                AmfValue.object(
                        "code", AmfValue.of("NetStream.Unpublish.Success"),
                        "description", AmfValue.of("Stopped publishing.")));
        connection.status(messageStreamId, "status", "NetStream.Unpublish.Success", "Stopped publishing.");
    }

    /** From here on its end is ours, however the peer words it. The answer ends with the session. */
    CompletionStage<Void> askedToReconnect() {
        if (over()) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> asked = leaving == null ? new CompletableFuture<>() : leaving;
        leaving = asked;
        return asked;
    }

    @Override
    public void leave(Reason reason) {
        switch (reason) {
            case TAKEN_OVER ->
                goodbye(
                        PublishEnd.TAKEN_OVER,
                        "error",
                        "NetStream.Publish.Denied",
                        "Another encoder took over with the same key.");
            case ENDED -> goodbye(PublishEnd.KICKED, "error", "NetStream.Publish.Denied", "The stream was ended.");
            case BROKEN_CLOCK ->
                goodbye(
                        PublishEnd.PROTOCOL_ERROR,
                        "error",
                        "NetStream.Publish.Rejected",
                        "The time stamps jump too often, or media comes far faster than real time (FFmpeg wants -re).");
            case SHUTDOWN ->
                goodbye(PublishEnd.SHUTDOWN, "error", "NetStream.Publish.Idle", "The server restarts. Come back soon.");
        }
    }

    /** The peer broke the protocol, or speaks another. */
    void broken(String what) {
        goodbye(
                PublishEnd.PROTOCOL_ERROR,
                "error",
                "NetStream.Publish.Rejected",
                withoutMedia() ? NO_MEDIA : "Protocol error: " + what + ".");
    }

    private void goodbye(PublishEnd end, String level, String code, String description) {
        if (state != State.OVER) {
            connection.status(messageStreamId, level, code, description);
            end(end);
            if (end == PublishEnd.UNSUPPORTED_MEDIA || end == PublishEnd.PROTOCOL_ERROR) {
                connection.closeWhenTold();
            } else {
                connection.closeAfterFlush();
            }
        }
    }

    /** However a session without media ended, that is what its owner has to know. */
    private PublishEnd named(PublishEnd cause) {
        return switch (cause) {
            case UNPUBLISHED, CONNECTION_LOST, SILENT, PROTOCOL_ERROR -> withoutMedia() ? PublishEnd.NO_MEDIA : cause;
            case NO_MEDIA, FAILED, UNSUPPORTED_MEDIA, TAKEN_OVER, KICKED, SHUTDOWN -> cause;
        };
    }

    /** The session is over, whatever it was doing. Idempotent. */
    void end(PublishEnd cause) {
        State before = state;
        state = State.OVER;
        CompletableFuture<Void> asked = leaving;
        PublishEnd end = asked == null ? named(cause) : PublishEnd.SHUTDOWN;
        stopWatching();
        Publisher current = publisher;
        if (current != null) {
            current.end();
        }
        if (before == State.PUBLISHING) {
            LOG.info("{} is no longer published from {}: {}", path(), connection.remote(), end);
            connection.context().tallies().ends().count(end);
            connection.context().observer().ended(asked(), grant(), end);
        } else if (before == State.ASKING && attempt != null) {
            RefusalCause unanswered = switch (end) {
                case CONNECTION_LOST, PROTOCOL_ERROR -> RefusalCause.PEER_LEFT;
                default -> RefusalCause.NO_ANSWER;
            };
            LOG.info("{} was not answered: {}", connection.remote(), unanswered);
            connection.context().tallies().refusals().count(unanswered);
            connection.context().observer().refused(attempt, unanswered, Optional.ofNullable(granted));
        }
        if (asked != null) {
            asked.complete(null);
        }
    }
}
