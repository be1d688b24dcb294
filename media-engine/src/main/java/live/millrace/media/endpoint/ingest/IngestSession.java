// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishPeer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.endpoint.ContainerIntake;
import live.millrace.media.endpoint.HttpPublishAddress;
import live.millrace.media.endpoint.MediaIntake;
import live.millrace.media.endpoint.PublishRefusal;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpUpload;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Periodic;
import org.jspecify.annotations.Nullable;

/**
 * One body that is a broadcast, in the words of HTTP.
 *
 * <pre>
 * waiting → publishing → answered
 *    └──── refused ───────↗
 * </pre>
 *
 * <p>The end of the body is a goodbye; a connection that closes before it is an encoder that may come back. Confined to the event loop of the
 * connection.
 */
final class IngestSession implements HttpUpload.Taker, PublishPeer {
    private static final String RETRY = "Retry-After";
    private static final String RETRY_SECONDS = "5";

    private final HttpUpload upload;
    private final PublishAttempt attempt;
    private final Body.Maker maker;
    private final boolean keyed;

    private @Nullable PublishQuestion question;
    private @Nullable PublishSession session;
    private @Nullable ContainerIntake intake;
    private @Nullable Body body;
    private @Nullable ScheduledFuture<?> pauses;
    private boolean came;

    IngestSession(HttpUpload upload, HttpPublishAddress address, Body.Maker maker) {
        this.upload = upload;
        this.maker = maker;
        this.keyed = address.keyed();
        this.attempt = address.attempt("http");
    }

    /** Asks whether it may. */
    void start(PublishAdmission publishing) {
        PublishQuestion asked =
                publishing.request(attempt, this, upload.channel().eventLoop());
        question = asked;
        Answers.takeAtOnce(upload.channel(), asked.answer(), (answer, _) -> {
            switch (answer) {
                case null -> {
                    // withdrawn: nobody listens any more
                }
                case PublishAnswer.Admitted(PublishSession admitted) -> begin(admitted);
                case PublishAnswer.Refused(RefusalCause cause) -> upload.answer(PublishRefusal.answer(cause, keyed));
            }
        });
    }

    private void begin(PublishSession admitted) {
        session = admitted;
        if (admitted.over()) {
            return;
        }
        intake = new ContainerIntake(admitted, attempt.remoteAddress().toString(), media -> {
            Body made = maker.of(media);
            body = made;
            return made;
        });
        pauses = Periodic.of(upload.channel(), this::pause, TsDemuxer.IDLE_MILLIS, TimeUnit.MILLISECONDS);
        upload.accept();
    }

    private void pause() {
        ContainerIntake to = intake;
        if (!came && to != null) {
            to.pause();
        }
        came = false;
    }

    // ---- the body ---------------------------------------------------------------------------------------------

    @Override
    public void bytes(ByteBuf piece) {
        PublishSession current = session;
        ContainerIntake to = intake;
        if (current == null || to == null || current.over()) {
            return;
        }
        came = true;
        current.received();
        boolean frames;
        try {
            frames = to.take(piece);
        } catch (MalformedMediaException e) {
            reject(
                    PublishEnd.PROTOCOL_ERROR,
                    HttpResponseStatus.BAD_REQUEST,
                    "The media is broken: " + e.getMessage() + ".");
            return;
        }
        if (!frames) {
            look();
        }
    }

    @Override
    public void end() {
        Body of = body;
        ContainerIntake to = intake;
        if (of == null || to == null) {
            return;
        }
        to.end();
        look();
        boolean anything = to.media().frames() > 0;
        finish(anything ? PublishEnd.UNPUBLISHED : PublishEnd.NO_MEDIA);
        upload.answer(
                anything
                        ? line(HttpResponseStatus.OK, "The broadcast has ended.")
                        : line(
                                HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                                "No audio or video came as " + of.name() + "."));
    }

    @Override
    public void gone() {
        finish(PublishEnd.CONNECTION_LOST);
    }

    /** Ends a session of which nothing can be played. */
    @Override
    public void look() {
        PublishSession current = session;
        ContainerIntake to = intake;
        Body from = body;
        if (current == null || to == null || from == null || current.over()) {
            return;
        }
        MediaIntake media = to.media();
        String unsupported = media.unsupported();
        if (!from.plausible()) {
            reject(PublishEnd.NO_MEDIA, HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, "This is no " + from.name() + ".");
        } else if (unsupported != null) {
            reject(
                    PublishEnd.UNSUPPORTED_MEDIA,
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Not supported: " + unsupported + ".");
        } else if (media.isRubbish()) {
            reject(PublishEnd.PROTOCOL_ERROR, HttpResponseStatus.BAD_REQUEST, "The media is broken.");
        }
    }

    private static HttpAnswer line(HttpResponseStatus status, String line) {
        return HttpAnswer.refusal(status, line);
    }

    private void reject(PublishEnd end, HttpResponseStatus status, String words) {
        finish(end);
        upload.answer(line(status, words));
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    @Override
    public void leave(Reason reason) {
        stop();
        upload.answer(
                switch (reason) {
                    case TAKEN_OVER ->
                        line(HttpResponseStatus.CONFLICT, "Another encoder took over with the same key.");
                    case ENDED -> line(HttpResponseStatus.FORBIDDEN, "The stream was ended.");
                    case BROKEN_CLOCK ->
                        line(
                                HttpResponseStatus.BAD_REQUEST,
                                "The time stamps jump too often, or media comes far faster than real time"
                                        + " (FFmpeg wants -re).");
                    case SILENT -> line(HttpResponseStatus.REQUEST_TIMEOUT, "No media came.");
                    case SHUTDOWN ->
                        line(HttpResponseStatus.SERVICE_UNAVAILABLE, "The server restarts. Come back soon.")
                                .with(RETRY, RETRY_SECONDS);
                });
    }

    @Override
    public void failed(Throwable cause) {
        finish(PublishEnd.FAILED);
        upload.channel().pipeline().fireExceptionCaught(cause);
    }

    private void finish(PublishEnd end) {
        stop();
        PublishSession current = session;
        PublishQuestion asked = question;
        if (current != null) {
            current.end(end);
        } else if (asked != null) {
            asked.withdraw(end);
        }
    }

    private void stop() {
        ScheduledFuture<?> timer = pauses;
        if (timer != null) {
            timer.cancel(false);
        }
        ContainerIntake to = intake;
        if (to != null) {
            to.end();
        }
    }
}
