// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.socket;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when sockets cannot be accepted, nearly always because the process has as many open files as it may: connections that
 * wait for nothing but another request are closed, those that do so longest first, and accepting goes on a moment later. So whoever is
 * new does not wait behind whoever is idle; and the log has one line a minute, not one for each try. Thread-safe.
 */
public final class Shortage {
    private static final Logger LOG = LoggerFactory.getLogger(Shortage.class);

    /** Idle connections that are closed at once: room for the new ones of some moments, and for files. */
    static final int BATCH = 256;

    /** So long accepting rests when something was closed: its descriptors are free then. */
    static final long SHORT_REST_MILLIS = 50;

    /** So long it rests when nothing was idle. */
    static final long REST_MILLIS = 500;

    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final List<IntUnaryOperator> idle = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;
    private boolean complained;
    private long lastComplaint;
    private long failures;
    private long closed;

    /** A process that has room. */
    public Shortage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Names somebody who has idle connections.
     *
     * @param close closes as many of them, at most, and tells how many it was; from any thread
     */
    public void spares(IntUnaryOperator close) {
        idle.add(close);
    }

    /** A handler for one listening socket. */
    ChannelHandler guard() {
        return new Guard();
    }

    /** A socket could not be accepted; answers how many milliseconds accepting should rest. */
    private synchronized long failed(Object address, IOException cause) {
        int freed = 0;
        for (IntUnaryOperator each : idle) {
            freed += each.applyAsInt(BATCH - freed);
        }
        failures++;
        closed += freed;
        long now = nanoTime.getAsLong();
        if (!complained || now - lastComplaint >= QUIET_NANOS) {
            LOG.warn(
                    "Connections to {} cannot be accepted: {}. {} failures since the last such line, {} idle connections"
                            + " closed to make room. The process needs a higher limit of open files"
                            + " (LimitNOFILE=, ulimit -n)",
                    address,
                    cause.getMessage(),
                    failures,
                    closed);
            complained = true;
            lastComplaint = now;
            failures = 0;
            closed = 0;
        }
        return freed > 0 ? SHORT_REST_MILLIS : REST_MILLIS;
    }

    /** Stands before the acceptor, which would rest for a second and log each failure. */
    private final class Guard extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof IOException failure)) {
                ctx.fireExceptionCaught(cause);
                return;
            }
            if (!ctx.channel().config().isAutoRead()) {
                return; // it rests already
            }
            ctx.channel().config().setAutoRead(false);
            long rest = failed(ctx.channel().localAddress(), failure);
            ctx.channel()
                    .eventLoop()
                    .schedule(() -> ctx.channel().config().setAutoRead(true), rest, TimeUnit.MILLISECONDS);
        }
    }
}
