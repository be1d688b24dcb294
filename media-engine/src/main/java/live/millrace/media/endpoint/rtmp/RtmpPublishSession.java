// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.hub.Publisher;
import live.millrace.media.hub.PublisherHandle;
import live.millrace.media.socket.Periodic;
import live.millrace.media.time.SerialTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publishing role of a connection: tells the peer that it may, turns its messages into frames, and says why it has to go.
 *
 * <pre>
 * waiting → publishing → over
 *    └──── refused ───────↗
 * </pre>
 *
 * <p>Whether it may is a {@link RtmpPublishQuestion}. Confined to the channel's event loop.
 */
final class RtmpPublishSession implements PublisherHandle {
    private static final Logger LOG = LoggerFactory.getLogger(RtmpPublishSession.class);

    /** Who leaves sooner has changed his mind. */
    private static final long MEDIA_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** FFmpeg takes the container from {@code -f}, and sends whatever it is told to. */
    private static final String NO_MEDIA = "No FLV audio or video came. Send FLV: ffmpeg … -f flv rtmp://…";

    private final RtmpConnection connection;
    private final long messageStreamId;
    private final RtmpPublishQuestion question;
    private final SerialTime clock = new SerialTime();

    private boolean over;
    private @Nullable Publisher publisher;
    private @Nullable MediaIntake intake;
    private @Nullable ScheduledFuture<?> watchdog;
    private long startedNanos;
    private long lastMediaNanos;
    private @Nullable CompletableFuture<Void> leaving;

    RtmpPublishSession(
            RtmpConnection connection, long messageStreamId, PublishAddress address, RequestedStream requested) {
        this.connection = connection;
        this.messageStreamId = messageStreamId;
        this.question = new RtmpPublishQuestion(
                connection,
                this,
                messageStreamId,
                new PublishAttempt(
                        UUID.randomUUID(),
                        connection.remote(),
                        connection.conversation().encoderName(),
                        address.channel(),
                        address.key(),
                        requested));
    }

    boolean waiting() {
        return question.open();
    }

    boolean publishing() {
        return publisher != null && !over;
    }

    boolean over() {
        return !waiting() && !publishing();
    }

    /** Asks whether it may. */
    void start() {
        question.ask();
    }

    /** The question was answered with yes. */
    void begin(Publisher accepted) {
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
        connection.context().observer().started(question.attempt(), question.grant());
        long silence = connection.context().config().timeouts().silence().toMillis();
        long check = Math.max(100, silence / 4);
        watchdog = Periodic.of(connection.channel(), () -> watch(silence * 1_000_000), check, TimeUnit.MILLISECONDS);
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
        if (!publishing() || to == null) {
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
        if (!publishing() || from == null) {
            return over();
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
        return over();
    }

    /** Long enough on air for a piece of media, and none came. */
    private boolean withoutMedia() {
        MediaIntake from = intake;
        return from != null && !from.hasStarted() && System.nanoTime() - startedNanos > MEDIA_WITHIN_NANOS;
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
        if (!over()) {
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
        boolean wasPublishing = publishing();
        over = true;
        CompletableFuture<Void> asked = leaving;
        PublishEnd end = asked == null ? named(cause) : PublishEnd.SHUTDOWN;
        ScheduledFuture<?> timer = watchdog;
        if (timer != null) {
            timer.cancel(false);
        }
        try {
            if (wasPublishing) {
                endPublishing(end);
            } else if (question.open()) {
                question.withdraw(
                        switch (end) {
                            case CONNECTION_LOST, PROTOCOL_ERROR -> RefusalCause.PEER_LEFT;
                            default -> RefusalCause.NO_ANSWER;
                        });
            }
        } finally {
            if (asked != null) {
                asked.complete(null);
            }
        }
    }

    private void endPublishing(PublishEnd end) {
        Publisher current = publisher;
        if (current != null) {
            current.end();
        }
        LOG.info("{} is no longer published from {}: {}", question.path(), connection.remote(), end);
        connection.context().tallies().ends().count(end);
        connection.context().observer().ended(question.attempt(), question.grant(), end);
    }
}
