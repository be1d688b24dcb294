// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishPeer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.endpoint.LossMeter;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LinkQuality;
import live.millrace.media.hub.StreamPath;
import live.millrace.media.protocol.rtp.payload.Depacketizer;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.rtp.rtcp.SessionClock;
import live.millrace.media.protocol.rtsp.RtspAddresses;
import live.millrace.media.protocol.rtsp.RtspWriter;
import live.millrace.media.protocol.rtsp.TransportHeader;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.sdp.SessionDescription;
import live.millrace.media.socket.Answers;
import live.millrace.media.socket.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publishing role of a connection: asks whether it may, takes the packets of its tracks, reports on them, and ends what comes to nothing.
 * What of it cannot be carried is left out, and named. Confined to the channel's event loop.
 */
final class RtspPublishSession implements PublishPeer, FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(RtspPublishSession.class);

    /** Media of a description. */
    static final int MAX_TRACKS = 8;

    private static final String CANONICAL_NAME = "millrace";
    private static final long EXPIRE_MILLIS = 50;
    private static final long LINK_MILLIS = 1_000;
    private static final int MAX_NAMED = 8;

    /** What a refused peer is told. */
    record Refused(RtspConversation.Refusal kind, String words) {}

    private final RtspConnection connection;
    private final SessionDescription description;
    private final PublishAttempt attempt;
    private final Legs legs;
    private final List<ReceivedTrack> tracks = new ArrayList<>();

    /** By channel, of both of a pair. */
    private final @Nullable ReceivedTrack[] byChannel = new @Nullable ReceivedTrack[256];

    private final List<ScheduledFuture<?>> timers = new ArrayList<>();
    private @Nullable PublishQuestion question;
    private @Nullable PublishSession session;
    private final LossMeter losses = new LossMeter();
    private boolean anyTrack;
    private int named;

    RtspPublishSession(
            RtspConnection connection,
            SessionDescription description,
            PublishAddress address,
            PublishLogin login,
            String encoder) {
        this.connection = connection;
        this.description = description;
        this.legs = new Legs(connection.remote().getAddress(), connection.datagrams());
        this.attempt = new PublishAttempt(
                UUID.randomUUID(),
                connection.remote(),
                "rtsp",
                encoder,
                login.channel(),
                login.key(),
                new RequestedStream.Plain(address.app(), address.stream(), address.parameters()));
    }

    // ---- the answer -------------------------------------------------------------------------------------------

    /**
     * Asks whether it may.
     *
     * @param answer told on the loop: empty for yes
     */
    void start(Consumer<Optional<Refused>> answer) {
        PublishQuestion asked = connection
                .context()
                .engine()
                .publishing()
                .request(attempt, this, connection.channel().eventLoop());
        question = asked;
        Answers.takeAtOnce(connection.channel(), asked.answer(), (said, _) -> {
            switch (said) {
                case null -> {
                    // withdrawn: nobody listens any more
                }
                case PublishAnswer.Admitted(PublishSession admitted) -> answer.accept(begin(admitted));
                case PublishAnswer.Refused(RefusalCause cause) -> answer.accept(Optional.of(refused(cause)));
            }
        });
    }

    private Refused refused(RefusalCause cause) {
        return switch (cause) {
            case NO_ANSWER -> new Refused(RtspConversation.Refusal.NOBODY_ANSWERED, "Service Unavailable");
            case BAD_NAME ->
                new Refused(RtspConversation.Refusal.KEY, "No stream can have this name: " + StreamPath.RULE + ".");
            default ->
                new Refused(
                        RtspConversation.Refusal.KEY,
                        connection.context().config().refusal());
        };
    }

    private Optional<Refused> begin(PublishSession admitted) {
        session = admitted;
        SessionClock clock = new SessionClock(System.nanoTime());
        int pictures = 0;
        int sounds = 0;
        String unsupported = "";
        boolean any = false;
        for (MediaDescription medium : description.media()) {
            boolean video = medium.kind().equals("video");
            int index = video ? pictures : sounds;
            Optional<PayloadFormat> format = medium.formats().stream().findFirst();
            Depacketizer depacketizer = null;
            if ((video || medium.kind().equals("audio")) && index < Track.MAX_OF_KIND) {
                try {
                    depacketizer = depacketizer(video ? Track.video(index) : Track.audio(index), format);
                } catch (UnsupportedMediaException e) {
                    unsupported = (video ? "video" : "audio") + " codec " + e.getMessage();
                    leftOut(new LeftOut(video, String.valueOf(e.getMessage()), LeftOut.Cause.UNSUPPORTED));
                }
            }
            if (depacketizer != null) {
                any = true;
                pictures += video ? 1 : 0;
                sounds += video ? 0 : 1;
            }
            tracks.add(new ReceivedTrack(
                    this,
                    connection.context().tallies(),
                    connection.channel().eventLoop(),
                    depacketizer == null ? null : format.orElse(null),
                    depacketizer,
                    clock));
        }
        if (!any) {
            end(PublishEnd.UNSUPPORTED_MEDIA);
            return Optional.of(new Refused(
                    RtspConversation.Refusal.UNSUPPORTED,
                    "Not supported: " + (unsupported.isEmpty() ? "neither video nor audio" : printable(unsupported))
                            + "."));
        }
        return Optional.empty();
    }

    private Depacketizer depacketizer(int trackId, Optional<PayloadFormat> format) {
        return PayloadFormats.depacketizer(
                trackId, format.orElseThrow(() -> new UnsupportedMediaException("without a name")), this);
    }

    /** It came from the peer, and goes back in one line. */
    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    // ---- tracks -----------------------------------------------------------------------------------------------

    /** Which track an address means (RFC 2326 appendix C.1.1). */
    OptionalInt track(String uri) {
        List<String> controls = new ArrayList<>();
        for (MediaDescription medium : description.media()) {
            String control = medium.control().orElse("");
            if (!control.isEmpty() && uri.equals(control)) {
                return OptionalInt.of(controls.size());
            }
            controls.add(control);
        }
        Optional<String> found = RtspAddresses.control(
                uri, controls.stream().filter(each -> !each.isEmpty()).toList());
        if (found.isPresent()) {
            return OptionalInt.of(controls.indexOf(found.get()));
        }
        // One track needs no name.
        return controls.size() == 1 ? OptionalInt.of(0) : OptionalInt.empty();
    }

    /** Agrees upon the way of a track; empty if there is none. */
    Optional<String> setUp(int index, String offer) {
        ReceivedTrack track = tracks.get(index);
        leave(track);
        track.goes(null); // what is not agreed upon again is over
        Optional<Leg> agreed = legs.agree(offer, track, track);
        agreed.ifPresent(leg -> {
            track.goes(leg);
            if (leg instanceof Leg.Interleaved(TransportHeader.Pair channels)) {
                byChannel[channels.rtp()] = track;
                byChannel[channels.rtcp()] = track;
            }
        });
        return agreed.map(leg -> legs.answer(leg, true));
    }

    private void leave(ReceivedTrack track) {
        Leg before = track.leg();
        if (before != null) {
            for (int i = 0; i < byChannel.length; i++) {
                byChannel[i] = byChannel[i] == track ? null : byChannel[i];
            }
            legs.leave(before, track, track);
        }
    }

    /** Media comes from here on; some of it may have come before. */
    void record() {
        Channel channel = connection.channel();
        RtspTimes times = connection.context().times();
        timers.add(Periodic.of(channel, this::report, times.reports().toMillis(), TimeUnit.MILLISECONDS));
        if (tracks.stream().anyMatch(track -> track.leg() instanceof Leg.Datagrams)) {
            timers.add(Periodic.of(
                    channel,
                    () -> {
                        long now = System.nanoTime();
                        tracks.forEach(track -> track.expire(now));
                    },
                    EXPIRE_MILLIS,
                    TimeUnit.MILLISECONDS));
            timers.add(Periodic.of(channel, this::link, LINK_MILLIS, TimeUnit.MILLISECONDS));
        }
        timers.add(channel.eventLoop()
                .schedule(
                        () -> {
                            if (!anyTrack) {
                                LOG.info(
                                        "Closing RTSP connection from {}: no media that can be carried",
                                        connection.remote());
                                end(PublishEnd.NO_MEDIA);
                                connection.closeAfterFlush();
                            }
                        },
                        times.track().toMillis(),
                        TimeUnit.MILLISECONDS));
    }

    // ---- packets ----------------------------------------------------------------------------------------------

    /**
     * Takes a packet that came between messages.
     *
     * @param packet borrowed
     */
    void interleaved(int channel, ByteBuf packet) {
        received(packet.readableBytes());
        ReceivedTrack track = byChannel[channel];
        if (track != null) {
            track.take(packet);
        }
    }

    /** Something came from the peer. */
    void received(int bytes) {
        connection.context().tallies().received().add(bytes);
        PublishSession current = session;
        if (current != null) {
            current.received();
        }
    }

    /** A packet of media came. */
    void media() {
        PublishSession current = session;
        if (current != null) {
            current.media();
        }
    }

    /** Runs what a datagram brings: what it causes ends this connection, not the socket of all. */
    void guarded(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** How its packets come through, where they may be lost: what is, nobody sends again. */
    private void link() {
        PublishSession current = session;
        if (current != null && !current.over()) {
            long came = tracks.stream().mapToLong(ReceivedTrack::packets).sum();
            long lost = tracks.stream().mapToLong(ReceivedTrack::lost).sum();
            current.publisher()
                    .link(new LinkQuality(
                            OptionalLong.empty(), losses.take(came + lost, lost), 0, lost, OptionalLong.empty()));
        }
    }

    /** What receivers say (RFC 3550 §6.4.2): some encoders stop without it, and others adapt. */
    private void report() {
        long now = System.nanoTime();
        for (ReceivedTrack track : tracks) {
            Leg leg = track.leg();
            List<RtcpPacket> packets = track.report(now, CANONICAL_NAME);
            if (leg == null || packets == null) {
                continue;
            }
            ByteBuf out = connection.alloc().buffer();
            switch (leg) {
                case Leg.Interleaved(TransportHeader.Pair channels) -> {
                    RtspWriter.writeFrameHeader(channels.rtcp(), 0, out);
                    RtcpCompound.write(packets, out);
                    out.setShort(2, out.readableBytes() - RtspWriter.FRAME_HEADER);
                    connection.writeBytes(out);
                }
                case Leg.Datagrams(InetSocketAddress _, InetSocketAddress reports) -> {
                    RtcpCompound.write(packets, out);
                    DatagramPorts ports = connection.datagrams();
                    if (ports == null) {
                        out.release();
                    } else {
                        Channel socket =
                                ports.sockets(connection.channel().eventLoop()).rtcp();
                        socket.writeAndFlush(new DatagramPacket(out, reports), socket.voidPromise());
                    }
                }
            }
        }
    }

    // ---- frames -----------------------------------------------------------------------------------------------

    @Override
    public void track(Track track) {
        PublishSession current = session;
        if (current != null) {
            anyTrack = true;
            current.publisher().track(track);
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        PublishSession current = session;
        if (current != null) {
            current.readable();
            current.publisher().frame(frame);
        }
    }

    @Override
    public void repaired(Repair repair) {
        PublishSession current = session;
        if (current != null) {
            current.publisher().repaired(repair);
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        PublishSession current = session;
        if (current != null && named++ < MAX_NAMED) {
            LOG.info(
                    "{} from {}: {} is left out, its codec is not carried: {}",
                    current.publisher().stream().path(),
                    connection.remote(),
                    part.video() ? "a picture" : "sound",
                    printable(part.what()));
            current.publisher().leftOut(part);
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    /** {@inheritDoc} This protocol has no words for it: the connection closes. */
    @Override
    public void leave(Reason reason) {
        connection.closeAfterFlush();
    }

    @Override
    public void failed(Throwable cause) {
        connection.channel().pipeline().fireExceptionCaught(cause);
    }

    /** It is over, whatever it was doing; what came before is handed over. Idempotent. */
    void end(PublishEnd cause) {
        timers.forEach(timer -> timer.cancel(false));
        timers.clear();
        try {
            if (session != null && !session.over()) {
                tracks.forEach(ReceivedTrack::flush);
            }
        } finally {
            tracks.forEach(this::leave);
            Releasing.all(tracks, ReceivedTrack::release);
            tracks.clear();
            if (session != null) {
                session.end(cause);
            } else if (question != null) {
                question.withdraw(cause);
            }
        }
    }
}
