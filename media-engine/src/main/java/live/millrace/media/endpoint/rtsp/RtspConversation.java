// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.protocol.rtsp.Authorization;
import live.millrace.media.protocol.rtsp.RtspHeaders;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.protocol.rtsp.RtspProtocolException;
import live.millrace.media.protocol.rtsp.SessionHeader;
import live.millrace.media.protocol.sdp.MalformedSdpException;
import live.millrace.media.protocol.sdp.SdpParser;
import live.millrace.media.protocol.sdp.SessionDescription;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection and the state that they lead to (RFC 2326 appendix A).
 *
 * <pre>
 *        ANNOUNCE → ANNOUNCED ─ SETUP → READY ─ RECORD → RECORDING
 * INIT <                                                            > TEARDOWN → INIT
 *        DESCRIBE → DESCRIBED ─ SETUP → READY ─ PLAY → PLAYING
 * </pre>
 *
 * <p>What a state has no place for is answered with 455, and changes nothing. Confined to the channel's event loop.
 */
final class RtspConversation {
    private static final String PUBLIC =
            "OPTIONS, DESCRIBE, ANNOUNCE, SETUP, PLAY, RECORD, GET_PARAMETER, SET_PARAMETER, TEARDOWN";

    private static final String REALM = "Millrace";
    private static final String SDP_TYPE = "application/sdp";
    private static final int MAX_ENCODER_NAME = 128;
    private static final int SESSION_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What the connection has come to. */
    private enum State {
        INIT,
        ANNOUNCED,
        DESCRIBED,
        READY_TO_RECORD,
        READY_TO_PLAY,
        RECORDING,
        PLAYING
    }

    private final RtspConnection connection;
    private State state = State.INIT;
    private @Nullable RtspPublishSession publisher;
    private @Nullable RtspPlaySession player;
    private @Nullable String sessionId;
    private boolean challenged;

    RtspConversation(RtspConnection connection) {
        this.connection = connection;
    }

    boolean playing() {
        return state == State.PLAYING;
    }

    boolean publishes() {
        return publisher != null;
    }

    boolean mediaFlows() {
        return state == State.PLAYING || state == State.RECORDING;
    }

    /** Silence is the end: unless media says enough, or the feed sees for itself whether it is taken. */
    boolean needsSignsOfLife() {
        RtspPlaySession current = player;
        return switch (state) {
            case RECORDING -> false;
            case PLAYING -> current != null && current.overDatagrams();
            default -> true;
        };
    }

    // ---- requests ---------------------------------------------------------------------------------------------

    /** Takes a request; it is answered now, or later when a question is open. */
    void request(RtspMessage.Request request) {
        if (request.headers().sequence().isEmpty()) {
            answer(request, 400, "Bad Request: no CSeq");
            return;
        }
        Optional<String> required = request.headers().get("Require");
        if (required.isPresent()) {
            answer(request, 551, "Option not supported", new RtspHeaders.Header("Unsupported", required.get()));
            return;
        }
        Optional<String> session = request.headers().get("Session").map(said -> said.split(";", 2)[0].strip());
        if (session.isPresent() && !session.get().equals(sessionId)) {
            answer(request, 454, "Session Not Found");
            return;
        }
        try {
            switch (request.method()) {
                case "OPTIONS" -> answer(request, 200, "OK", new RtspHeaders.Header("Public", PUBLIC));
                case "GET_PARAMETER", "SET_PARAMETER" -> answer(request, 200, "OK");
                case "ANNOUNCE" -> announce(request);
                case "DESCRIBE" -> describe(request);
                case "SETUP" -> setUp(request);
                case "RECORD" -> record(request);
                case "PLAY" -> play(request);
                case "TEARDOWN" -> tearDown(request);
                default -> answer(request, 501, "Not Implemented");
            }
        } catch (RtspProtocolException e) {
            // A header says nonsense: fatal to its request alone.
            answer(request, 400, "Bad Request: " + e.getMessage());
        }
    }

    private void wrongState(RtspMessage.Request request) {
        answer(request, 455, "Method Not Valid in This State", new RtspHeaders.Header("Allow", PUBLIC));
    }

    // ---- who publishes ----------------------------------------------------------------------------------------

    private void announce(RtspMessage.Request request) {
        if (state != State.INIT) {
            wrongState(request);
            return;
        }
        String type = request.headers().get("Content-Type").orElse(SDP_TYPE).toLowerCase(Locale.ROOT);
        SessionDescription description;
        try {
            description = SdpParser.parse(type.startsWith(SDP_TYPE) ? request.body() : "");
        } catch (MalformedSdpException e) {
            answer(request, 400, "Bad Request: " + e.getMessage());
            return;
        }
        if (description.media().isEmpty() || description.media().size() > RtspPublishSession.MAX_TRACKS) {
            answer(request, 400, "Bad Request: 1 to " + RtspPublishSession.MAX_TRACKS + " media");
            return;
        }
        PublishAddress address = address(request);
        Optional<Authorization> login = request.headers().get("Authorization").flatMap(Authorization::parse);
        PublishLogin wish =
                PublishLogin.of(address, login, connection.context().engine().naming());
        if (wish.key().isEmpty() && login.isEmpty() && !challenged) {
            challenge(request);
            return;
        }
        connection.await();
        RtspPublishSession next = new RtspPublishSession(connection, description, address, wish, encoderName(request));
        publisher = next;
        next.start(refused -> {
            if (refused.isEmpty()) {
                state = State.ANNOUNCED;
                answer(request, 200, "OK");
            } else {
                publisher = null;
                refused(request, refused.get(), login.isPresent());
            }
            connection.answered();
        });
    }

    /** Why somebody may not publish, as far as he is told. */
    enum Refusal {
        KEY,
        NOBODY_ANSWERED,
        UNSUPPORTED
    }

    private void refused(RtspMessage.Request request, RtspPublishSession.Refused refused, boolean loggedIn) {
        if (refused.kind() == Refusal.KEY && !loggedIn && !challenged) {
            challenge(request); // its key may be in its log-in, which clients keep to themselves until they are asked
            return;
        }
        switch (refused.kind()) {
            case KEY -> answer(request, 403, refused.words());
            case NOBODY_ANSWERED -> answer(request, 503, refused.words());
            case UNSUPPORTED -> answer(request, 415, refused.words());
        }
        connection.closeAfterFlush();
    }

    /** Of keys we hold sums alone, with which no answer of Digest can be looked at: docs/adr/0081. */
    private void challenge(RtspMessage.Request request) {
        challenged = true;
        answer(
                request,
                401,
                connection.context().config().refusal(),
                new RtspHeaders.Header("WWW-Authenticate", "Basic realm=\"" + REALM + "\""));
    }

    private static String encoderName(RtspMessage.Request request) {
        StringBuilder clean = new StringBuilder();
        request.headers()
                .get("User-Agent")
                .orElse("")
                .codePoints()
                .filter(c -> c >= 0x20 && c < 0x7F)
                .limit(MAX_ENCODER_NAME)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** What stands behind the host; whoever logs in with the address itself is not looked at. */
    private static PublishAddress address(RtspMessage.Request request) {
        String uri = request.uri();
        int scheme = uri.indexOf("://");
        if (scheme < 0 || !uri.regionMatches(true, 0, "rtsp", 0, 4)) {
            throw new RtspProtocolException("no address of RTSP");
        }
        int path = uri.indexOf('/', scheme + 3);
        return PublishAddress.parse(path < 0 ? "" : uri.substring(path + 1));
    }

    private void record(RtspMessage.Request request) {
        RtspPublishSession current = publisher;
        if (state != State.READY_TO_RECORD || current == null) {
            wrongState(request);
            return;
        }
        state = State.RECORDING;
        answer(request, 200, "OK");
        current.record();
    }

    // ---- who plays --------------------------------------------------------------------------------------------

    private void describe(RtspMessage.Request request) {
        if (state != State.INIT && state != State.DESCRIBED) {
            wrongState(request);
            return;
        }
        PublishAddress address = address(request);
        RtspPlaySession before = player;
        if (before != null) {
            before.end();
        }
        connection.await();
        RtspPlaySession next = new RtspPlaySession(connection, request.uri(), encoderName(request));
        player = next;
        next.start(address, described -> {
            if (described.isPresent()) {
                state = State.DESCRIBED;
                answer(
                        request,
                        200,
                        "OK",
                        described.get(),
                        new RtspHeaders.Header("Content-Base", next.base()),
                        new RtspHeaders.Header("Content-Type", SDP_TYPE));
            } else {
                next.end();
                player = null;
                state = State.INIT;
                answer(request, 404, RtspPlaySession.NOT_LIVE);
            }
            connection.answered();
        });
    }

    private void play(RtspMessage.Request request) {
        RtspPlaySession current = player;
        if (state == State.PLAYING) {
            answer(request, 200, "OK"); // some say it again to keep the session
            return;
        }
        if (state != State.READY_TO_PLAY || current == null) {
            wrongState(request);
            return;
        }
        state = State.PLAYING;
        current.play(info -> {
            RtspHeaders.Header range = new RtspHeaders.Header("Range", "npt=now-");
            if (info.isEmpty()) {
                answer(request, 200, "OK", range);
            } else {
                answer(request, 200, "OK", range, new RtspHeaders.Header("RTP-Info", info));
            }
        });
    }

    // ---- both -------------------------------------------------------------------------------------------------

    private void setUp(RtspMessage.Request request) {
        boolean records = state == State.ANNOUNCED || state == State.READY_TO_RECORD;
        boolean plays = state == State.DESCRIBED || state == State.READY_TO_PLAY;
        RtspPublishSession publishing = publisher;
        RtspPlaySession playing = player;
        if (!(records && publishing != null) && !(plays && playing != null)) {
            wrongState(request);
            return;
        }
        String offer = request.headers().get("Transport").orElse("");
        OptionalInt track = records && publishing != null
                ? publishing.track(request.uri())
                : playing == null ? OptionalInt.empty() : playing.track(request.uri());
        if (track.isEmpty()) {
            answer(request, 404, "No such track");
            return;
        }
        Optional<String> transport = records && publishing != null
                ? publishing.setUp(track.getAsInt(), offer)
                : playing == null ? Optional.empty() : playing.setUp(track.getAsInt(), offer);
        if (transport.isEmpty()) {
            answer(request, 461, "Unsupported Transport");
            return;
        }
        if (sessionId == null) {
            byte[] id = new byte[SESSION_BYTES];
            RANDOM.nextBytes(id);
            sessionId = HexFormat.of().formatHex(id);
        }
        state = records ? State.READY_TO_RECORD : State.READY_TO_PLAY;
        answer(request, 200, "OK", new RtspHeaders.Header("Transport", transport.get()));
    }

    /** Ends the session at once; the connection may have another. */
    private void tearDown(RtspMessage.Request request) {
        if (publisher == null && player == null) {
            wrongState(request);
            return;
        }
        boolean played = state == State.PLAYING;
        end(PublishEnd.UNPUBLISHED);
        answer(request, 200, "OK");
        sessionId = null;
        state = State.INIT;
        if (played) {
            connection.closeAfterFlush(); // the feed holds on to the socket
        }
    }

    /**
     * Takes a packet from between the messages.
     *
     * @param packet borrowed
     */
    void interleaved(int channel, ByteBuf packet) {
        RtspPublishSession publishing = publisher;
        if (publishing != null) {
            publishing.interleaved(channel, packet);
        }
        // Of players there are reports, which nobody reads: the feed sees whether it is taken.
    }

    // ---- answers ----------------------------------------------------------------------------------------------

    private void answer(RtspMessage.Request request, int status, String reason, RtspHeaders.Header... headers) {
        answer(request, status, reason, "", headers);
    }

    private void answer(
            RtspMessage.Request request, int status, String reason, String body, RtspHeaders.Header... headers) {
        RtspHeaders all = RtspHeaders.NONE;
        OptionalInt sequence = request.headers().sequence();
        if (sequence.isPresent()) {
            all = all.with("CSeq", Integer.toUnsignedString(sequence.getAsInt()));
        }
        all = all.with("Server", "Millrace");
        for (RtspHeaders.Header header : headers) {
            all = all.with(header.name(), header.value());
        }
        if (sessionId != null) {
            all = all.with(
                    "Session",
                    new SessionHeader(sessionId, connection.context().times().session()).write());
        }
        connection.write(new RtspMessage.Response(status, reason, all, body));
    }

    /** The peer broke the protocol, or something failed here: one that has no media yet is told. */
    void broken(PublishEnd cause) {
        if (cause == PublishEnd.PROTOCOL_ERROR && !mediaFlows()) {
            connection.write(new RtspMessage.Response(
                    400, "Bad Request", new RtspHeaders(List.of(new RtspHeaders.Header("Server", "Millrace"))), ""));
        }
        end(cause);
    }

    /** The connection is over, or its session. Idempotent. */
    void end(PublishEnd cause) {
        RtspPublishSession publishing = publisher;
        publisher = null;
        RtspPlaySession playing = player;
        player = null;
        try {
            if (publishing != null) {
                publishing.end(cause);
            }
        } finally {
            if (playing != null) {
                playing.end();
            }
        }
    }
}
