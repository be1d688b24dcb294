// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PlayTicket;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.LikeAbsent;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.fanout.Viewer;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Cut;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The playing role of a connection: asks whether it may, waits for the stream, and lets a feed write to the socket.
 *
 * <pre>
 * ASKING → WAITING → PLAYING → OVER
 *    └─ refused ─┴─ nobody came ─↗
 * </pre>
 *
 * <p>Confined to the channel's event loop.
 */
final class RtmpPlaySession {
    private static final Logger LOG = LoggerFactory.getLogger(RtmpPlaySession.class);

    private static final String NOT_LIVE = "This stream is not live.";

    private final RtmpConnection connection;
    private final EventLoop eventLoop;
    private final long messageStreamId;
    private Admission.@Nullable Granted admission;
    private boolean playing;
    private boolean over;

    RtmpPlaySession(RtmpConnection connection, long messageStreamId) {
        this.connection = connection;
        this.eventLoop = connection.channel().eventLoop();
        this.messageStreamId = messageStreamId;
    }

    boolean playing() {
        return playing;
    }

    void start(PublishAddress address, Optional<PlayTicket> ticket) {
        Optional<StreamPath> path = connection.context().engine().naming().path(address.app(), address.stream());
        if (path.isEmpty()) {
            notFound("No stream can have this name: " + StreamPath.RULE + ".");
            return;
        }
        PlayRequest request = new PlayRequest(
                path.get(),
                connection.remote(),
                "rtmp",
                Optional.empty(),
                false,
                address.parameters(),
                connection.conversation().encoderName(),
                ticket,
                Optional.empty());
        Runnable close = () -> Cut.off(connection.channel());
        onLoop(connection.context().engine().playing().open(request, close), opened -> {
            switch (opened) {
                case Admission.Refused _ -> refused(path.get());
                case Admission.Granted granted when over -> granted.leave();
                case Admission.Granted granted -> {
                    admission = granted;
                    await(path.get());
                }
            }
        });
    }

    private void refused(StreamPath path) {
        LikeAbsent.refuse(connection.context().engine().playing(), path, Demand.SOON.patience(), eventLoop, () -> {
            if (!over) {
                notFound(NOT_LIVE);
            }
        });
    }

    private void await(StreamPath path) {
        onLoop(connection.context().engine().locator().locate(path, Demand.SOON), location -> {
            Optional<LiveStream> found = location.here();
            if (over) {
                return;
            }
            if (found.isEmpty()) {
                notFound(NOT_LIVE);
            } else {
                play(found.get());
            }
        });
    }

    private <T> void onLoop(CompletionStage<T> stage, java.util.function.Consumer<T> then) {
        Answers.take(connection.channel(), stage, (value, failure) -> {
            if (value == null) {
                LOG.warn("A player from {} could not be served", connection.remote(), failure);
                connection.closeAfterFlush();
            } else {
                then.accept(value);
            }
        });
    }

    private void play(LiveStream stream) {
        playing = true;
        connection.streamBegin(messageStreamId);
        connection.status(messageStreamId, "status", "NetStream.Play.Reset", "Playing anew.");
        connection.status(messageStreamId, "status", "NetStream.Play.Start", "Playing.");
        connection.flush();
        LOG.debug("{} is played from {}", stream.path(), connection.remote());
        connection
                .context()
                .engine()
                .feeds()
                .watch(
                        stream,
                        new Feeds.Format("rtmp " + messageStreamId, false, true),
                        () -> new RtmpFeedEncoder(messageStreamId),
                        Viewer.closing(connection.socket(), null));
    }

    private void notFound(String words) {
        connection.status(messageStreamId, "error", "NetStream.Play.StreamNotFound", words);
        connection.closeAfterFlush();
    }

    /** The socket closed. Idempotent. */
    void end() {
        over = true;
        if (admission != null) {
            admission.leave();
        }
    }
}
