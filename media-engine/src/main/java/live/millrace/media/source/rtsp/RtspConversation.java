// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.rtsp;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import live.millrace.media.protocol.rtsp.RtspDecoder;
import live.millrace.media.protocol.rtsp.RtspMessage;
import live.millrace.media.protocol.rtsp.RtspProtocolException;
import live.millrace.media.socket.Periodic;
import live.millrace.media.source.SourceFailure;
import live.millrace.media.source.SourceProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to one camera: reads what comes, watches over silence, and closes. What is asked is {@link Setup}'s, what is played
 * {@link Reception}'s.
 *
 * <pre>
 * connects → sets up → plays → over
 *     └─────────┴────────┴──────↗ failed
 * </pre>
 *
 * <p>Confined to its event loop.
 */
final class RtspConversation extends ChannelInboundHandlerAdapter implements SourceProtocol.Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(RtspConversation.class);

    private static final long LOOK_MILLIS = 250;

    /** A camera at night sends two pictures a second; one that sends nothing for so long is gone. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Where the first datagram has not come by now, a router is in between (as gortsplib has it). */
    private static final long DATAGRAMS_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Packets come, and never a picture that can be begun with: some cameras take more than a minute to the first. */
    private static final long FIRST_FRAME_NANOS = TimeUnit.SECONDS.toNanos(90);

    private final SourceProtocol.Request request;
    private final SourceProtocol.Listener listener;
    private final long beganAt = System.nanoTime();
    private final List<ScheduledFuture<?>> timers = new ArrayList<>();

    private @Nullable Channel channel;
    private @Nullable Dialogue dialogue;
    private @Nullable Reception reception;
    private boolean over;

    RtspConversation(SourceProtocol.Request request, SourceProtocol.Listener listener) {
        this.request = request;
        this.listener = listener;
    }

    /** @param tls of an encrypted connection */
    void connect(Optional<SslContext> tls) {
        ChannelFuture connecting = new Bootstrap()
                .group(request.loop())
                .channel(request.sockets().stream())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        request.address().patience().toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel socket) {
                        tls.ifPresent(context -> socket.pipeline()
                                .addLast(
                                        "tls",
                                        context.newHandler(
                                                socket.alloc(),
                                                host(),
                                                request.at().getPort())));
                        socket.pipeline().addLast("rtsp", new RtspDecoder());
                        socket.pipeline().addLast("conversation", RtspConversation.this);
                    }
                })
                .connect(request.at());
        channel = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                // One that could not even be opened is told of elsewhere than on the loop.
                request.loop().execute(() -> fail(SourceFailure.UNREACHABLE, "no connection"));
            }
        });
    }

    /** What its certificate is to be for. */
    private String host() {
        String said = request.address().uri().getHost();
        return said == null || said.startsWith("[") ? request.at().getAddress().getHostAddress() : said;
    }

    // ---- what happens on the connection -------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (over) {
            ctx.close();
            return;
        }
        channel = ctx.channel();
        timers.add(Periodic.of(ctx.channel(), this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS));
        if (ctx.pipeline().get(SslHandler.class) == null) {
            begin(ctx.channel());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                begin(ctx.channel());
            } else {
                fail(SourceFailure.PROTOCOL, "no encrypted connection that can be trusted");
            }
        }
    }

    private void begin(Channel on) {
        if (over) {
            return;
        }
        Dialogue talk = new Dialogue(
                on, request.address(), () -> fail(SourceFailure.WRONG_LOGIN, "user and password are not taken"));
        dialogue = talk;
        Reception fresh = new Reception(on, request, listener);
        reception = fresh;
        new Setup(this, talk, fresh, request).start();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case RtspMessage.Interleaved frame -> {
                try {
                    Reception taking = reception;
                    if (taking != null) {
                        taking.interleaved(frame.channel(), frame.payload());
                    }
                } finally {
                    frame.payload().release();
                }
            }
            case RtspMessage.Response response -> {
                Dialogue talk = dialogue;
                if (talk != null && !over) {
                    talk.answer(response);
                }
            }
            case RtspMessage.Request asked -> {
                Dialogue talk = dialogue;
                if (talk != null && !over) {
                    talk.refuse(asked);
                }
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(
                !answered() ? SourceFailure.UNREACHABLE : heard() ? SourceFailure.LOST : SourceFailure.PROTOCOL,
                "the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case RtspProtocolException broken -> fail(SourceFailure.PROTOCOL, String.valueOf(broken.getMessage()));
            case DecoderException _ -> fail(SourceFailure.PROTOCOL, "no encrypted connection");
            case IOException _ ->
                fail(heard() ? SourceFailure.LOST : SourceFailure.UNREACHABLE, "the connection was lost");
            default -> {
                LOG.error("Fetching from {} failed", request.at(), cause);
                fail(SourceFailure.LOST, "it failed here");
            }
        }
    }

    private boolean answered() {
        Dialogue talk = dialogue;
        return talk != null && talk.answered();
    }

    private boolean heard() {
        Reception taking = reception;
        return taking != null && taking.heard();
    }

    // ---- what is not waited for any longer ----------------------------------------------------------------------

    private void look() {
        long now = System.nanoTime();
        Reception taking = reception;
        boolean impatient = now - beganAt > request.address().patience().toNanos();
        if (taking == null || !taking.playing()) {
            if (impatient) {
                fail(SourceFailure.UNREACHABLE, "no answer in time");
            }
            return;
        }
        if (!taking.heard()) {
            if (taking.overDatagrams() && now - taking.playingSince() > DATAGRAMS_NANOS) {
                listener.datagramsFail();
                fail(SourceFailure.NO_MEDIA, "no datagrams");
            } else if (impatient) {
                fail(SourceFailure.NO_MEDIA, "no media in time");
            }
        } else if (now - taking.lastHeard() > SILENCE_NANOS) {
            fail(SourceFailure.LOST, "no media any more");
        } else if (!taking.hadFrame() && now - taking.playingSince() > FIRST_FRAME_NANOS) {
            fail(SourceFailure.NO_MEDIA, "packets without a picture");
        }
    }

    /** Until the end. */
    void every(Runnable run, long period, TimeUnit unit) {
        Channel on = channel;
        if (on != null && !over) {
            timers.add(Periodic.of(on, run, period, unit));
        }
    }

    boolean isOver() {
        return over;
    }

    // ---- the end ------------------------------------------------------------------------------------------------

    void fail(SourceFailure failure, String why) {
        if (!over) {
            close(false);
            listener.failed(failure, why);
        }
    }

    @Override
    public void stop() {
        if (!over) {
            close(true);
        }
    }

    private void close(boolean goodbye) {
        over = true;
        timers.forEach(timer -> timer.cancel(false));
        Reception taking = reception;
        if (taking != null) {
            taking.release();
        }
        Channel on = channel;
        Dialogue talk = dialogue;
        if (on == null || !on.isRegistered()) {
            return; // it was never opened, and says so when it is closed
        }
        if (talk != null && talk.hasSession() && on.isActive() && taking != null) {
            // Also when we give up on it: most cameras serve few, and count those who left without a word.
            talk.tell("TEARDOWN", taking.uri(), _ -> {}).addListener(ChannelFutureListener.CLOSE);
            // It may not read any more.
            var _ = on.eventLoop().schedule(() -> on.close(), goodbye ? 1_000 : 250, TimeUnit.MILLISECONDS);
        } else {
            on.close();
        }
    }

    /** What comes of it. */
    SourceProtocol.Listener listener() {
        return listener;
    }
}
