// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishDecision;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishPeer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.container.mpegts.TsDemuxer;
import live.millrace.media.endpoint.ContainerIntake;
import live.millrace.media.endpoint.LossMeter;
import live.millrace.media.endpoint.MediaIntake;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.hub.LinkQuality;
import live.millrace.media.protocol.srt.SrtReject;
import live.millrace.media.protocol.srt.SrtStatistics;
import live.millrace.media.socket.Answers;
import org.jspecify.annotations.Nullable;

/** The publishing role of a connection: asks whether it may, and turns its payloads into frames. Confined to the event loop. */
final class SrtPublishSession implements PublishPeer {
    /** MPEG-TS, which is all that comes over SRT. */
    private static final class TransportContainer implements ContainerIntake.Container {
        private final TsDemuxer demuxer;
        private final Consumer<String> named;
        private boolean known;

        /** @param named told who made the stream, once it says so */
        TransportContainer(MediaIntake media, Consumer<String> named) {
            demuxer = new TsDemuxer(media);
            this.named = named;
        }

        @Override
        public void take(ByteBuf piece) {
            demuxer.take(piece);
            if (!known) {
                demuxer.maker().ifPresent(maker -> {
                    known = true;
                    named.accept(maker);
                });
            }
        }

        @Override
        public void pause() {
            demuxer.flush();
        }

        @Override
        public void end() {
            demuxer.end();
        }
    }

    /** Nothing that could be played after so many bytes: it is no transport stream. */
    private static final long MAX_WITHOUT_FRAME = 8L * 1024 * 1024;

    private final SrtConnection connection;
    private final PublishAttempt attempt;
    private @Nullable PublishQuestion question;
    private @Nullable PublishSession session;
    private SrtEncryption.@Nullable Fault fault;
    private @Nullable ContainerIntake intake;
    private final LossMeter losses = new LossMeter();
    private long withoutFrame;

    SrtPublishSession(SrtConnection connection, PublishAddress address) {
        this.connection = connection;
        this.attempt = new PublishAttempt(
                UUID.randomUUID(),
                connection.remote(),
                SrtEndpoint.SCHEME,
                connection.encoderName(),
                address.channel(),
                address.key(),
                new RequestedStream.Plain(address.app(), address.stream(), address.parameters()));
    }

    /**
     * Asks whether it may.
     *
     * @param answered is told null for yes, else why not
     */
    void start(Consumer<@Nullable SrtReject> answered) {
        PublishQuestion asked = connection
                .engine()
                .publishing()
                .request(attempt, this, connection.channel().eventLoop());
        question = asked;
        Answers.takeAtOnce(connection.channel(), asked.answer(), (answer, _) -> {
            switch (answer) {
                case null -> {} // withdrawn
                case PublishAnswer.Admitted(PublishSession admitted) -> {
                    session = admitted;
                    intake = new ContainerIntake(
                            admitted,
                            connection.remote().toString(),
                            media -> new TransportContainer(media, admitted.publisher()::callsItself));
                    answered.accept(null);
                }
                case PublishAnswer.Refused(var cause) -> answered.accept(reject(cause));
            }
        });
    }

    /** {@inheritDoc} The passphrase is that of its key: only now it is known which. */
    @Override
    public CompletionStage<Optional<RefusalCause>> prove(PublishDecision.Granted grant) {
        return connection.encrypted(grant.passphrase()).thenApply(found -> {
            fault = found.orElse(null);
            return found.map(SrtEncryption.Fault::cause);
        });
    }

    private SrtReject reject(RefusalCause cause) {
        SrtEncryption.Fault seen = fault;
        if (seen != null && seen.cause() == cause) {
            return seen.reject();
        }
        return switch (cause) {
            case CHANNEL_BUSY, TAKEOVER_TOO_SOON -> SrtReject.CONFLICT;
            case TOO_MANY_ATTEMPTS, SERVER_FULL -> SrtReject.OVERLOAD;
            case NO_ANSWER -> SrtReject.UNAVAILABLE;
            default -> SrtReject.FORBIDDEN;
        };
    }

    /** Takes a payload; borrowed. */
    void media(ByteBuf payload) {
        PublishSession current = session;
        ContainerIntake to = intake;
        if (current == null || to == null || current.over() || !payload.isReadable()) {
            return;
        }
        withoutFrame += payload.readableBytes();
        if (to.take(payload)) {
            withoutFrame = 0;
        } else {
            look();
        }
    }

    /** Ends a session of which nothing can be played. */
    @Override
    public void look() {
        PublishSession current = session;
        ContainerIntake to = intake;
        if (current == null || to == null || current.over()) {
            return;
        }
        MediaIntake from = to.media();
        if (from.unsupported() != null) {
            end(PublishEnd.UNSUPPORTED_MEDIA);
            connection.goodbye();
        } else if (from.isRubbish() || withoutFrame > MAX_WITHOUT_FRAME) {
            end(PublishEnd.PROTOCOL_ERROR);
            connection.goodbye();
        }
    }

    /** A packet came, of whatever kind. */
    void received() {
        PublishSession current = session;
        if (current != null && !current.over()) {
            current.received();
        }
    }

    /** How its packets come through; once in a second. */
    void link(SrtStatistics seen, OptionalLong bufferedMillis) {
        PublishSession current = session;
        if (current == null || current.over()) {
            return;
        }
        long sent = seen.received() - seen.retransmitted() + seen.lost();
        current.publisher()
                .link(new LinkQuality(
                        seen.measured() ? OptionalLong.of(Math.ceilDiv(seen.roundTrip(), 1_000)) : OptionalLong.empty(),
                        losses.take(sent, seen.lost()),
                        seen.retransmitted(),
                        seen.dropped(),
                        bufferedMillis));
    }

    /** Nothing came for a moment: a picture may be whole. */
    void idle() {
        ContainerIntake to = intake;
        if (to != null) {
            to.pause();
        }
    }

    /** SRT has no word for "come back": the peer's own reconnecting does it, after the goodbye. */
    CompletionStage<Void> askedToLeave() {
        return question == null ? CompletableFuture.completedStage(null) : question.askedToLeave();
    }

    @Override
    public void leave(Reason reason) {
        connection.goodbye();
    }

    @Override
    public void failed(Throwable cause) {
        connection.channel().pipeline().fireExceptionCaught(cause);
    }

    /** It is over, whatever it was doing. Idempotent. */
    void end(PublishEnd cause) {
        ContainerIntake last = intake;
        if (last != null) {
            last.end();
        }
        if (session != null) {
            session.end(cause);
        } else if (question != null) {
            question.withdraw(cause);
        }
    }
}
