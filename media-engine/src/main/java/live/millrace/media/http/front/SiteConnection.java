// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a connection to the site: tells the exchange that has it what comes. Confined to its event loop, which is the client's as well. */
final class SiteConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(SiteConnection.class);

    private @Nullable Exchange exchange;
    private boolean used;

    /**
     * Begins one.
     *
     * @return whether it is the connection's first
     */
    boolean begin(Exchange begun) {
        boolean first = !used;
        used = true;
        exchange = begun;
        return first;
    }

    void end() {
        exchange = null;
    }

    /** From here on it carries bytes, those that came behind the answer first. */
    static void becomeSocket(ChannelHandlerContext ctx, Channel client, LongAdder open) {
        open.increment();
        ctx.channel().closeFuture().addListener(_ -> open.decrement());
        ctx.pipeline().remove(IdleStateHandler.class);
        ctx.pipeline().replace(ctx.name(), "relay", new Relay(client));
        ctx.pipeline().remove(HttpClientCodec.class);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Exchange to = exchange;
        if (to == null) {
            ReferenceCountUtil.release(message);
            ctx.close(); // nobody asked
        } else {
            to.answer(ctx, message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange to = exchange;
        if (to != null) {
            to.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange to = exchange;
        if (to != null) {
            to.siteTakes(ctx.channel().isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Exchange to = exchange;
        exchange = null;
        if (to != null) {
            to.siteGone();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent && exchange == null) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("A connection to the site is lost: {}", cause.toString());
        ctx.close();
    }
}
