// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import live.millrace.media.access.PublishEnd;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.protocol.rtsp.RtspProtocolException;
import live.millrace.media.protocol.rtsp.RtspWriter;
import live.millrace.media.socket.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One RTSP socket: its limits, its end, and what waits while a question is open. A session ends with the connection that it was made on,
 * over UDP as well. Confined to the channel's event loop.
 */
final class RtspConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RtspConnection.class);

    /** Before media flows a client sends about ten requests; floods and repetitions end here. */
    private static final int MAX_REQUESTS_BEFORE_MEDIA = 200;

    /** All that came in one read behind a request that is not answered yet. */
    private static final int MAX_DEFERRED = 1_024;

    private static final long CLOSE_MILLIS = 1_000;

    /** So long may our answers wait for a peer to read them. */
    private static final long UNREAD_SECONDS = 10;

    /** Whatever is asked is answered sooner; a question that was forgotten must not hold a connection that reads nothing. */
    private static final long ANSWERED_SECONDS = 60;

    private static final int LOOKS_WITHIN_SESSION = 10;

    private final Channel channel;
    private final InetSocketAddress remote;
    private final RtspListener.Context context;
    private final boolean encrypted;
    private final RtspConversation conversation;
    private final Deque<RtspMessage> deferred = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext socket;
    private @Nullable ChannelHandlerContext self;
    private @Nullable ScheduledFuture<?> looks;
    private @Nullable ScheduledFuture<?> unread;

    private boolean waiting;
    private long waitsSince;
    private boolean closing;
    private boolean reading;
    private boolean unflushed;
    private int requestsBeforeMedia;
    private long lastHeard = System.nanoTime();

    RtspConnection(Channel channel, InetSocketAddress remote, RtspListener.Context context, boolean encrypted) {
        this.channel = channel;
        this.remote = remote;
        this.context = context;
        this.encrypted = encrypted;
        this.conversation = new RtspConversation(this);
    }

    // ---- what a session needs ---------------------------------------------------------------------------------

    Channel channel() {
        return channel;
    }

    InetSocketAddress remote() {
        return remote;
    }

    RtspListener.Context context() {
        return context;
    }

    ByteBufAllocator alloc() {
        return channel.alloc();
    }

    /** Media by UDP has no encryption: beside an encrypted connection there is none. */
    @Nullable
    DatagramPorts datagrams() {
        return encrypted ? null : context.datagrams();
    }

    /** From where media is written. */
    ChannelHandlerContext media() {
        return Objects.requireNonNull(self);
    }

    /** Writes an answer; what answers one read of the socket leaves in one go. */
    void write(RtspMessage.Response response) {
        ByteBuf bytes = alloc().buffer();
        RtspWriter.write(response, bytes);
        writeBytes(bytes);
    }

    /** Writes a packet between messages, past whatever looks at the media that is played. Takes the bytes over. */
    void writeBytes(ByteBuf bytes) {
        ChannelHandlerContext to = Objects.requireNonNull(socket);
        to.write(bytes, channel.voidPromise());
        if (reading) {
            unflushed = true;
        } else {
            channel.flush();
        }
    }

    /** The peer gave a sign of life. */
    void heard() {
        lastHeard = System.nanoTime();
    }

    /** A question is open: what comes waits. */
    void await() {
        waiting = true;
        waitsSince = System.nanoTime();
        channel.config().setAutoRead(false);
    }

    /** The question is answered: what waited goes on, and reading as well. */
    void answered() {
        waiting = false;
        heard();
        while (!deferred.isEmpty() && !waiting && !closing) {
            // Through the pipeline: what it causes ends the connection like anything that was read.
            Objects.requireNonNull(socket).fireChannelRead(Objects.requireNonNull(deferred.poll()));
        }
        Objects.requireNonNull(socket).fireChannelReadComplete();
        readOn();
    }

    private void readOn() {
        channel.config().setAutoRead(!waiting && channel.isWritable());
    }

    /** Closes when what was written has left, or after a second. */
    void closeAfterFlush() {
        if (closing) {
            return;
        }
        closing = true;
        Objects.requireNonNull(socket).writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Sends away one that publishes, when all that it sent has been handed over. */
    void sendAwayPublisher() {
        if (conversation.publishes()) {
            conversation.end(PublishEnd.SHUTDOWN);
            closeAfterFlush();
        }
    }

    // ---- the socket's life ------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        self = ctx;
        socket = ctx.pipeline().context(RtspListener.DECODER);
        RtspTimes times = context.times();
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (requestsBeforeMedia == 0 && !closing) {
                                timedOut();
                            }
                        },
                        times.request().toMillis(),
                        TimeUnit.MILLISECONDS);
        long look = Math.max(1, times.session().toMillis() / LOOKS_WITHIN_SESSION);
        looks = Periodic.of(channel, this::look, look, TimeUnit.MILLISECONDS);
    }

    /** Whoever says nothing, and needs not to be heard for another reason, is gone. */
    private void look() {
        if (waiting && System.nanoTime() - waitsSince > TimeUnit.SECONDS.toNanos(ANSWERED_SECONDS)) {
            timedOut();
        }
        if (waiting || closing || !conversation.needsSignsOfLife()) {
            return;
        }
        RtspTimes times = context.times();
        if (System.nanoTime() - lastHeard > times.session().plus(times.grace()).toNanos()) {
            timedOut();
        }
    }

    private void timedOut() {
        if (channel.isActive()) {
            LOG.debug("RTSP peer {} said nothing for too long", remote);
            count(RtspTallies.Connection.TIMED_OUT);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (!(message instanceof RtspMessage said) || closing) {
            ReferenceCountUtil.release(message instanceof RtspMessage.Interleaved frame ? frame.payload() : message);
            return;
        }
        if (waiting) {
            if (deferred.size() == MAX_DEFERRED) {
                release(said);
                throw new RtspProtocolException("too much behind a request that is not answered");
            }
            deferred.add(said);
            return;
        }
        switch (said) {
            case RtspMessage.Interleaved(int frameChannel, ByteBuf payload) -> {
                try {
                    conversation.interleaved(frameChannel, payload);
                } finally {
                    payload.release();
                }
            }
            case RtspMessage.Request request -> {
                heard();
                requestsBeforeMedia++;
                if (!conversation.mediaFlows() && requestsBeforeMedia > MAX_REQUESTS_BEFORE_MEDIA) {
                    throw new RtspProtocolException(
                            "more than " + MAX_REQUESTS_BEFORE_MEDIA + " requests and no media");
                }
                conversation.request(request);
            }
            case RtspMessage.Response _ -> {
                // we ask nothing
            }
        }
    }

    private static void release(RtspMessage message) {
        if (message instanceof RtspMessage.Interleaved frame) {
            frame.payload().release();
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

    /** Whoever asks and does not read the answers gets no further. The feed looks after slow players by itself. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ScheduledFuture<?> timer = unread;
        if (channel.isWritable()) {
            if (timer != null) {
                timer.cancel(false);
                unread = null;
            }
        } else if (timer == null && !conversation.playing()) {
            unread = channel.eventLoop().schedule(this::unread, UNREAD_SECONDS, TimeUnit.SECONDS);
        }
        readOn();
        ctx.fireChannelWritabilityChanged();
    }

    private void unread() {
        if (!conversation.playing() && channel.isActive()) {
            sayClosing("it does not read");
            count(RtspTallies.Connection.NOT_READING);
            conversation.end(PublishEnd.PROTOCOL_ERROR);
            channel.close();
        }
    }

    private void sayClosing(String why) {
        context.engine()
                .publishing()
                .log()
                .say(LOG, remote.getAddress(), "Closing RTSP connection from " + remote + ": " + why);
    }

    private void count(RtspTallies.Connection what) {
        context.tallies().connections().count(what);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (closing) {
            ctx.close();
            return;
        }
        Throwable cause =
                failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        PublishEnd end;
        if (cause instanceof RtspProtocolException) {
            sayClosing(String.valueOf(cause.getMessage()));
            count(RtspTallies.Connection.PROTOCOL_ERROR);
            end = PublishEnd.PROTOCOL_ERROR;
        } else if (cause instanceof IOException) {
            LOG.debug("RTSP connection from {} lost: {}", remote, cause.getMessage());
            end = PublishEnd.CONNECTION_LOST;
        } else {
            LOG.warn("Closing RTSP connection from {} after an error of ours", remote, cause);
            count(RtspTallies.Connection.FAILED);
            end = PublishEnd.FAILED;
        }
        try {
            conversation.broken(end);
        } finally {
            closeAfterFlush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        ScheduledFuture<?> looking = looks;
        if (looking != null) {
            looking.cancel(false);
        }
        ScheduledFuture<?> timer = unread;
        if (timer != null) {
            timer.cancel(false);
        }
        try {
            conversation.end(PublishEnd.CONNECTION_LOST);
        } finally {
            deferred.forEach(RtspConnection::release);
            deferred.clear();
        }
    }
}
