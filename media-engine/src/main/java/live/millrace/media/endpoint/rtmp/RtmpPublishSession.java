// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishPeer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.endpoint.MediaIntake;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.endpoint.TagIntake;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Periodic;
import live.millrace.media.time.SerialTime;
import org.jspecify.annotations.Nullable;

/**
 * The publishing role of a connection, in RTMP's words: tells the peer that it may, turns its messages into frames, and says why it
 * has to go.
 *
 * <pre>
 * waiting → publishing → over
 *    └──── refused ───────↗
 * </pre>
 *
 * <p>Whether it may, and how long it may be silent, is the admission's. Confined to the channel's event loop.
 */
final class RtmpPublishSession implements PublishPeer {
    /**
     * While the answer is open. OBS and all else with librtmp leave after 30 s in which nothing came (32.7 s with OBS 29), and wait as
     * long as something does.
     */
    private static final int PING_SECONDS = 10;

    /** FFmpeg takes the container from {@code -f}, and sends whatever it is told to. */
    private static final String NO_MEDIA = "No FLV audio or video came. Send FLV: ffmpeg … -f flv rtmp://…";

    private final RtmpConnection connection;
    private final long messageStreamId;
    private final PublishAttempt attempt;
    private final SerialTime clock = new SerialTime();

    private @Nullable PublishQuestion question;
    private @Nullable ScheduledFuture<?> pings;
    private @Nullable PublishSession session;
    private @Nullable TagIntake intake;

    RtmpPublishSession(
            RtmpConnection connection, long messageStreamId, PublishAddress address, RequestedStream requested) {
        this.connection = connection;
        this.messageStreamId = messageStreamId;
        this.attempt = new PublishAttempt(
                UUID.randomUUID(),
                connection.remote(),
                "rtmp",
                connection.conversation().encoderName(),
                address.channel(),
                address.key(),
                requested);
    }

    boolean waiting() {
        return question != null && question.open();
    }

    boolean publishing() {
        return session != null && !session.over();
    }

    boolean over() {
        return !waiting() && !publishing();
    }

    /** It publishes, and nobody takes what it sends. */
    boolean unwatched() {
        PublishSession current = session;
        return current != null
                && !current.over()
                && !current.publisher().stream().isWatched();
    }

    // ---- the answer -------------------------------------------------------------------------------------------

    /** Asks whether it may. */
    void start() {
        PublishQuestion asked = connection
                .context()
                .engine()
                .publishing()
                .request(attempt, this, connection.channel().eventLoop());
        question = asked;
        if (asked.open()) {
            pings = Periodic.of(connection.channel(), connection::ping, PING_SECONDS, TimeUnit.SECONDS);
        }
        Answers.takeAtOnce(connection.channel(), asked.answer(), this::answered);
    }

    /** The answer is there, or the question was withdrawn and nobody listens any more. */
    private void answered(@Nullable PublishAnswer answer, @Nullable Throwable withdrawn) {
        stopPings();
        switch (answer) {
            case null -> {}
            case PublishAnswer.Admitted(PublishSession admitted) -> begin(admitted);
            case PublishAnswer.Refused(RefusalCause cause) -> {
                if (cause != RefusalCause.NO_ANSWER) {
                    status(
                            "error",
                            "NetStream.Publish.BadName",
                            cause == RefusalCause.BAD_NAME
                                    ? "No stream can have this name: " + StreamPath.RULE + "."
                                    : connection.context().config().refusal());
                }
                connection.closeAfterFlush();
            }
        }
    }

    private void stopPings() {
        ScheduledFuture<?> timer = pings;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void begin(PublishSession admitted) {
        session = admitted;
        intake = new TagIntake(
                new MediaIntake(admitted.publisher(), connection.remote().toString()));
        connection.authorised();
        connection.streamBegin(messageStreamId);
        status("status", "NetStream.Publish.Start", "Publishing.");
        if (!admitted.over()) {
            connection.unwatchedReading().join();
        }
        connection.answered();
    }

    // ---- media ------------------------------------------------------------------------------------------------

    /** Something was read from the socket. */
    void received() {
        PublishSession current = session;
        if (current != null) {
            current.received();
        }
    }

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

    /** Of metadata only the program's own name is kept: all that speak through librtmp call themselves by one name when they connect. */
    void described(List<AmfValue> values) {
        PublishSession current = session;
        if (current == null || current.over()) {
            return;
        }
        for (AmfValue value : values) {
            if (value instanceof AmfValue.Obj metadata) {
                metadata.text("encoder")
                        .map(RtmpConversation::printable)
                        .filter(name -> !name.isBlank())
                        .ifPresent(current.publisher()::callsItself);
            }
        }
    }

    private void media(long timestamp, ByteBuf body, boolean video) {
        PublishSession current = session;
        TagIntake to = intake;
        if (current == null || to == null || current.over()) {
            return;
        }
        if (body.isReadable()) {
            current.media();
        }
        if (to.take(video, clock.unwrap(timestamp), body)) {
            current.readable();
        } else {
            look();
        }
    }

    /** Ends a session of which nothing can be played. */
    @Override
    public void look() {
        TagIntake from = intake;
        if (!publishing() || from == null) {
            return;
        }
        String unsupported = from.media().unsupported();
        if (unsupported != null) {
            reject(PublishEnd.UNSUPPORTED_MEDIA, "Not supported: " + unsupported + ".");
        } else if (from.media().isRubbish()) {
            reject(PublishEnd.PROTOCOL_ERROR, "The media is broken.");
        }
    }

    @Override
    public void probe() {
        connection.ping();
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
        status("status", "NetStream.Unpublish.Success", "Stopped publishing.");
    }

    /** The peer was asked to connect anew; completes when it publishes no longer. */
    CompletionStage<Void> askedToReconnect() {
        return question == null ? CompletableFuture.completedStage(null) : question.askedToLeave();
    }

    @Override
    public void leave(Reason reason) {
        connection.unwatchedReading().leave();
        switch (reason) {
            case TAKEN_OVER -> goodbye("NetStream.Publish.Denied", "Another encoder took over with the same key.");
            case ENDED -> goodbye("NetStream.Publish.Denied", "The stream was ended.");
            case BROKEN_CLOCK -> {
                status(
                        "error",
                        "NetStream.Publish.Rejected",
                        "The time stamps jump too often, or media comes far faster than real time (FFmpeg wants -re).");
                connection.closeWhenTold();
            }
            case SILENT -> goodbye("NetStream.Publish.Idle", withoutMedia() ? NO_MEDIA : "No media came.");
            case SHUTDOWN -> goodbye("NetStream.Publish.Idle", "The server restarts. Come back soon.");
        }
    }

    private void goodbye(String code, String description) {
        status("error", code, description);
        connection.closeAfterFlush();
    }

    /** The peer broke the protocol, or speaks another. */
    void broken(String what) {
        reject(PublishEnd.PROTOCOL_ERROR, withoutMedia() ? NO_MEDIA : "Protocol error: " + what + ".");
    }

    /** Whoever sends what cannot be taken gets the time to read why. */
    private void reject(PublishEnd cause, String description) {
        if (!over()) {
            status("error", "NetStream.Publish.Rejected", description);
            end(cause);
            connection.closeWhenTold();
        }
    }

    private boolean withoutMedia() {
        return session != null && session.withoutMedia();
    }

    private void status(String level, String code, String description) {
        connection.status(messageStreamId, level, code, description);
    }

    @Override
    public void failed(Throwable cause) {
        connection.channel().pipeline().fireExceptionCaught(cause);
    }

    /** It is over, whatever it was doing. Idempotent. */
    void end(PublishEnd cause) {
        stopPings();
        connection.unwatchedReading().leave();
        if (session != null) {
            session.end(cause);
        } else if (question != null) {
            question.withdraw(cause);
        }
    }
}
