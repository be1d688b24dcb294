// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.webrtc;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import live.millrace.media.admission.PlayAdmission;
import live.millrace.media.admission.PlayRequest;
import live.millrace.media.http.HttpAnswer;
import live.millrace.media.http.HttpRequest;
import live.millrace.media.hub.LiveStream;
import live.millrace.media.hub.StreamLocator;
import live.millrace.media.peer.PeerAddress;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.webrtc.Offer;
import live.millrace.media.sound.Converters;

/** Everybody who watches by WHEP, by the name of the session, and the streams that they watch. Confined to the event loop of the port. */
final class Viewers {
    /** The folder of sessions' addresses. */
    static final String SESSIONS = "/whep/";

    /** Each has keys, and a share of one event loop; more than it can serve. */
    private static final int MAX_SESSIONS = 10_000;

    /**
     * Of one address, of those who have not shown by a handshake that they are there: without a limit, whoever sends offers alone makes
     * sessions without end, each of which is there for some seconds. A class of a school joins at once.
     */
    private static final int MAX_UNPROVEN = 100;

    private static final Duration LATER = Duration.ofSeconds(5);

    private final PlayAdmission admission;
    private final StreamLocator locator;
    private final Answering answering;
    private final Consumer<LiveStream> pictureWanted;
    private final Converters converters;
    private final Map<String, WhepSession> sessions = new HashMap<>();
    private final Map<LiveStream, SentStream> streams = new HashMap<>();
    private final Map<String, Integer> unproven = new HashMap<>();

    /**
     * @param pictureWanted asks the publisher of a stream for a picture that needs no other, if it can be asked
     * @param converters make sound that browsers play
     */
    Viewers(
            PlayAdmission admission,
            StreamLocator locator,
            Answering answering,
            Consumer<LiveStream> pictureWanted,
            Converters converters) {
        this.admission = admission;
        this.locator = locator;
        this.answering = answering;
        this.pictureWanted = pictureWanted;
        this.converters = converters;
    }

    PlayAdmission admission() {
        return admission;
    }

    StreamLocator locator() {
        return locator;
    }

    Answering answering() {
        return answering;
    }

    /** The stream as it goes to viewers. */
    SentStream sent(LiveStream stream) {
        return streams.computeIfAbsent(
                stream,
                _ -> new SentStream(
                        stream,
                        answering.port(),
                        converters,
                        () -> pictureWanted.accept(stream),
                        () -> streams.remove(stream)));
    }

    /** Answers an offer, if the stream is there and may be watched. From any thread. */
    CompletionStage<HttpAnswer> answer(HttpRequest request, PlayRequest wish, Offer offer) {
        return answering.withIdentity(identity -> {
            if (!answering.isAccepting() || sessions.size() >= MAX_SESSIONS) {
                return CompletableFuture.completedStage(HttpAnswer.notNow(LATER));
            }
            Optional<String> client = client(wish.remoteAddress().getAddress());
            if (client.filter(each -> unproven.getOrDefault(each, 0) >= MAX_UNPROVEN)
                    .isPresent()) {
                return CompletableFuture.completedStage(HttpAnswer.tooMany());
            }
            client.ifPresent(each -> unproven.merge(each, 1, Integer::sum));
            String id = answering.freshId();
            WhepSession session = new WhepSession(
                    this,
                    wish,
                    offer,
                    (connection, agreed) -> answering.accepted(
                            request, SESSIONS + id, connection, offer, SdpDirection.SENDONLY, agreed, identity),
                    role -> answering.connect(offer, identity, role),
                    new WhepSession.Place() {
                        @Override
                        public void proven() {
                            client.ifPresent(each ->
                                    unproven.computeIfPresent(each, (_, count) -> count == 1 ? null : count - 1));
                        }

                        @Override
                        public void free() {
                            sessions.remove(id);
                        }
                    });
            sessions.put(id, session);
            return session.start();
        });
    }

    /** What an address is counted as; empty where proxies connect from, for many. */
    private static Optional<String> client(InetAddress address) {
        return PeerAddress.isNearby(address) ? Optional.empty() : Optional.of(PeerAddress.client(address));
    }

    /** The viewer leaves; answers whether there was one. */
    boolean end(String id) {
        WhepSession session = sessions.get(id);
        if (session == null) {
            return false;
        }
        session.end();
        return true;
    }

    /** The server goes down. */
    void endAll() {
        List.copyOf(sessions.values()).forEach(WhepSession::end);
    }
}
