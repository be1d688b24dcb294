// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
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
import live.millrace.media.protocol.dtls.DtlsIdentity;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.webrtc.AgreedMedia;
import live.millrace.media.protocol.webrtc.Answer;
import live.millrace.media.protocol.webrtc.Offer;

/** Everybody who publishes by WHIP, by the name of the session. Confined to the event loop of the port, but for what says otherwise. */
final class Publishers {
    /** The folder of sessions' addresses. */
    static final String SESSIONS = "/whip/";

    private static final int ID_BYTES = 16;
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]{1,253}(:\\d{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:\\d{1,5})?");

    private final PublishAdmission admission;
    private final WebrtcPort port;
    private final Identities identities;
    private final HostAddresses addresses;
    private final Executor handshakes;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, WhipSession> sessions = new HashMap<>();
    private volatile boolean accepting = true;

    Publishers(
            PublishAdmission admission,
            WebrtcPort port,
            Identities identities,
            HostAddresses addresses,
            Executor handshakes) {
        this.admission = admission;
        this.port = port;
        this.identities = identities;
        this.addresses = addresses;
        this.handshakes = handshakes;
    }

    /** Nobody comes in any more. From any thread. */
    void stopAccepting() {
        accepting = false;
    }

    /** Answers an offer, if its key may publish. */
    CompletionStage<HttpAnswer> answer(
            HttpRequest request, HttpPublishAddress address, Offer offer, List<AgreedMedia> agreed) {
        EventLoop loop = port.socket().eventLoop();
        return identities
                .current()
                .thenComposeAsync(
                        identity -> ask(request, address.attempt("webrtc"), address.keyed(), offer, agreed, identity),
                        loop);
    }

    private CompletionStage<HttpAnswer> ask(
            HttpRequest request,
            PublishAttempt attempt,
            boolean keyed,
            Offer offer,
            List<AgreedMedia> agreed,
            DtlsIdentity identity) {
        InetAddress from = attempt.remoteAddress().getAddress();
        if (!accepting) {
            return CompletableFuture.completedStage(PublishRefusal.answer(RefusalCause.MAINTENANCE, keyed));
        }
        if (admission.limits().enter(from) != AddressLimits.Entry.WELCOME) {
            return CompletableFuture.completedStage(HttpAnswer.tooMany());
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        WhipSession session = new WhipSession(attempt, agreed, port.tallies(), port.udpPort(), () -> {
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
                WebrtcConnection connection = new WebrtcConnection(port, offer, identity, handshakes, session);
                port.add(connection);
                session.begin(admitted, connection);
                port.tallies().connections().count(WebrtcTallies.Connection.ANSWERED);
                yield accepted(request, id, connection, offer, agreed, identity);
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

    private HttpAnswer accepted(
            HttpRequest request,
            String id,
            WebrtcConnection connection,
            Offer offer,
            List<AgreedMedia> agreed,
            DtlsIdentity identity) {
        List<InetAddress> hosts =
                addresses.all(request.remoteAddress().getAddress().isLoopbackAddress());
        String sdp = new Answer(
                        random.nextLong() & Long.MAX_VALUE,
                        connection.ours(),
                        identity.fingerprint(),
                        offer.side(),
                        SdpDirection.RECVONLY,
                        at(hosts, port.udpPort()),
                        at(hosts, port.tcpPort()),
                        agreed)
                .write();
        return HttpAnswer.text(HttpResponseStatus.CREATED, "application/sdp", sdp)
                .with("Location", location(request, SESSIONS + id));
    }

    private static List<InetSocketAddress> at(List<InetAddress> hosts, int port) {
        return hosts.stream().map(each -> new InetSocketAddress(each, port)).toList();
    }

    /** Absolute, since some clients take it no other way (RFC 9725 §4.2 allows both). */
    private static String location(HttpRequest request, String path) {
        String host = request.headers().get(HttpHeaderNames.HOST, "");
        if (!HOST.matcher(host).matches()) {
            return path;
        }
        boolean secure = request.encrypted()
                || request.headers().get("X-Forwarded-Proto", "").equalsIgnoreCase("https");
        return (secure ? "https://" : "http://") + host + path;
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
