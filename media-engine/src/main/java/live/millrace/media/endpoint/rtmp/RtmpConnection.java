// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtmp;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.access.RequestedStream;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.RtmpProtocolException;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkLimits;
import live.millrace.media.protocol.rtmp.chunk.OutboundMessage;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessageParser;
import live.millrace.media.protocol.rtmp.message.RtmpMessageWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One RTMP socket: its limits, its control messages and the commands before a role is taken. Tolerant in the order of
 * commands, strict in their number. Confined to the channel's event loop.
 */
final class RtmpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RtmpConnection.class);

    private static final int WINDOW_BYTES = 2_500_000;

    /** Large, so that no reply is split: librtmp misreads split messages with extended time stamps. */
    private static final int OUT_CHUNK_SIZE = 65_536;

    private static final int MAX_CREATED_STREAMS = 16;
    private static final int MAX_UNKNOWN_COMMANDS = 100;

    /** Before publishing an encoder sends about ten commands; ping floods and repetitions end here. */
    private static final int MAX_MESSAGES_BEFORE_PUBLISH = 1_000;

    /** All that came in one read behind a publish command. */
    private static final int MAX_DEFERRED = 4_096;

    private static final long CLOSE_MILLIS = 1_000;
    private static final int MAX_ENCODER_NAME = 128;

    /** So long may our answers wait for a peer to read them. */
    private static final long UNREAD_SECONDS = 10;

    private final Channel channel;
    private final InetSocketAddress remote;
    private final RtmpListener.Context context;
    private final ChunkDecoder decoder;
    private final ChunkEncoder encoder;

    private long receivedBytes;
    private long lastReceivedNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> unread;
    private long acknowledgedBytes;
    private long window = WINDOW_BYTES;

    private boolean connected;
    private boolean closing;
    private boolean reading;
    private String app = "";
    private String tcUrl = "";
    private String swfUrl = "";
    private String pageUrl = "";
    private String encoderName = "";
    private int createdStreams;
    private int unknownCommands;
    private int messagesBeforePublish;
    private @Nullable RtmpPublishSession session;

    /** Messages that came while the question "may it publish?" was open. */
    private final Deque<RtmpMessage> deferred = new ArrayDeque<>();

    RtmpConnection(
            Channel channel,
            InetSocketAddress remote,
            RtmpListener.Context context,
            ChunkDecoder decoder,
            ChunkEncoder encoder) {
        this.channel = channel;
        this.remote = remote;
        this.context = context;
        this.decoder = decoder;
        this.encoder = encoder;
    }

    // ---- what a session needs ---------------------------------------------------------------------------------

    Channel channel() {
        return channel;
    }

    RtmpListener.Context context() {
        return context;
    }

    InetSocketAddress remote() {
        return remote;
    }

    String encoderName() {
        return encoderName;
    }

    /** Writes; what answers one read of the socket leaves in one go. */
    void write(OutboundMessage message) {
        channel.write(message, channel.voidPromise());
        if (!reading) {
            channel.flush();
        }
    }

    void command(long messageStreamId, String name, double transactionId, AmfValue... arguments) {
        write(RtmpMessageWriter.command(alloc(), messageStreamId, name, transactionId, arguments));
    }

    void status(long messageStreamId, String level, String code, String description) {
        command(messageStreamId, "onStatus", 0, AmfValue.NULL, statusObject(level, code, description));
    }

    void streamBegin(long messageStreamId) {
        write(RtmpMessageWriter.userControl(alloc(), RtmpMessage.UserControl.STREAM_BEGIN, messageStreamId));
    }

    /** From here on the peer is a publisher, with a publisher's limits. */
    void authorised() {
        decoder.limits(ChunkLimits.PUBLISHER);
    }

    /** The open question was answered: what waited goes on, and reading as well. */
    void answered() {
        while (!deferred.isEmpty() && !waiting() && !closing) {
            handle(deferred.poll());
        }
        readOn();
    }

    /** Reads unless a question is open or the peer does not take our answers. */
    private void readOn() {
        channel.config().setAutoRead(!waiting() && channel.isWritable());
    }

    /** When the peer last sent anything. */
    long lastReceivedNanos() {
        return lastReceivedNanos;
    }

    /** Asks the peer whether it is there. */
    void ping() {
        write(RtmpMessageWriter.userControl(
                alloc(), RtmpMessage.UserControl.PING_REQUEST, System.nanoTime() / 1_000_000));
    }

    /** Closes when what was written has left, or after a second. */
    void closeAfterFlush() {
        if (closing) {
            return;
        }
        closing = true;
        channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private ByteBufAllocator alloc() {
        return channel.alloc();
    }

    private static AmfValue statusObject(String level, String code, String description) {
        return AmfValue.object(
                "level", AmfValue.of(level), "code", AmfValue.of(code), "description", AmfValue.of(description));
    }

    // ---- the socket's life ------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline(context.config().timeouts().connect(), () -> !connected, "said no connect");
    }

    private void deadline(Duration after, java.util.function.BooleanSupplier late, String what) {
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (late.getAsBoolean() && channel.isActive() && !closing) {
                                LOG.debug("RTMP peer {} {} within {}", remote, what, after);
                                count(RtmpTallies.Connection.TIMED_OUT);
                                channel.close();
                            }
                        },
                        after.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Called for each read of the socket. */
    void received(int bytes) {
        receivedBytes += bytes;
        lastReceivedNanos = System.nanoTime();
        context.tallies().received().add(bytes);
        // Half the window: a peer that waits for the acknowledgement never stands still.
        if (connected && receivedBytes - acknowledgedBytes >= window / 2) {
            acknowledgedBytes = receivedBytes;
            write(RtmpMessageWriter.acknowledgement(alloc(), receivedBytes));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        channel.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (!(message instanceof RawMessage raw)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (closing) {
            raw.payload().release();
            return;
        }
        RtmpMessage parsed = RtmpMessageParser.parse(raw);
        if (waiting()) {
            if (deferred.size() >= MAX_DEFERRED) {
                release(parsed);
                throw new RtmpProtocolException("too much behind a publish command");
            }
            deferred.add(parsed);
        } else {
            handle(parsed);
        }
    }

    /** Whoever asks and does not read the answers gets no further: neither our memory nor our time. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = unread;
        if (channel.isWritable()) {
            if (timer != null) {
                timer.cancel(false);
                unread = null;
            }
        } else if (timer == null) {
            unread = channel.eventLoop()
                    .schedule(
                            () -> {
                                LOG.info("Closing RTMP connection from {}: it does not read", remote);
                                count(RtmpTallies.Connection.NOT_READING);
                                endSession(PublishEnd.PROTOCOL_ERROR);
                                channel.close();
                            },
                            UNREAD_SECONDS,
                            TimeUnit.SECONDS);
        }
        readOn();
        ctx.fireChannelWritabilityChanged();
    }

    private void count(RtmpTallies.Connection what) {
        context.tallies().connections().count(what);
    }

    private boolean waiting() {
        return session != null && session.waiting();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        Throwable cause = failure instanceof io.netty.handler.codec.DecoderException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        PublishEnd end = PublishEnd.PROTOCOL_ERROR;
        if (cause instanceof RtmpProtocolException) {
            LOG.info("Closing RTMP connection from {}: {}", remote, cause.getMessage());
            count(RtmpTallies.Connection.PROTOCOL_ERROR);
        } else if (cause instanceof IOException) {
            LOG.debug("RTMP connection from {} lost: {}", remote, cause.getMessage());
            end = PublishEnd.CONNECTION_LOST;
        } else {
            LOG.warn("Closing RTMP connection from {} after an error of ours", remote, cause);
            count(RtmpTallies.Connection.FAILED);
        }
        endSession(end);
        closing = true;
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = unread;
        if (timer != null) {
            timer.cancel(false);
        }
        endSession(PublishEnd.CONNECTION_LOST);
        deferred.forEach(RtmpConnection::release);
        deferred.clear();
    }

    private void endSession(PublishEnd end) {
        RtmpPublishSession current = session;
        if (current != null) {
            current.end(end);
        }
    }

    private static void release(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Audio audio -> audio.payload().release();
            case RtmpMessage.Video video -> video.payload().release();
            case RtmpMessage.Aggregate(List<RtmpMessage> parts) -> parts.forEach(RtmpConnection::release);
            default -> {
                // nothing else holds a buffer
            }
        }
    }

    // ---- the conversation -------------------------------------------------------------------------------------

    private void handle(RtmpMessage message) {
        RtmpPublishSession current = session;
        if ((current == null || !current.publishing()) && ++messagesBeforePublish > MAX_MESSAGES_BEFORE_PUBLISH) {
            release(message);
            throw new RtmpProtocolException("more than " + MAX_MESSAGES_BEFORE_PUBLISH + " messages and no publish");
        }
        switch (message) {
            case RtmpMessage.Audio(long timestamp, io.netty.buffer.ByteBuf payload) -> {
                try {
                    if (current != null) {
                        current.audio(timestamp, payload);
                    }
                } finally {
                    payload.release();
                }
            }
            case RtmpMessage.Video(long timestamp, io.netty.buffer.ByteBuf payload) -> {
                try {
                    if (current != null) {
                        current.video(timestamp, payload);
                    }
                } finally {
                    payload.release();
                }
            }
            case RtmpMessage.Aggregate(List<RtmpMessage> parts) -> parts.forEach(this::handle);
            case RtmpMessage.Command command -> command(command);
            case RtmpMessage.WindowAcknowledgementSize(long bytes) -> window = Math.clamp(bytes, 1 << 10, WINDOW_BYTES);
            case RtmpMessage.UserControl(int event, long data) -> {
                if (event == RtmpMessage.UserControl.PING_REQUEST) {
                    write(RtmpMessageWriter.userControl(alloc(), RtmpMessage.UserControl.PING_RESPONSE, data));
                }
            }
            case RtmpMessage.Acknowledgement _,
                    RtmpMessage.SetPeerBandwidth _,
                    RtmpMessage.Data _,
                    RtmpMessage.Ignored _ -> {
                // Nothing to do: we never wait for acknowledgements, and formats come from the media itself.
            }
        }
    }

    private void command(RtmpMessage.Command command) {
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
                command(
                        0,
                        "onFCPublish",
                        id,
                        AmfValue.NULL,
                        statusObject("status", "NetStream.Publish.Start", "FCPublish"));
            }
            case "createStream" -> {
                if (++createdStreams > MAX_CREATED_STREAMS) {
                    throw new RtmpProtocolException("more than " + MAX_CREATED_STREAMS + " streams created");
                }
                command(0, "_result", id, AmfValue.NULL, AmfValue.of(createdStreams));
            }
            case "publish" -> publish(command);
            case "FCUnpublish" -> {
                unpublish(); // before any answer: FFmpeg closes without reading it
                answer(id);
            }
            case "deleteStream", "closeStream" -> unpublish();
            case "play", "play2" -> {
                status(
                        command.messageStreamId(),
                        "error",
                        "NetStream.Play.StreamNotFound",
                        "Streams are played over HLS here.");
                closeAfterFlush();
            }
            case "_result", "_error", "onStatus", "onBWDone", "pause", "seek", "receiveAudio", "receiveVideo" -> {
                // answers to nothing we asked, and controls of players
            }
            default -> {
                if (++unknownCommands > MAX_UNKNOWN_COMMANDS) {
                    throw new RtmpProtocolException("more than " + MAX_UNKNOWN_COMMANDS + " unknown commands");
                }
                if (id != 0) {
                    command(
                            0,
                            "_error",
                            id,
                            AmfValue.NULL,
                            statusObject("error", "NetConnection.Call.Failed", "No such command."));
                }
            }
        }
    }

    private void answer(double transactionId) {
        if (transactionId != 0) {
            command(0, "_result", transactionId, AmfValue.NULL, AmfValue.UNDEFINED);
        }
    }

    private void connect(RtmpMessage.Command command) {
        if (connected) {
            throw new RtmpProtocolException("connect for the second time");
        }
        AmfValue.Obj object =
                command.arguments().isEmpty() || !(command.arguments().getFirst() instanceof AmfValue.Obj given)
                        ? new AmfValue.Obj(java.util.Map.of())
                        : given;
        app = object.text("app").orElse("");
        tcUrl = object.text("tcUrl").orElse("");
        swfUrl = object.text("swfUrl").orElse("");
        pageUrl = object.text("pageUrl").orElse("");
        encoderName = printable(object.text("flashVer").orElse(""));
        double objectEncoding = object.number("objectEncoding").orElse(0);
        connected = true;
        deadline(context.config().timeouts().publish(), () -> session == null, "published nothing");
        write(RtmpMessageWriter.windowAcknowledgementSize(alloc(), WINDOW_BYTES));
        write(RtmpMessageWriter.setPeerBandwidth(alloc(), WINDOW_BYTES));
        write(RtmpMessageWriter.setChunkSize(alloc(), OUT_CHUNK_SIZE));
        encoder.chunkSize(OUT_CHUNK_SIZE);
        command(
                0,
                "_result",
                command.transactionId() == 0 ? 1 : command.transactionId(),
                AmfValue.object("fmsVer", AmfValue.of("FMS/3,0,1,123"), "capabilities", AmfValue.of(31)),
                AmfValue.object(
                        "level", AmfValue.of("status"),
                        "code", AmfValue.of("NetConnection.Connect.Success"),
                        "description", AmfValue.of("Connection succeeded."),
                        "objectEncoding", AmfValue.of(objectEncoding)));
    }

    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .filter(c -> c >= 0x20 && c < 0x7F)
                .limit(MAX_ENCODER_NAME)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private void publish(RtmpMessage.Command command) {
        RtmpPublishSession current = session;
        if (current != null && !current.over()) {
            throw new RtmpProtocolException("publish while publishing");
        }
        // Arguments: null, name, type. Some encoders send a number or nothing for the name.
        AmfValue name = command.arguments().size() > 1 ? command.arguments().get(1) : AmfValue.NULL;
        String streamName = switch (name) {
            case AmfValue.Str(String text) -> text;
            case AmfValue.Num(double number) -> Long.toString((long) number);
            default -> ""; // Wirecast sends false
        };
        RtmpPublishSession next = new RtmpPublishSession(this, Math.max(1, command.messageStreamId()));
        session = next;
        channel.config().setAutoRead(false);
        PublishAddress address = PublishAddress.parse(app, streamName);
        next.start(
                address,
                new RequestedStream(address.app(), address.stream(), address.parameters(), tcUrl, swfUrl, pageUrl));
    }

    private void unpublish() {
        RtmpPublishSession current = session;
        if (current != null && current.publishing()) {
            current.unpublish();
        }
    }
}
