// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an HTTP/2 connection's own pipeline: ends one without streams after a while, whatever frames it sends, for a header that
 * drips is no stream yet; and keeps what is broken out of the log. Confined to its event loop, but for what {@link Idling} asks.
 */
final class Http2Idle extends ChannelInboundHandlerAdapter implements Idling {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Idle.class);

    private final Duration first;
    private final Duration next;
    private final HttpTallies tallies;
    private @Nullable ChannelHandlerContext context;
    private int streams;

    /** Since when there is no stream; 0 while there is one. */
    private volatile long idleSince;

    /**
     * For one connection.
     *
     * @param first how long it may take to ask
     * @param next how long it may wait to ask again
     */
    Http2Idle(Duration first, Duration next, HttpTallies tallies) {
        this.first = first;
        this.next = next;
        this.tallies = tallies;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        await(ctx, first);
    }

    private void await(ChannelHandlerContext ctx, Duration most) {
        long now = System.nanoTime();
        long since = now == 0 ? 1 : now;
        idleSince = since;
        ctx.executor()
                .schedule(
                        () -> {
                            if (idleSince == since) {
                                ctx.close();
                            }
                        },
                        most.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** A stream begins. */
    void joined(Channel stream) {
        streams++;
        idleSince = 0;
        stream.closeFuture().addListener(_ -> {
            streams--;
            ChannelHandlerContext ctx = context;
            if (streams == 0 && ctx != null && ctx.channel().isActive()) {
                await(ctx, next);
            }
        });
    }

    @Override
    public long idleNanos(long now) {
        long since = idleSince;
        return since == 0 ? 0 : now - since;
    }

    @Override
    public void closeIfIdle(Runnable stays) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                if (idleSince != 0) {
                    ctx.close();
                } else {
                    stays.run();
                }
            });
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof Http2Exception) {
            LOG.debug("HTTP/2 of {} is broken: {}", ctx.channel(), cause.toString());
            tallies.answers().count(HttpTallies.Answer.MALFORMED);
        } else if (cause instanceof IOException) {
            LOG.debug("HTTP/2 connection {} lost: {}", ctx.channel(), cause.toString());
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
