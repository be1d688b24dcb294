// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose request has begun and does not arrive: the time for all of it is absolute, a slow drip does not extend it. A
 * request that comes in one piece costs no timer. Confined to its event loop.
 */
final class Arrival extends ChannelInboundHandlerAdapter {
    private final HttpConnection connection;
    private final Duration timeout;
    private final HttpTallies tallies;
    private boolean timed;

    Arrival(HttpConnection connection, Duration timeout, HttpTallies tallies) {
        this.connection = connection;
        this.timeout = timeout;
        this.tallies = tallies;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        long before = connection.idleSince();
        ctx.fireChannelRead(message);
        if (before != 0
                && connection.idleSince() == before
                && !timed
                && ctx.channel().isActive()) {
            timed = true;
            ctx.executor().schedule(() -> look(ctx, before), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look(ChannelHandlerContext ctx, long before) {
        timed = false;
        if (connection.idleSince() == before && ctx.channel().isActive()) {
            tallies.answers().count(HttpTallies.Answer.TOO_SLOW);
            ctx.close();
        }
    }
}
