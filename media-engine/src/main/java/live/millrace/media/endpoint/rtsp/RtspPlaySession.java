// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.LikeAbsent;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.fanout.Feeds;
import live.millrace.media.fanout.Viewer;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.hub.Subscriber;
import live.millrace.media.protocol.rtsp.RtpInfo;
import live.millrace.media.protocol.rtsp.RtspAddresses;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Cut;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The playing role of a connection: asks whether it may, waits for the stream and its tracks, describes them, and lets a feed write to
 * the player. Who may not watch hears the same as one who asks for what is not there, after the same time. Confined to the channel's event
 * loop.
 */
final class RtspPlaySession {
    private static final Logger LOG = LoggerFactory.getLogger(RtspPlaySession.class);

    static final String NOT_LIVE = "This stream is not live.";

    /** A stream that is there is known after some seconds, or never. */
    private static final long TRACKS_SECONDS = 10;

    /** Players wait so long for the answer to PLAY in any case; a stream that pauses may have nothing before. */
    private static final long ANSWERED_SECONDS = 2;

    private final RtspConnection connection;
    private final EventLoop eventLoop;
    private final String uri;
    private final String player;
    private final Legs legs;
    private final Reports reports = new Reports();
    private Admission.@Nullable Granted admission;
    private @Nullable LiveStream stream;
    private @Nullable PlayedTracks tracks;
    private @Nullable Leg[] ways = new @Nullable Leg[0];
    private @Nullable Subscriber waits;
    private @Nullable ScheduledFuture<?> limit;
    private @Nullable Consumer<Optional<String>> asked;
    private boolean over;

    /** What a player sends by UDP says that it is there, and no more. */
    private final class Reports implements DatagramPorts.Receiver {
        @Override
        public EventLoop loop() {
            return eventLoop;
        }

        @Override
        public void datagram(ByteBuf packet) {
            connection.heard();
        }
    }

    /**
     * A session that has not begun.
     *
     * @param uri that it asked for
     * @param player what it calls itself
     */
    RtspPlaySession(RtspConnection connection, String uri, String player) {
        this.connection = connection;
        this.eventLoop = connection.channel().eventLoop();
        this.uri = uri;
        this.player = player;
        this.legs = new Legs(connection.remote().getAddress(), connection.datagrams());
    }

    /** What the addresses of its tracks are relative to. */
    String base() {
        return uri.endsWith("/") ? uri : uri + "/";
    }

    boolean overDatagrams() {
        for (Leg leg : ways) {
            if (leg instanceof Leg.Datagrams) {
                return true;
            }
        }
        return false;
    }

    // ---- DESCRIBE ---------------------------------------------------------------------------------------------

    /**
     * Asks for a stream.
     *
     * @param answer told once, on the loop: the description, or empty when there is none for this player
     */
    void start(PublishAddress address, Consumer<Optional<String>> answer) {
        asked = answer;
        Optional<StreamPath> path = connection.context().engine().naming().path(address.app(), address.stream());
        if (path.isEmpty()) {
            answer(Optional.empty());
            return;
        }
        PlayRequest request = new PlayRequest(
                path.get(),
                connection.remote(),
                "rtsp",
                Optional.empty(),
                false,
                address.parameters(),
                player,
                address.ticket(),
                Optional.empty());
        Channel channel = connection.channel();
        onLoop(connection.context().engine().playing().open(request, () -> Cut.off(channel)), opened -> {
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
        LikeAbsent.refuse(
                connection.context().engine().playing(),
                path,
                Demand.SOON.patience(),
                eventLoop,
                () -> answer(Optional.empty()));
    }

    private void await(StreamPath path) {
        onLoop(connection.context().engine().locator().locate(path, Demand.SOON), location -> {
            Optional<LiveStream> found = location.here();
            if (over) {
                return;
            }
            if (found.isEmpty()) {
                answer(Optional.empty());
            } else {
                stream = found.get();
                awaitTracks(found.get());
            }
        });
    }

    /** Waits until it is known what the stream is of. */
    private void awaitTracks(LiveStream found) {
        Subscriber subscriber = new Subscriber() {
            @Override
            public void tracks(List<Track> all) {
                eventLoop.execute(() -> known(all));
            }

            @Override
            public void frame(MediaFrame frame) {}

            @Override
            public void paused() {}

            @Override
            public void ended() {
                eventLoop.execute(() -> answer(Optional.empty()));
            }
        };
        waits = subscriber;
        limit = eventLoop.schedule(() -> answer(Optional.empty()), TRACKS_SECONDS, TimeUnit.SECONDS);
        found.onOwner(() -> found.subscribe(subscriber));
    }

    private void known(List<Track> all) {
        PlayedTracks played = PlayedTracks.of(all);
        if (asked == null || over) {
            return;
        }
        if (played.all().isEmpty()) {
            answer(Optional.empty());
            return;
        }
        tracks = played;
        ways = new @Nullable Leg[played.all().size()];
        LiveStream of = Objects.requireNonNull(stream);
        answer(Optional.of(played.description(of.path().name(), of.broadcastId().getMostSignificantBits() >>> 1)));
    }

    private void answer(Optional<String> description) {
        Consumer<Optional<String>> to = asked;
        asked = null;
        stopWaiting();
        if (to != null && !over) {
            to.accept(description);
        }
    }

    private void stopWaiting() {
        ScheduledFuture<?> timer = limit;
        if (timer != null) {
            timer.cancel(false);
        }
        Subscriber subscriber = waits;
        waits = null;
        if (subscriber != null && stream != null) {
            stream.leave(subscriber);
        }
    }

    private <T> void onLoop(CompletionStage<T> stage, Consumer<T> then) {
        Answers.take(connection.channel(), stage, (value, failure) -> {
            if (value == null) {
                LOG.warn("A player from {} could not be served", connection.remote(), failure);
                connection.closeAfterFlush();
            } else {
                then.accept(value);
            }
        });
    }

    // ---- SETUP, PLAY ------------------------------------------------------------------------------------------

    /** Which track an address means; of several none means one of them. */
    OptionalInt track(String trackUri) {
        List<String> controls = new ArrayList<>();
        for (int i = 0; i < ways.length; i++) {
            controls.add(PlayedTracks.control(i));
        }
        Optional<String> found = RtspAddresses.control(trackUri, controls);
        if (found.isPresent()) {
            return OptionalInt.of(controls.indexOf(found.get()));
        }
        return controls.size() == 1 ? OptionalInt.of(0) : OptionalInt.empty();
    }

    /** Agrees upon the way of a track; empty if there is none. */
    Optional<String> setUp(int place, String offer) {
        Leg before = ways[place];
        if (before != null) {
            ways[place] = null;
            legs.leave(before, reports, reports);
        }
        Optional<Leg> agreed = legs.agree(offer, reports, reports);
        agreed.ifPresent(leg -> ways[place] = leg);
        return agreed.map(leg -> legs.answer(leg, false));
    }

    /**
     * Begins.
     *
     * @param answer given the header {@code RTP-Info}, empty when nothing is known, before the first media
     */
    void play(Consumer<String> answer) {
        LiveStream of = Objects.requireNonNull(stream);
        PlayedTracks played = Objects.requireNonNull(tracks);
        DatagramPorts ports = connection.datagrams();
        RtspPlayout playout = new RtspPlayout(
                ways,
                ports == null || !overDatagrams() ? null : ports.sockets(eventLoop),
                connection.context().tallies(),
                beginnings -> answer.accept(info(beginnings)));
        connection.channel().pipeline().addBefore(RtspListener.CONNECTION, RtspListener.PLAYOUT, playout);
        limit = eventLoop.schedule(playout::beginAnyway, ANSWERED_SECONDS, TimeUnit.SECONDS);
        LOG.debug("{} is played from {}", of.path(), connection.remote());
        connection
                .context()
                .engine()
                .feeds()
                .watch(
                        of,
                        new Feeds.Format("rtsp " + played.words(), false),
                        () -> new RtspFeedEncoder(
                                played, millis -> of.wallClock(millis).toEpochMilli()),
                        Viewer.closing(connection.media(), null));
    }

    private String info(List<RtspPlayout.Beginning> beginnings) {
        List<RtpInfo> infos = new ArrayList<>();
        for (int i = 0; i < beginnings.size(); i++) {
            RtspPlayout.Beginning each = beginnings.get(i);
            if (ways[i] != null && each.timestamp() >= 0) {
                infos.add(new RtpInfo(
                        RtspAddresses.track(base(), PlayedTracks.control(i)),
                        each.sequence() < 0 ? OptionalInt.empty() : OptionalInt.of(each.sequence()),
                        OptionalLong.of(each.timestamp())));
            }
        }
        return RtpInfo.write(infos);
    }

    /** The session is over; what it writes ends with its connection. Idempotent. */
    void end() {
        over = true;
        asked = null;
        stopWaiting();
        for (int i = 0; i < ways.length; i++) {
            Leg leg = ways[i];
            if (leg != null) {
                ways[i] = null;
                legs.leave(leg, reports, reports);
            }
        }
        if (admission != null) {
            admission.leave();
        }
    }
}
