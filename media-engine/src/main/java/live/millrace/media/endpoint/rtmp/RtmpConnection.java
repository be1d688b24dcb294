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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.bytes.Releasing;
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

    /** Large, so that no reply is split: librtmp misreads split messages with extended time stamps. */
    static final int OUT_CHUNK_SIZE = 65_536;

    /** Before publishing an encoder sends about ten commands; ping floods and repetitions end here. */
    private static final int MAX_MESSAGES_BEFORE_PUBLISH = 1_000;

    /** All that came in one read behind a publish command. */
    private static final int MAX_DEFERRED = 4_096;

    private static final long CLOSE_MILLIS = 1_000;

    /** Peers listen between their messages alone, and the one that was wrong may have megabytes. */
    static final long TOLD_MILLIS = 3_000;

    /** So long may our answers wait for a peer to read them. */
    private static final long UNREAD_SECONDS = 10;

    private final Channel channel;
    private final InetSocketAddress remote;
    private final RtmpListener.Context context;
    private @Nullable ChunkDecoder decoder;
    private final ChunkEncoder encoder;
    private final RtmpConversation conversation;
    private @Nullable ChannelHandlerContext socket;

    private long receivedBytes;
    private @Nullable ScheduledFuture<?> unread;
    private long acknowledgedBytes;
    private long window = RtmpConversation.WINDOW_BYTES;

    private final UnwatchedReading unwatchedReading = new UnwatchedReading(this);
    private boolean closing;
    private boolean reading;
    private boolean unflushed;
    private int messagesBeforePublish;

    /** Messages that came while the question "may it publish?" was open. */
    private final Deque<RawMessage> deferred = new ArrayDeque<>();

    RtmpConnection(Channel channel, InetSocketAddress remote, RtmpListener.Context context, ChunkEncoder encoder) {
        this.channel = channel;
        this.remote = remote;
        this.context = context;
        this.encoder = encoder;
        this.conversation = new RtmpConversation(this);
    }

    /** Names the decoder that this connection's messages come from, once, before the first. */
    void reads(ChunkDecoder from) {
        decoder = from;
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

    RtmpConversation conversation() {
        return conversation;
    }

    /** Where shared chunks are written: they need no encoder. */
    ChannelHandlerContext socket() {
        return Objects.requireNonNull(socket);
    }

    void flush() {
        channel.flush();
    }

    /** Writes; what answers one read of the socket leaves in one go. */
    void write(OutboundMessage message) {
        channel.write(message, channel.voidPromise());
        if (reading) {
            unflushed = true;
        } else {
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

    /** Tells the peer our chunk size and keeps to it. */
    void useOutChunkSize() {
        write(RtmpMessageWriter.setChunkSize(alloc(), OUT_CHUNK_SIZE));
        encoder.chunkSize(OUT_CHUNK_SIZE);
    }

    /** From here on the peer is a publisher, with a publisher's limits. */
    void authorised() {
        Objects.requireNonNull(decoder).limits(ChunkLimits.PUBLISHER);
    }

    /** The open question was answered: what waited goes on, and reading as well. */
    void answered() {
        while (!deferred.isEmpty() && !waiting() && !closing) {
            // Through the pipeline: what it causes ends the connection like anything that was read.
            socket().fireChannelRead(deferred.poll());
        }
        socket().fireChannelReadComplete();
        readOn();
    }

    /** Reads unless a question is open or the peer does not take our answers. */
    void readOn() {
        channel.config().setAutoRead(mayRead() && !unwatchedReading.inTurns());
    }

    boolean mayRead() {
        return !waiting() && (channel.isWritable() || conversation.playing());
    }

    UnwatchedReading unwatchedReading() {
        return unwatchedReading;
    }

    long receivedBytes() {
        return receivedBytes;
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

    /** Closes in some seconds, so that a peer which is still sending can read why: data under way to a closed socket takes it back. */
    void closeWhenTold() {
        if (closing) {
            return;
        }
        closing = true;
        channel.config().setAutoRead(true);
        channel.flush();
        channel.eventLoop().schedule(() -> channel.close(), TOLD_MILLIS, TimeUnit.MILLISECONDS);
    }

    ByteBufAllocator alloc() {
        return channel.alloc();
    }

    static AmfValue statusObject(String level, String code, String description) {
        return AmfValue.object(
                "level", AmfValue.of(level), "code", AmfValue.of(code), "description", AmfValue.of(description));
    }

    // ---- the socket's life ------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket = ctx.pipeline().context(RtmpListener.CHUNK_DECODER);
        deadline(context.config().timeouts().connect(), () -> !conversation.connected(), "said no connect");
    }

    /** Closes the connection if it is still late after a time. */
    void deadline(Duration after, java.util.function.BooleanSupplier late, String what) {
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
        conversation.received();
        context.tallies().received().add(bytes);
        // Half the window: a peer that waits for the acknowledgement never stands still.
        if (conversation.connected() && receivedBytes - acknowledgedBytes >= window / 2) {
            acknowledgedBytes = receivedBytes;
            write(RtmpMessageWriter.acknowledgement(alloc(), receivedBytes));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (!(message instanceof RawMessage raw)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (closing) {
            raw.release();
        } else if (!waiting()) {
            refuseStrayMedia(raw);
            handle(RtmpMessageParser.parse(raw));
        } else if (deferred.size() < MAX_DEFERRED) {
            deferred.add(raw);
        } else {
            raw.release();
            throw new RtmpProtocolException("too much behind a publish command");
        }
    }

    private void refuseStrayMedia(RawMessage raw) {
        if (raw.type().isMedia() && !conversation.created(raw.messageStreamId())) {
            raw.release();
            throw new RtmpProtocolException(
                    "media on message stream " + raw.messageStreamId() + ", which was never created");
        }
    }

    /** Whoever asks and does not read the answers gets no further: neither our memory nor our time. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = unread;
        if (conversation.playing()) {
            if (timer != null) {
                timer.cancel(false);
                unread = null;
            }
            ctx.fireChannelWritabilityChanged(); // the feed looks after slow players
            return;
        }
        if (channel.isWritable()) {
            if (timer != null) {
                timer.cancel(false);
                unread = null;
            }
        } else if (timer == null) {
            unread = channel.eventLoop()
                    .schedule(
                            () -> {
                                if (conversation.playing()) {
                                    return;
                                }
                                sayClosing("it does not read");
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

    private void sayClosing(String why) {
        context.engine()
                .publishing()
                .log()
                .say(LOG, remote.getAddress(), "Closing RTMP connection from " + remote + ": " + why);
    }

    private void count(RtmpTallies.Connection what) {
        context.tallies().connections().count(what);
    }

    private boolean waiting() {
        return conversation.waiting();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (closing) {
            ctx.close();
            return;
        }
        Throwable cause = failure instanceof io.netty.handler.codec.DecoderException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        PublishEnd end = PublishEnd.PROTOCOL_ERROR;
        if (cause instanceof RtmpProtocolException) {
            sayClosing(String.valueOf(cause.getMessage()));
            count(RtmpTallies.Connection.PROTOCOL_ERROR);
            RtmpPublishSession current = conversation.publishing();
            if (current != null && current.publishing()) {
                current.broken(String.valueOf(cause.getMessage()));
                return;
            }
        } else if (cause instanceof IOException) {
            LOG.debug("RTMP connection from {} lost: {}", remote, cause.getMessage());
            end = PublishEnd.CONNECTION_LOST;
        } else {
            LOG.warn("Closing RTMP connection from {} after an error of ours", remote, cause);
            count(RtmpTallies.Connection.FAILED);
            end = PublishEnd.FAILED;
        }
        closing = true;
        try {
            endSession(end);
        } finally {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = unread;
        if (timer != null) {
            timer.cancel(false);
        }
        List<RawMessage> left = List.copyOf(deferred);
        deferred.clear();
        try {
            endSession(PublishEnd.CONNECTION_LOST);
        } finally {
            Releasing.all(left);
        }
    }

    private void endSession(PublishEnd end) {
        conversation.end(end);
    }

    // ---- the conversation -------------------------------------------------------------------------------------

    /** Takes a message over, whatever comes of it. */
    private void handle(RtmpMessage message) {
        RtmpPublishSession current = conversation.publishing();
        boolean acknowledges = message instanceof RtmpMessage.Acknowledgement && conversation.playing();
        if ((current == null || !current.publishing())
                && !acknowledges
                && ++messagesBeforePublish > MAX_MESSAGES_BEFORE_PUBLISH) {
            message.release();
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
            case RtmpMessage.Aggregate(List<RtmpMessage> parts) ->
                Releasing.handOver(parts, this::handle, RtmpMessage::release);
            case RtmpMessage.Command command -> conversation.command(command);
            case RtmpMessage.WindowAcknowledgementSize(long bytes) ->
                window = Math.clamp(bytes, 1 << 10, RtmpConversation.WINDOW_BYTES);
            case RtmpMessage.UserControl(int event, long data) -> {
                if (event == RtmpMessage.UserControl.PING_REQUEST) {
                    write(RtmpMessageWriter.userControl(alloc(), RtmpMessage.UserControl.PING_RESPONSE, data));
                }
            }
            case RtmpMessage.Data data -> {
                if (current != null) {
                    current.described(data.values());
                }
            }
            case RtmpMessage.Acknowledgement _, RtmpMessage.SetPeerBandwidth _, RtmpMessage.Ignored _ -> {
                // Nothing to do: we never wait for acknowledgements, and formats come from the media itself.
            }
        }
    }
}
