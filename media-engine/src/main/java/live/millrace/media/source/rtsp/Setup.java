// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.frame.LeftOut;
import live.millrace.media.protocol.rtsp.RtpInfo;
import live.millrace.media.protocol.rtsp.RtspAddresses;
import live.millrace.media.protocol.rtsp.RtspHeaders;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.protocol.rtsp.SessionHeader;
import live.millrace.media.protocol.rtsp.TransportHeader;
import live.millrace.media.protocol.sdp.MalformedSdpException;
import live.millrace.media.protocol.sdp.SdpParser;
import live.millrace.media.protocol.sdp.SessionDescription;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Asks a camera for its media in the order that satisfies most: OPTIONS, DESCRIBE, SETUP for each track, PLAY; afterwards signs of life.
 *
 * <pre>
 * OPTIONS → DESCRIBE → SETUP … SETUP → PLAY → signs of life
 *                        ↑ once more, over the other transport
 * </pre>
 *
 * <p>Confined to the conversation's event loop.
 */
final class Setup {
    private static final RtspHeaders.Header FROM_NOW = new RtspHeaders.Header("Range", "npt=0.000-");
    private static final int LONGEST_NAME = 128;
    private static final int UNSUPPORTED_TRANSPORT = 461;
    private static final int INVALID_RANGE = 457;
    private static final int SESSION_NOT_FOUND = 454;

    /** Where no session is named, none ends; a router on the way forgets us sooner or later. */
    private static final long USUAL_SIGN_MILLIS = 30_000;

    private final RtspConversation conversation;
    private final Dialogue dialogue;
    private final Reception reception;
    private final String uri;
    private final List<LeftOut> leftOut = new ArrayList<>();

    private List<OfferedTrack> tracks = List.of();
    private String base;
    private String peer = "";
    private boolean datagrams;
    private boolean changedTransport;
    private boolean knowsGetParameter;
    private @Nullable SessionHeader session;

    Setup(RtspConversation conversation, Dialogue dialogue, Reception reception, SourceProtocol.Request request) {
        this.conversation = conversation;
        this.dialogue = dialogue;
        this.reception = reception;
        this.uri = request.address().uri().toASCIIString();
        this.base = uri;
        this.datagrams = request.datagrams();
    }

    void start() {
        // Whatever it says: some do not know the method, and some ask for a log-in here already.
        dialogue.ask("OPTIONS", uri, List.of(), answer -> {
            knowsGetParameter = answer.headers()
                    .get("Public")
                    .filter(methods -> methods.toUpperCase(Locale.ROOT).contains("GET_PARAMETER"))
                    .isPresent();
            peer = answer.headers().get("Server").map(Setup::printable).orElse("");
            dialogue.ask(
                    "DESCRIBE", uri, List.of(new RtspHeaders.Header("Accept", "application/sdp")), this::described);
        });
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7E]", "?");
        return clean.substring(0, Math.min(clean.length(), LONGEST_NAME));
    }

    private void described(RtspMessage.Response answer) {
        if (refused(answer)) {
            return;
        }
        SessionDescription description;
        try {
            description = SdpParser.parse(answer.body());
        } catch (MalformedSdpException e) {
            conversation.fail(SourceFailure.PROTOCOL, String.valueOf(e.getMessage()));
            return;
        }
        base = RtspAddresses.base(uri, answer.headers());
        reception.playFrom(description
                .control()
                .map(control -> RtspAddresses.track(base, control))
                .orElse(base));
        tracks = OfferedTrack.choose(description, leftOut);
        if (tracks.isEmpty()) {
            leftOut.forEach(conversation.listener()::leftOut);
            conversation.fail(SourceFailure.UNSUPPORTED_MEDIA, "nothing of what it offers is carried");
            return;
        }
        setUp(0);
    }

    /** What is no success, in the words of {@link SourceFailure}. */
    private boolean refused(RtspMessage.Response answer) {
        if (answer.isSuccess()) {
            return false;
        }
        SourceFailure failure = switch (answer.status()) {
            case 403 -> SourceFailure.WRONG_LOGIN;
            case 404, 410 -> SourceFailure.NOT_FOUND;
            case 453, 500, 502, 503, 504 -> SourceFailure.UNREACHABLE; // it has no room, or no camera behind it
            default -> SourceFailure.PROTOCOL; // those that point elsewhere among them: nobody is followed
        };
        conversation.fail(failure, "it answers " + answer.status());
        return true;
    }

    // ---- the tracks ---------------------------------------------------------------------------------------------

    private void setUp(int index) {
        if (index == tracks.size()) {
            play();
            return;
        }
        OfferedTrack track = tracks.get(index);
        Reception.Incoming incoming = reception.add(track, RtspAddresses.track(base, track.control()), datagrams);
        if (!datagrams) {
            TransportHeader.Pair channels = new TransportHeader.Pair(2 * index, 2 * index + 1);
            incoming.comesOn(channels);
            setUp(index, incoming, TransportHeader.tcp(channels, false));
            return;
        }
        incoming.bind(port -> {
            if (conversation.isOver()) {
                return;
            }
            if (port < 0) {
                conversation.fail(SourceFailure.UNREACHABLE, "no two ports are free here");
            } else {
                setUp(index, incoming, TransportHeader.udp(new TransportHeader.Pair(port, port + 1), false));
            }
        });
    }

    private void setUp(int index, Reception.Incoming incoming, TransportHeader wanted) {
        // No mode= is said: it breaks some servers.
        List<RtspHeaders.Header> transport = List.of(new RtspHeaders.Header("Transport", wanted.write()));
        dialogue.ask("SETUP", incoming.uri(), transport, answer -> {
            if (answer.status() == UNSUPPORTED_TRANSPORT && !changedTransport && index == 0) {
                changedTransport = true;
                datagrams = !datagrams;
                reception.remove(incoming);
                setUp(0);
            } else if (!answer.isSuccess() && tracks.size() > 1) {
                reception.remove(incoming);
                skip(index);
            } else if (!refused(answer)) {
                accepted(incoming, answer);
                setUp(index + 1);
            }
        });
    }

    private void accepted(Reception.Incoming incoming, RtspMessage.Response answer) {
        if (session == null) {
            Optional<SessionHeader> said = answer.headers().get("Session").map(SessionHeader::parse);
            said.ifPresent(each -> dialogue.session(each.id()));
            session = said.orElse(null);
        }
        Optional<TransportHeader> given = answer.headers()
                .get("Transport")
                .map(TransportHeader::parse)
                .flatMap(all -> all.stream().findFirst());
        given.flatMap(TransportHeader::interleaved).ifPresent(incoming::comesOn);
        given.flatMap(TransportHeader::serverPorts).ifPresent(incoming::goesTo);
    }

    /** A track that cannot be had is left out, if there is another. */
    private void skip(int index) {
        OfferedTrack missing = tracks.get(index);
        leftOut.add(new LeftOut(missing.video(), missing.format().encoding(), LeftOut.Cause.BROKEN));
        List<OfferedTrack> rest = new ArrayList<>(tracks);
        rest.remove(index);
        tracks = rest;
        setUp(index);
    }

    // ---- playing ------------------------------------------------------------------------------------------------

    private void play() {
        conversation
                .listener()
                .described(
                        peer,
                        tracks.stream().anyMatch(OfferedTrack::video),
                        tracks.stream().anyMatch(each -> !each.video()));
        if (conversation.isOver()) {
            return;
        }
        leftOut.forEach(conversation.listener()::leftOut);
        reception.expect();
        dialogue.ask("PLAY", reception.uri(), List.of(FROM_NOW), answer -> {
            if (answer.status() == INVALID_RANGE) {
                dialogue.ask("PLAY", reception.uri(), List.of(), this::played);
            } else {
                played(answer);
            }
        });
    }

    private void played(RtspMessage.Response answer) {
        if (refused(answer)) {
            return;
        }
        answer.headers().get("RTP-Info").map(RtpInfo::parse).ifPresent(reception::starts);
        reception.plays();
        conversation.every(reception::report, Reception.REPORT_SECONDS, TimeUnit.SECONDS);
        if (reception.overDatagrams()) {
            conversation.every(reception::expire, Reception.EXPIRE_MILLIS, TimeUnit.MILLISECONDS);
        }
        SessionHeader known = session;
        long millis = known == null ? USUAL_SIGN_MILLIS : known.keepAlive().toMillis();
        conversation.every(this::signOfLife, millis, TimeUnit.MILLISECONDS);
    }

    private void signOfLife() {
        var _ = dialogue.tell(knowsGetParameter ? "GET_PARAMETER" : "OPTIONS", reception.uri(), answer -> {
            if (answer.status() == SESSION_NOT_FOUND) {
                conversation.fail(SourceFailure.LOST, "its session ended");
            } else if (!answer.isSuccess()) {
                knowsGetParameter = false;
            }
        });
    }
}
