// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import live.millrace.media.access.PlayRefusal;
import live.millrace.media.admission.Admission;
import live.millrace.media.admission.LikeAbsent;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.endpoint.ViewerRefusal;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.hub.Demand;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.protocol.rtp.packet.MalformedRtpException;
import live.millrace.media.protocol.rtp.rtcp.RtcpCompound;
import live.millrace.media.protocol.rtp.rtcp.RtcpPacket;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Offer;
import live.millrace.media.socket.Answers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer by WHEP, from the wish to the end. Who may not watch hears the same as one who asks for what is not there, after the same time.
 * Confined to the event loop of the port.
 *
 * <pre>
 * asks whether it may → waits for the stream → and for its tracks → is answered → connects → watches → over
 * </pre>
 */
final class WhepSession implements WebrtcConnection.Role, SentStream.Viewer {
    private static final Logger LOG = LoggerFactory.getLogger(WhepSession.class);

    /** Why an offer is refused, for programs: the value of this header. */
    static final String REASON = "Millrace-Reason";

    /** Nothing that the stream has can be played by the one who asks. */
    static final String REASON_CODEC = "codec";

    /** Of an offer that is answered: there is sound, and nobody hears it. */
    static final String REASON_SOUND = "sound";

    /** Pictures come in another order than they are shown in. */
    static final String REASON_REORDERED = "b-frames";

    /** A stream that is there is known after some seconds, or never. */
    private static final long TRACKS_SECONDS = 10;

    /** RFC 7675 §5.1. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Its place among the others. */
    interface Place {
        /** It is there: its handshake is complete, or it is over. Called once. */
        void proven();

        /** It is over. */
        void free();
    }

    private final Viewers viewers;
    private final PlayRequest wish;
    private final Offer offer;
    private final BiFunction<WebrtcConnection, List<AgreedMedia>, HttpAnswer> accepted;
    private final Function<WebrtcConnection.Role, WebrtcConnection> connect;
    private final Place place;
    private final EventLoop loop;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();

    private Admission.@Nullable Granted admission;
    private @Nullable SentStream stream;
    private @Nullable ScheduledFuture<?> limit;
    private List<AgreedMedia> agreed = List.of();
    private @Nullable WebrtcConnection connection;
    private @Nullable Playout playout;
    private boolean proven;
    private boolean over;

    /**
     * Nothing is asked yet.
     *
     * @param accepted the answer, when it is known what is sent
     * @param connect makes the connection
     */
    WhepSession(
            Viewers viewers,
            PlayRequest wish,
            Offer offer,
            BiFunction<WebrtcConnection, List<AgreedMedia>, HttpAnswer> accepted,
            Function<WebrtcConnection.Role, WebrtcConnection> connect,
            Place place) {
        this.viewers = viewers;
        this.wish = wish;
        this.offer = offer;
        this.accepted = accepted;
        this.connect = connect;
        this.place = place;
        this.loop = viewers.answering().port().socket().eventLoop();
    }

    // ---- the answer -------------------------------------------------------------------------------------------

    /** Asks; what comes of it. */
    CompletionStage<HttpAnswer> start() {
        onLoop(viewers.admission().open(wish, () -> loop.execute(this::end)), opened -> {
            switch (opened) {
                case Admission.Refused(PlayRefusal cause) -> refused(cause);
                case Admission.Granted granted when over -> granted.leave();
                case Admission.Granted granted -> {
                    admission = granted;
                    locate();
                }
            }
        });
        return answer;
    }

    private void refused(PlayRefusal cause) {
        boolean everybody = viewers.admission()
                .isPublic(wish.path().application(), wish.path().name());
        if (everybody || ViewerRefusal.asksTooOften(cause)) {
            finish(ViewerRefusal.words(cause));
        } else {
            LikeAbsent.refuse(viewers.admission(), wish.path(), Demand.SOON.patience(), loop, () -> finish(notLive()));
        }
    }

    private void locate() {
        onLoop(viewers.locator().locate(wish.path(), Demand.SOON), location -> {
            if (over) {
                return;
            }
            LiveStream found = location.here().orElse(null);
            if (found == null) {
                finish(notLive());
                return;
            }
            limit = loop.schedule(() -> finish(notLive()), TRACKS_SECONDS, TimeUnit.SECONDS);
            SentStream sent = viewers.sent(found);
            stream = sent;
            sent.enter(this);
        });
    }

    /** What the stream is of has become known, or has changed. */
    @Override
    public void known() {
        SentStream of = stream;
        if (over || of == null) {
            return;
        }
        if (answer.isDone()) {
            boolean goesOn = agreed.stream()
                    .allMatch(each -> of.goesOnAs(each)
                            && !(of.isReordered()
                                    && each.video()
                                    && each.format().isPresent()));
            if (!goesOn) {
                end(); // whoever asks anew is told why
            }
            return;
        }
        stopWaiting();
        List<AgreedMedia> chosen = AgreedMedia.sent(offer, of.pictures(), of.sounds()).stream()
                .map(of::sent)
                .toList();
        boolean picture =
                chosen.stream().anyMatch(each -> each.video() && each.format().isPresent());
        boolean none = chosen.stream().allMatch(each -> each.format().isEmpty());
        if (none || (!picture && of.pictures().isPresent() && wantsPictures())) {
            finish(
                    refusal(
                            REASON_CODEC,
                            "Nothing of this stream can be played by WebRTC here: its codecs are others than those that are offered."));
        } else if (picture && of.isReordered()) {
            finish(refusal(
                    REASON_REORDERED,
                    "This stream cannot be played by WebRTC: its encoder uses B-frames. Set B-frames to 0 there."));
        } else {
            agreed = chosen;
            WebrtcConnection made = connect.apply(this);
            connection = made;
            HttpAnswer said = accepted.apply(made, chosen);
            answer.complete(of.isUnheard() ? said.with(REASON, REASON_SOUND) : said);
        }
    }

    private boolean wantsPictures() {
        return offer.media().stream()
                .anyMatch(each -> each.kind().equals("video")
                        && (each.direction() == SdpDirection.RECVONLY || each.direction() == SdpDirection.SENDRECV));
    }

    static HttpAnswer refusal(String reason, String line) {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_ACCEPTABLE, line).with(REASON, reason);
    }

    private static HttpAnswer notLive() {
        return HttpAnswer.refusal(HttpResponseStatus.NOT_FOUND, "This channel is not live.");
    }

    private void finish(HttpAnswer said) {
        if (!over && !answer.isDone()) {
            answer.complete(said);
            end();
        }
    }

    private void stopWaiting() {
        ScheduledFuture<?> timer = limit;
        limit = null;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private <T> void onLoop(CompletionStage<T> stage, Consumer<T> then) {
        Answers.take(viewers.answering().port().socket(), stage, (value, failure) -> {
            if (value == null) {
                LOG.warn("A viewer from {} could not be served", wish.remoteAddress(), failure);
                finish(HttpAnswer.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR, "This failed, by our fault."));
            } else {
                then.accept(value);
            }
        });
    }

    // ---- on the line ------------------------------------------------------------------------------------------

    @Override
    public void established() {
        SentStream of = stream;
        WebrtcConnection to = connection;
        if (of == null || to == null) {
            return;
        }
        prove();
        long now = System.nanoTime();
        LOG.debug("{} is played from {}", wish.path(), wish.remoteAddress());
        playout = new Playout(of.log(), agreed, to, viewers.answering().port().tallies(), now);
        playout.begin(now);
        report(now);
        of.wantPicture(now);
        viewers.answering().port().flush();
    }

    private void prove() {
        if (!proven) {
            proven = true;
            place.proven();
        }
    }

    @Override
    public void more(long now) {
        WebrtcConnection to = connection;
        Playout out = playout;
        if (to != null && out != null) {
            to.guarded(() -> out.pump(now));
        }
    }

    @Override
    public void tick(long now) {
        Playout out = playout;
        SentStream of = stream;
        if (out != null && of != null) {
            out.pump(now);
            report(now);
            of.ask(now);
        }
    }

    private void report(long now) {
        Playout out = playout;
        StreamPackets.Clock clock = stream == null ? null : stream.clock();
        if (out != null && clock != null) {
            out.report(clock, SentStream.CANONICAL_NAME, now);
        }
    }

    @Override
    public void heard() {
        // the connection knows
    }

    @Override
    public void unheard() {
        LOG.info(
                "{}: no packet came from the one that was answered, over UDP or TCP. Port {} is blocked on the way, or the addresses that were"
                        + " offered do not lead here (webrtc.addresses)",
                wish.remoteAddress(),
                viewers.answering().udpPort());
    }

    @Override
    public long patienceNanos() {
        return SILENCE_NANOS;
    }

    @Override
    public void rtp(ByteBuf packet, long now) {
        // a viewer has nothing to send; what it does is nobody's
    }

    @Override
    public void rtcp(ByteBuf packet, long now) {
        Playout out = playout;
        SentStream of = stream;
        if (out == null || of == null) {
            return;
        }
        try {
            for (RtcpPacket each : RtcpCompound.parse(packet)) {
                switch (each) {
                    case RtcpPacket.Nack nack -> out.lost(nack, now);
                    case RtcpPacket.TransportFeedback feedback -> out.arrived(feedback, now);
                    case RtcpPacket.ReceiverReport report -> out.reported(report.blocks(), now);
                    case RtcpPacket.SenderReport report -> out.reported(report.blocks(), now);
                    case RtcpPacket.PictureLoss _, RtcpPacket.FullIntraRequest _ -> of.wantPicture(now);
                    case RtcpPacket.SourceDescription _, RtcpPacket.Goodbye _, RtcpPacket.Other _ -> {
                        // nothing to do
                    }
                }
            }
        } catch (MalformedRtpException e) {
            viewers.answering().port().tallies().packets().count(WebrtcTallies.Packet.MALFORMED);
        }
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    @Override
    public void over() {
        finish(notLive());
        end();
    }

    @Override
    public void gone(WebrtcConnection.End why) {
        end();
    }

    @Override
    public void failed(Throwable cause) {
        LOG.error("A viewer from {} failed", wish.remoteAddress(), cause);
        end();
    }

    /** It is over, whatever it was doing. Idempotent. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        stopWaiting();
        answer.complete(notLive()); // of no effect for one that was answered
        prove();
        place.free();
        playout = null;
        WebrtcConnection line = connection;
        SentStream of = stream;
        Admission.Granted granted = admission;
        try {
            if (line != null) {
                line.close();
            }
        } finally {
            if (of != null) {
                of.leave(this);
            }
            if (granted != null) {
                granted.leave();
            }
        }
    }
}
