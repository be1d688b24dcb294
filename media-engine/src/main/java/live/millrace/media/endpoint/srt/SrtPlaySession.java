// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.LikeAbsent;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.endpoint.TsFeedEncoder;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.fanout.Viewer;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.srt.SrtReject;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Cut;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The playing role of a connection: asks whether it may, waits a moment for the stream, and lets a feed write. Confined to the event loop. */
final class SrtPlaySession {
    private static final Logger LOG = LoggerFactory.getLogger(SrtPlaySession.class);

    /** Callers wait three seconds for the answer to their handshake. */
    private static final Demand PATIENCE = new Demand(Duration.ofSeconds(2));

    private final SrtConnection connection;
    private Admission.@Nullable Granted admission;
    private @Nullable LiveStream stream;
    private boolean over;

    SrtPlaySession(SrtConnection connection) {
        this.connection = connection;
    }

    /**
     * Asks whether it may, and for the stream.
     *
     * @param answered is told null for yes, else why not
     */
    void start(PublishAddress address, Consumer<@Nullable SrtReject> answered) {
        Optional<StreamPath> named = connection.engine().naming().path(address.app(), address.stream());
        if (named.isEmpty()) {
            answered.accept(SrtReject.NOT_FOUND);
            return;
        }
        StreamPath path = named.get();
        PlayRequest request = new PlayRequest(
                path,
                connection.remote(),
                SrtEndpoint.SCHEME,
                Optional.empty(),
                false,
                address.parameters(),
                connection.encoderName(),
                address.ticket(),
                Optional.empty());
        Runnable close = () -> Cut.off(connection.channel());
        Answers.take(connection.channel(), connection.engine().playing().open(request, close), (opened, failure) -> {
            switch (opened) {
                case null -> {
                    LOG.warn("A player from {} could not be served", connection.remote(), failure);
                    answered.accept(SrtReject.UNAVAILABLE);
                }
                case Admission.Refused _ -> refused(path, answered);
                case Admission.Granted granted when over -> granted.leave();
                case Admission.Granted granted -> {
                    admission = granted;
                    await(path, answered);
                }
            }
        });
    }

    private void refused(StreamPath path, Consumer<@Nullable SrtReject> answered) {
        LikeAbsent.refuse(
                connection.engine().playing(),
                path,
                PATIENCE.patience(),
                connection.channel().eventLoop(),
                () -> {
                    if (!over) {
                        answered.accept(SrtReject.NOT_FOUND);
                    }
                });
    }

    private void await(StreamPath path, Consumer<@Nullable SrtReject> answered) {
        Answers.take(
                connection.channel(), connection.engine().locator().locate(path, PATIENCE), (location, failure) -> {
                    if (over) {
                        return;
                    }
                    if (location == null) {
                        LOG.warn("A player from {} could not be served", connection.remote(), failure);
                        answered.accept(SrtReject.UNAVAILABLE);
                        return;
                    }
                    stream = location.here().orElse(null);
                    answered.accept(stream == null ? SrtReject.NOT_FOUND : null);
                });
    }

    /** The handshake is over: media may come. */
    void begin(ChannelHandlerContext out) {
        LiveStream wanted = stream;
        if (wanted != null) {
            LOG.debug("{} is played from {}", wanted.path(), connection.remote());
            connection
                    .engine()
                    .feeds()
                    .watch(
                            wanted,
                            new Feeds.Format(SrtEndpoint.SCHEME, false),
                            TsFeedEncoder::new,
                            new Viewer(out, null, connection::goodbye));
        }
    }

    /** The connection is over. Idempotent. */
    void end() {
        over = true;
        if (admission != null) {
            admission.leave();
        }
    }
}
