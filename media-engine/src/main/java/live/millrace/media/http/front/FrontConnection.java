// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import live.millrace.media.http.Lending;
import live.millrace.media.socket.NamedProxies;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the front, or one stream of HTTP/2: requests in turn, each for the media routes behind it or for the site, the next when the
 * answer to the one before has left. Confined to its event loop.
 */
final class FrontConnection extends ChannelDuplexHandler {
    /** What a client may send behind a request that is answered; then it is read no more. */
    private static final int MOST_WAITING = 32;

    /** A page fits: whoever reads it slowly holds nothing of the site's. */
    private static final WriteBufferWaterMark SITE_WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    /** A client that was answered in the middle of its body has so long to notice. */
    private static final long NOTICE_MILLIS = 2_000;

    private enum State {
        /** Between requests. */
        IDLE,
        /** The routes behind it answer. */
        MEDIA,
        /** The site does. */
        SITE,
        /** What still comes is of no interest. */
        OVER
    }

    private final Predicate<String> media;
    private final Site site;
    private final FrontTallies tallies;
    private final boolean http2;
    private final Deque<HttpObject> waiting = new ArrayDeque<>();
    private State state = State.IDLE;

    /** All of the request came. */
    private boolean asked;

    private boolean answered;
    private @Nullable Exchange exchange;
    private @Nullable WriteBufferWaterMark before;

    /**
     * For one connection.
     *
     * @param media whether a request's target is for the routes behind it
     * @param http2 it is one stream of HTTP/2
     */
    FrontConnection(Predicate<String> media, Site site, FrontTallies tallies, boolean http2) {
        this.media = media;
        this.site = site;
        this.tallies = tallies;
        this.http2 = http2;
    }

    // ---- what comes ---------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == State.OVER) {
            ReferenceCountUtil.release(message);
        } else if (!(message instanceof HttpObject object)) {
            ctx.fireChannelRead(message);
        } else if (state != State.IDLE && asked) {
            waiting.add(object);
            if (waiting.size() >= MOST_WAITING) {
                ctx.channel().config().setAutoRead(false);
            }
        } else {
            take(ctx, object);
        }
    }

    private void take(ChannelHandlerContext ctx, HttpObject object) {
        if (state == State.IDLE) {
            if (!(object instanceof HttpRequest request)) {
                ReferenceCountUtil.release(object);
                return;
            }
            asked = false;
            answered = false;
            // What cannot be read is answered where all such are.
            if (request.decoderResult().isFailure() || media.test(request.uri())) {
                state = State.MEDIA;
            } else {
                forward(ctx, request);
                if (!(object instanceof HttpContent)) {
                    return;
                }
            }
        }
        asked |= object instanceof LastHttpContent;
        Exchange going = exchange;
        if (state == State.MEDIA) {
            ctx.fireChannelRead(object);
        } else if (going != null && object instanceof HttpContent content) {
            // Of a whole request the rest is its body.
            going.content(content);
        } else {
            ReferenceCountUtil.release(object);
        }
    }

    private void forward(ChannelHandlerContext ctx, HttpRequest request) {
        state = State.SITE;
        before = ctx.channel().config().getOption(ChannelOption.WRITE_BUFFER_WATER_MARK);
        ctx.channel().config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, SITE_WATER_MARK);
        ctx.fireUserEventTriggered(Lending.LENT);
        InetSocketAddress remote =
                Objects.requireNonNull(NamedProxies.clientOf(ctx.channel()), "an address: it was let in by it");
        Exchange begun = new Exchange(
                ctx, site, tallies, http2, request, remote.getAddress().getHostAddress(), new ExchangeClient() {
                    @Override
                    public void over(boolean goesOn) {
                        siteAnswered(ctx, goesOn);
                    }

                    @Override
                    public void becameSocket(Channel socket) {
                        if (!waiting.isEmpty()) {
                            // Whoever says more before there is an answer does not speak the protocol (RFC 6455 §4.1).
                            releaseWaiting();
                            Channel client = ctx.channel();
                            client.eventLoop().execute(client::close);
                        }
                        ctx.pipeline().replace(ctx.name(), "relay", new Relay(socket));
                        ctx.pipeline().remove(HttpServerCodec.class);
                    }
                });
        exchange = begun;
        begun.begin();
    }

    // ---- what is answered ---------------------------------------------------------------------------------------

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (state == State.MEDIA
                && message instanceof LastHttpContent
                && !(message instanceof HttpResponse head && SiteAnswers.informs(head))) {
            answered = true;
            // After those who wait for the same have done what they do then.
            promise.unvoid().addListener(_ -> ctx.executor().execute(() -> mediaAnswered(ctx)));
        }
        ctx.write(message, promise);
    }

    private void mediaAnswered(ChannelHandlerContext ctx) {
        if (state == State.MEDIA && answered && asked) {
            next(ctx);
        }
    }

    private void siteAnswered(ChannelHandlerContext ctx, boolean goesOn) {
        exchange = null;
        if (!goesOn) {
            state = State.OVER;
            if (asked || http2) {
                ctx.close();
            } else {
                ctx.executor().schedule(() -> ctx.close(), NOTICE_MILLIS, TimeUnit.MILLISECONDS);
            }
            return;
        }
        WriteBufferWaterMark mark = before;
        if (mark != null) {
            ctx.channel().config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, mark);
        }
        ctx.fireUserEventTriggered(Lending.BACK);
        next(ctx);
    }

    private void next(ChannelHandlerContext ctx) {
        state = State.IDLE;
        HttpObject object = waiting.poll();
        while (object != null && ctx.channel().isActive()) {
            take(ctx, object);
            object = state == State.IDLE || !asked ? waiting.poll() : null;
        }
        if (object != null) {
            ReferenceCountUtil.release(object);
        }
        if (waiting.isEmpty()) {
            ctx.channel().config().setAutoRead(true); // an exchange that cannot take it yet says so with the next piece
        }
        ctx.fireChannelReadComplete();
    }

    private void releaseWaiting() {
        List<HttpObject> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(ReferenceCountUtil::release);
    }

    // ---- how it goes --------------------------------------------------------------------------------------------

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange going = exchange;
        if (going != null) {
            going.clientTakes(ctx.channel().isWritable());
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Exchange going = exchange;
        exchange = null;
        state = State.OVER;
        try {
            releaseWaiting();
        } finally {
            try {
                if (going != null) {
                    going.clientGone();
                }
            } finally {
                ctx.fireChannelInactive();
            }
        }
    }
}
