// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PublishAttempt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RefusalCause;
import live.millrace.media.admission.AddressLimits;
import live.millrace.media.admission.PublishAdmission;
import live.millrace.media.admission.PublishAnswer;
import live.millrace.media.admission.PublishQuestion;
import live.millrace.media.admission.PublishSession;
import live.millrace.media.endpoint.HttpPublishAddress;
import live.millrace.media.endpoint.PublishRefusal;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Offer;

/** Everybody who publishes by WHIP, by the name of the session. Confined to the event loop of the port, but for what says otherwise. */
final class Publishers {
    /** The folder of sessions' addresses. */
    static final String SESSIONS = "/whip/";

    private final PublishAdmission admission;
    private final Answering answering;
    private final WebrtcPort port;
    private final Map<String, WhipSession> sessions = new HashMap<>();

    Publishers(PublishAdmission admission, Answering answering) {
        this.admission = admission;
        this.answering = answering;
        this.port = answering.port();
    }

    /** Answers an offer, if its key may publish. */
    CompletionStage<HttpAnswer> answer(
            HttpRequest request, HttpPublishAddress address, Offer offer, List<AgreedMedia> agreed) {
        return answering.withIdentity(
                identity -> ask(request, address.attempt("webrtc"), address.keyed(), offer, agreed, identity));
    }

    private CompletionStage<HttpAnswer> ask(
            HttpRequest request,
            PublishAttempt attempt,
            boolean keyed,
            Offer offer,
            List<AgreedMedia> agreed,
            DtlsIdentity identity) {
        InetAddress from = attempt.remoteAddress().getAddress();
        if (!answering.isAccepting()) {
            return CompletableFuture.completedStage(PublishRefusal.answer(RefusalCause.MAINTENANCE, keyed));
        }
        if (admission.limits().enter(from) != AddressLimits.Entry.WELCOME) {
            return CompletableFuture.completedStage(HttpAnswer.tooMany());
        }
        String id = answering.freshId();
        WhipSession session = new WhipSession(attempt, agreed, port.tallies(), answering.udpPort(), () -> {
            if (sessions.remove(id) != null) {
                admission.limits().leave(from);
            }
        });
        sessions.put(id, session);
        PublishQuestion question =
                admission.request(attempt, session, port.socket().eventLoop());
        session.asks(question);
        return question.answer().handle((answer, failure) -> switch (answer) {
            case PublishAnswer.Admitted(PublishSession admitted)
            when !admitted.over() -> {
                WebrtcConnection connection = answering.connect(offer, identity, session);
                session.begin(admitted, connection);
                yield answering.accepted(
                        request, SESSIONS + id, connection, offer, SdpDirection.RECVONLY, agreed, identity);
            }
            case PublishAnswer.Refused(RefusalCause cause) -> {
                session.end(PublishEnd.UNPUBLISHED);
                yield PublishRefusal.answer(cause, keyed);
            }
            case null, default -> {
                session.end(PublishEnd.FAILED);
                yield PublishRefusal.answer(RefusalCause.NO_ANSWER, keyed);
            }
        });
    }

    /** A stream's viewers want a picture that needs no other: its publisher is asked, if it is one of ours. */
    void wantPicture(LiveStream stream) {
        sessions.values().forEach(session -> session.wantPicture(stream));
    }

    /** The publisher has ended; answers whether there was one. */
    boolean end(String id) {
        WhipSession session = sessions.get(id);
        if (session == null) {
            return false;
        }
        session.end(PublishEnd.UNPUBLISHED);
        return true;
    }

    /** The server goes down. */
    void endAll() {
        List.copyOf(sessions.values()).forEach(session -> session.end(PublishEnd.SHUTDOWN));
    }

    /** Lets go of all. Ends when they have left. */
    CompletionStage<Void> askToLeave() {
        return CompletableFuture.allOf(List.copyOf(sessions.values()).stream()
                .map(session -> session.askedToLeave().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }
}
