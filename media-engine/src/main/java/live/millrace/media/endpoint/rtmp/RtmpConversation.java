// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.endpoint.PublishAddress;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;
import live.millrace.media.protocol.rtmp.message.RtmpMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one RTMP connection, from {@code connect} to the role that the peer takes. Tolerant in their order, strict in
 * their number. Confined to the channel's event loop.
 */
final class RtmpConversation {
    static final int WINDOW_BYTES = 2_500_000;

    private static final int MAX_CREATED_STREAMS = 16;
    private static final int MAX_UNKNOWN_COMMANDS = 100;
    private static final int MAX_ENCODER_NAME = 128;

    private final RtmpConnection connection;
    private boolean connected;
    private String app = "";
    private String tcUrl = "";
    private String swfUrl = "";
    private String pageUrl = "";
    private String encoderName = "";
    private ConnectCapabilities capabilities = ConnectCapabilities.NONE;
    private int createdStreams;
    private int unknownCommands;
    private @Nullable RtmpPublishSession publisher;
    private @Nullable RtmpPlaySession player;

    RtmpConversation(RtmpConnection connection) {
        this.connection = connection;
    }

    boolean connected() {
        return connected;
    }

    String encoderName() {
        return encoderName;
    }

    /** The publish session, in whatever state. */
    @Nullable
    RtmpPublishSession publishing() {
        return publisher;
    }

    boolean playing() {
        return player != null && player.playing();
    }

    /** Something came from the peer. */
    void received() {
        RtmpPublishSession current = publisher;
        if (current != null) {
            current.received();
        }
    }

    /** The question "may it publish?" is open. */
    boolean waiting() {
        return publisher != null && publisher.waiting();
    }

    /**
     * Whether roles and media have a place on a message stream: on those that the peer created, whichever of them it took its role on,
     * since a connection has one role. Encoders with a fixed 1 create one as well, and some leave the id of media at 0.
     */
    boolean created(long messageStreamId) {
        return createdStreams > 0 && messageStreamId <= createdStreams;
    }

    private void needStream(RtmpMessage.Command command) {
        if (!created(command.messageStreamId())) {
            throw new RtmpProtocolException(
                    command.name() + " on message stream " + command.messageStreamId() + ", which was never created");
        }
    }

    void command(RtmpMessage.Command command) {
        if (!connected && !command.name().equals("connect")) {
            throw new RtmpProtocolException("a command before connect");
        }
        double id = command.transactionId();
        switch (command.name()) {
            case "connect" -> connect(command);
            case "releaseStream", "getStreamLength", "_checkbw", "FCSubscribe" -> answer(id);
            case "FCPublish" -> {
                answer(id);
                // Livestream Studio and hardware encoders wait for this one, with their transaction id
                // (membrane_rtmp_plugin PR 115).
                connection.command(
                        0,
                        "onFCPublish",
                        id,
                        AmfValue.NULL,
                        RtmpConnection.statusObject("status", "NetStream.Publish.Start", "FCPublish"));
            }
            case "createStream" -> {
                if (++createdStreams > MAX_CREATED_STREAMS) {
                    throw new RtmpProtocolException("more than " + MAX_CREATED_STREAMS + " streams created");
                }
                connection.command(0, "_result", id, AmfValue.NULL, AmfValue.of(createdStreams));
            }
            case "publish" -> publish(command);
            case "FCUnpublish" -> {
                unpublish(); // before any answer: FFmpeg closes without reading it
                answer(id);
            }
            case "deleteStream", "closeStream" -> {
                unpublish();
                if (player != null) {
                    connection.closeAfterFlush();
                }
            }
            case "play", "play2" -> play(command);
            case "_result", "_error", "onStatus", "onBWDone", "pause", "seek", "receiveAudio", "receiveVideo" -> {
                // answers to nothing we asked, and controls of players
            }
            default -> {
                if (++unknownCommands > MAX_UNKNOWN_COMMANDS) {
                    throw new RtmpProtocolException("more than " + MAX_UNKNOWN_COMMANDS + " unknown commands");
                }
                if (id != 0) {
                    connection.command(
                            0,
                            "_error",
                            id,
                            AmfValue.NULL,
                            RtmpConnection.statusObject("error", "NetConnection.Call.Failed", "No such command."));
                }
            }
        }
    }

    private void answer(double transactionId) {
        if (transactionId != 0) {
            connection.command(0, "_result", transactionId, AmfValue.NULL, AmfValue.UNDEFINED);
        }
    }

    private void connect(RtmpMessage.Command command) {
        if (connected) {
            throw new RtmpProtocolException("connect for the second time");
        }
        AmfValue.Obj object =
                command.arguments().isEmpty() || !(command.arguments().getFirst() instanceof AmfValue.Obj given)
                        ? new AmfValue.Obj(Map.of())
                        : given;
        app = object.text("app").orElse("");
        tcUrl = object.text("tcUrl").orElse("");
        swfUrl = object.text("swfUrl").orElse("");
        pageUrl = object.text("pageUrl").orElse("");
        encoderName = printable(object.text("flashVer").orElse(""));
        capabilities = ConnectCapabilities.of(object);
        double objectEncoding = object.number("objectEncoding").orElse(0);
        connected = true;
        connection.deadline(
                connection.context().config().timeouts().publish(),
                () -> publisher == null && player == null,
                "wanted nothing");
        connection.write(RtmpMessageWriter.windowAcknowledgementSize(connection.alloc(), WINDOW_BYTES));
        connection.write(RtmpMessageWriter.setPeerBandwidth(connection.alloc(), WINDOW_BYTES));
        connection.useOutChunkSize();
        Map<String, AmfValue> information = new LinkedHashMap<>();
        information.put("level", AmfValue.of("status"));
        information.put("code", AmfValue.of("NetConnection.Connect.Success"));
        information.put("description", AmfValue.of("Connection succeeded."));
        information.put("objectEncoding", AmfValue.of(objectEncoding));
        information.putAll(capabilities.answer());
        connection.command(
                0,
                "_result",
                command.transactionId() == 0 ? 1 : command.transactionId(),
                AmfValue.object("fmsVer", AmfValue.of("FMS/3,0,1,123"), "capabilities", AmfValue.of(31)),
                new AmfValue.Obj(information));
    }

    static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .filter(c -> c >= 0x20 && c < 0x7F)
                .limit(MAX_ENCODER_NAME)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private void publish(RtmpMessage.Command command) {
        RtmpPublishSession current = publisher;
        if ((current != null && !current.over()) || player != null) {
            throw new RtmpProtocolException("publish while publishing or playing");
        }
        needStream(command);
        PublishAddress address = PublishAddress.parse(app, streamName(command));
        RtmpPublishSession next = new RtmpPublishSession(
                connection,
                Math.max(1, command.messageStreamId()),
                address,
                new RequestedStream.Rtmp(
                        address.app(), address.stream(), address.parameters(), tcUrl, swfUrl, pageUrl));
        publisher = next;
        connection.channel().config().setAutoRead(false);
        next.start();
    }

    /** Arguments: null, name, type. Some clients send a number or nothing for the name, Wirecast {@code false}. */
    private static String streamName(RtmpMessage.Command command) {
        AmfValue name = command.arguments().size() > 1 ? command.arguments().get(1) : AmfValue.NULL;
        return switch (name) {
            case AmfValue.Str(String text) -> text;
            case AmfValue.Num(double number) -> Long.toString((long) number);
            default -> "";
        };
    }

    private void unpublish() {
        RtmpPublishSession current = publisher;
        if (current != null && current.publishing()) {
            current.unpublish();
        }
    }

    private void play(RtmpMessage.Command command) {
        if ((publisher != null && !publisher.over()) || player != null) {
            throw new RtmpProtocolException("play while publishing or playing");
        }
        // Players of one message stream share their bytes: invented ids would cost a feed each.
        needStream(command);
        RtmpPlaySession next = new RtmpPlaySession(connection, Math.max(1, command.messageStreamId()));
        player = next;
        PublishAddress address = PublishAddress.parse(app, streamName(command));
        next.start(address, address.ticket(tcUrl));
    }

    /**
     * Asks a peer that said it can to connect anew (Enhanced RTMP v2, "Reconnect Request"); its media is taken until it leaves.
     *
     * @return ends when the peer publishes no longer; at once when it does not publish, or cannot be asked
     */
    CompletionStage<Void> requestReconnect() {
        if (!capabilities.reconnects()) {
            return CompletableFuture.completedStage(null);
        }
        connection.status(
                0, "status", "NetConnection.Connect.ReconnectRequest", "The server goes down. Connect again.");
        RtmpPublishSession current = publisher;
        return current == null ? CompletableFuture.completedStage(null) : current.askedToReconnect();
    }

    /** The connection is over, or the peer broke the protocol. Idempotent. */
    void end(PublishEnd end) {
        if (publisher != null) {
            publisher.end(end);
        }
        if (player != null) {
            player.end();
        }
    }
}
