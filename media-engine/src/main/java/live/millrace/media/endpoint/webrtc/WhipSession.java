// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.admission.PublishPeer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.endpoint.LossMeter;
import live.millrace.media.endpoint.MediaIntake;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Repair;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.LinkQuality;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.protocol.rtp.packet.HeaderExtensions;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.rtp.rtcp.SessionClock;
import live.millrace.media.protocol.rtp.rtcp.TransportArrivals;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time that somebody publishes by WHIP: asks whether it may, and turns the packets of its media into frames. Confined to the event loop of
 * the port.
 */
final class WhipSession implements PublishPeer, WebrtcConnection.Role, FrameSink {
    private static final Logger LOG = LoggerFactory.getLogger(WhipSession.class);

    private static final String CANONICAL_NAME = "millrace";
    private static final long QUESTIONS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long ARRIVALS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** RFC 7675 §5.1 has 30 s; who publishes is missed sooner. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Browsers make pictures that need no other when they are asked, and hardly ever else: segments begin with them. */
    private static final long PICTURE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1_950);

    private final PublishAttempt attempt;
    private final List<AgreedMedia> agreed;
    private final WebrtcTallies tallies;
    private final int udpPort;
    private final Runnable forget;
    private final int ssrc = ThreadLocalRandom.current().nextInt();
    private final List<ReceivedMedia> media = new ArrayList<>();
    private final LossMeter losses = new LossMeter();

    private @Nullable WebrtcConnection connection;
    private @Nullable PublishQuestion question;
    private @Nullable PublishSession session;
    private @Nullable MediaIntake intake;
    private @Nullable TransportArrivals arrivals;
    private long askedAt;
    private long toldAt;
    private long reportedAt;

    /**
     * Nothing is asked yet.
     *
     * @param udpPort where its media is to come
     * @param forget run at its end, perhaps more than once
     */
    WhipSession(PublishAttempt attempt, List<AgreedMedia> agreed, WebrtcTallies tallies, int udpPort, Runnable forget) {
        this.attempt = attempt;
        this.udpPort = udpPort;
        this.agreed = List.copyOf(agreed);
        this.tallies = tallies;
        this.forget = forget;
    }

    // ---- the answer -------------------------------------------------------------------------------------------

    /** Takes the question whether it may. */
    void asks(PublishQuestion asked) {
        question = asked;
    }

    /** Begins, since it may. */
    void begin(PublishSession admitted, WebrtcConnection peer) {
        session = admitted;
        admitted.directed();
        connection = peer;
        MediaIntake into =
                new MediaIntake(admitted.publisher(), attempt.remoteAddress().toString());
        intake = into;
        long now = System.nanoTime();
        SessionClock clock = new SessionClock(now);
        for (AgreedMedia each : agreed) {
            each.format().ifPresent(format -> add(each, format, clock, now, into));
        }
    }

    private void add(AgreedMedia each, PayloadFormat format, SessionClock clock, long now, MediaIntake into) {
        try {
            media.add(new ReceivedMedia(
                    tallies,
                    into::repaired,
                    each,
                    format,
                    PayloadFormats.depacketizer(each.video() ? Track.video(0) : Track.audio(0), format, this),
                    clock,
                    now));
        } catch (UnsupportedMediaException e) {
            into.leftOut(new LeftOut(each.video(), String.valueOf(e.getMessage()), LeftOut.Cause.UNSUPPORTED));
        }
    }

    // ---- packets ----------------------------------------------------------------------------------------------

    @Override
    public void established() {
        arrivals = new TransportArrivals(System.nanoTime());
        received();
        media.forEach(each -> {
            if (each.agreed().video()) {
                each.wantPicture();
            }
        });
    }

    @Override
    public void heard() {
        received();
    }

    @Override
    public void unheard() {
        LOG.info(
                "{}: no packet came from the one that was answered, over UDP or TCP. Port {} is blocked on the way, or the addresses that were"
                        + " offered do not lead here (webrtc.addresses)",
                attempt.remoteAddress(),
                udpPort);
    }

    @Override
    public long patienceNanos() {
        return SILENCE_NANOS;
    }

    /** Viewers of a stream want a picture that needs no other; of another's, nothing happens. */
    void wantPicture(LiveStream of) {
        PublishSession current = session;
        if (current != null && !current.over() && current.publisher().stream().equals(of)) {
            media.stream().filter(each -> each.agreed().video()).forEach(ReceivedMedia::wantPicture);
        }
    }

    private void received() {
        PublishSession current = session;
        if (current != null && !current.over()) {
            current.received();
        }
    }

    @Override
    public void rtp(ByteBuf packet, long now) {
        PublishSession current = session;
        if (current == null || current.over()) {
            return;
        }
        current.received();
        note(packet, now);
        RtpPacket parsed;
        try {
            parsed = RtpPacket.parse(packet);
        } catch (MalformedRtpException e) {
            tallies.packets().count(WebrtcTallies.Packet.MALFORMED);
            return;
        }
        for (ReceivedMedia each : media) {
            AgreedMedia of = each.agreed();
            if (of.format()
                    .filter(format -> format.payloadType() == parsed.payloadType())
                    .isPresent()) {
                current.media();
                each.take(parsed, now);
                return;
            }
            if (of.retransmission().orElse(-1) == parsed.payloadType()) {
                each.takeAgain(parsed, now);
                return;
            }
        }
    }

    private void note(ByteBuf packet, long now) {
        TransportArrivals to = arrivals;
        for (AgreedMedia each : agreed) {
            if (to != null && each.transportSequence().isPresent()) {
                int number =
                        HeaderExtensions.find(packet, each.transportSequence().getAsInt());
                if (number >= 0) {
                    to.arrived(number, now);
                    return;
                }
            }
        }
    }

    @Override
    public void rtcp(ByteBuf packet, long now) {
        received();
        try {
            for (RtcpPacket each : RtcpCompound.parse(packet)) {
                if (each instanceof RtcpPacket.SenderReport report) {
                    media.forEach(to -> to.senderReport(report, now));
                }
            }
        } catch (MalformedRtpException e) {
            tallies.packets().count(WebrtcTallies.Packet.MALFORMED);
        }
    }

    // ---- time -------------------------------------------------------------------------------------------------

    @Override
    public void tick(long now) {
        WebrtcConnection to = connection;
        PublishSession current = session;
        if (to == null || current == null || current.over()) {
            return;
        }
        List<RtcpPacket> said = new ArrayList<>();
        if (now - reportedAt >= REPORT_NANOS) {
            reportedAt = now;
            media.forEach(each -> said.addAll(each.report(ssrc, CANONICAL_NAME, now)));
            link(current);
        }
        if (now - askedAt >= QUESTIONS_NANOS) {
            askedAt = now;
            media.forEach(each -> said.addAll(each.feedback(ssrc, now, PICTURE_EVERY_NANOS)));
        }
        TransportArrivals told = arrivals;
        if (told != null && now - toldAt >= ARRIVALS_NANOS) {
            toldAt = now;
            int of = media.stream().mapToInt(ReceivedMedia::ssrc).findFirst().orElse(0);
            told.take(ssrc, of).ifPresent(said::add);
        }
        if (!said.isEmpty()) {
            to.send(said);
        }
    }

    /** How its packets come through. */
    private void link(PublishSession current) {
        long came = media.stream().mapToLong(ReceivedMedia::packets).sum();
        long lost = media.stream().mapToLong(ReceivedMedia::lost).sum();
        long repeated = media.stream().mapToLong(ReceivedMedia::repeated).sum();
        current.publisher()
                .link(new LinkQuality(
                        OptionalLong.empty(),
                        losses.take(came + lost + repeated, lost + repeated),
                        repeated,
                        lost,
                        OptionalLong.empty()));
    }

    /** Ends a session of which nothing can be played. */
    @Override
    public void look() {
        PublishSession current = session;
        MediaIntake from = intake;
        if (current == null || from == null || current.over()) {
            return;
        }
        if (from.unsupported() != null) {
            end(PublishEnd.UNSUPPORTED_MEDIA);
        } else if (from.isRubbish()) {
            end(PublishEnd.PROTOCOL_ERROR);
        }
    }

    // ---- frames -----------------------------------------------------------------------------------------------

    @Override
    public void track(Track track) {
        MediaIntake to = intake;
        if (to != null) {
            to.track(track);
        }
    }

    @Override
    public void frame(MediaFrame frame) {
        MediaIntake to = intake;
        PublishSession current = session;
        if (to == null || current == null) {
            return;
        }
        if (frame.track().isVideo() && frame.randomAccessPoint()) {
            long now = System.nanoTime();
            media.stream().filter(each -> each.agreed().video()).forEach(each -> each.startedAt(now));
        }
        current.readable();
        to.frame(frame);
    }

    @Override
    public void repaired(Repair repair) {
        MediaIntake to = intake;
        if (to != null) {
            to.repaired(repair);
        }
    }

    @Override
    public void leftOut(LeftOut part) {
        MediaIntake to = intake;
        if (to != null) {
            to.leftOut(part);
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    @Override
    public void gone(WebrtcConnection.End why) {
        end(
                switch (why) {
                    case NO_CHECKS -> PublishEnd.UNREACHED;
                    case NO_HANDSHAKE -> PublishEnd.NO_MEDIA;
                    case SILENT -> PublishEnd.SILENT;
                    case GOODBYE -> PublishEnd.CONNECTION_LOST;
                });
    }

    /** It was asked to come back, for which there is no word but goodbye. */
    CompletionStage<Void> askedToLeave() {
        CompletionStage<Void> left =
                question == null ? CompletableFuture.completedStage(null) : question.askedToLeave();
        end(PublishEnd.SHUTDOWN);
        return left;
    }

    @Override
    public void leave(Reason reason) {
        close();
    }

    @Override
    public void failed(Throwable cause) {
        LOG.error("A publisher from {} failed", attempt.remoteAddress(), cause);
        end(PublishEnd.FAILED);
    }

    private void close() {
        WebrtcConnection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
        List<ReceivedMedia> all = List.copyOf(media);
        media.clear();
        Releasing.all(all, ReceivedMedia::release);
        forget.run();
    }

    /** It is over, whatever it was doing; what came before is handed over. Idempotent. */
    void end(PublishEnd cause) {
        try {
            if (session != null && !session.over()) {
                media.forEach(ReceivedMedia::flush);
            }
        } finally {
            close();
            if (session != null) {
                session.end(cause);
            } else if (question != null) {
                question.withdraw(cause);
            }
        }
    }
}
