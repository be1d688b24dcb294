// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.function.Function;
import live.millrace.media.bytes.Releasing;
import org.jspecify.annotations.Nullable;

/**
 * One socket that a feed writes to. It is skipped to the next random access point when too much waits for it, and closed
 * when it takes nothing for too long. Confined to its channel's event loop.
 */
public final class Viewer {
    private final ChannelHandlerContext out;
    private final Channel socket;
    private final @Nullable Function<ByteBuf, Object> framing;
    private final Runnable onEnd;

    /** Its place in its group, so that it leaves without a search. */
    int place = -1;

    private boolean skipping;
    private long skippingSince;
    private long pendingThen;

    /** Which configuration it has; a skipped viewer may miss a change. */
    private int configuration;

    /**
     * Makes a viewer.
     *
     * @param out writes pass from here towards the socket
     * @param framing what each shared buffer becomes before it is written; null to write it as it is
     * @param onEnd run on the loop when the stream is over, after its last bytes were handed to the socket
     */
    public Viewer(ChannelHandlerContext out, @Nullable Function<ByteBuf, Object> framing, Runnable onEnd) {
        this.out = out;
        this.socket = out.channel();
        this.framing = framing;
        this.onEnd = onEnd;
    }

    Channel channel() {
        return socket;
    }

    /** A viewer that closes when the stream is over and everything was sent. */
    public static Viewer closing(ChannelHandlerContext out, @Nullable Function<ByteBuf, Object> framing) {
        return new Viewer(
                out,
                framing,
                () -> out.writeAndFlush(framing == null ? Unpooled.EMPTY_BUFFER : framing.apply(Unpooled.EMPTY_BUFFER))
                        .addListener(ChannelFutureListener.CLOSE));
    }

    /** The first bytes, in one write; takes the buffers over. */
    void begin(Iterable<ByteBuf> buffers, int version) {
        configuration = version;
        Releasing.handOver(buffers, this::write, ByteBuf::release);
        out.flush();
    }

    /** Hands a batch, which is borrowed, to the socket and answers true; or skips it. */
    boolean deliver(Batch batch, long now, FanoutTallies tallies, long stalledNanos) {
        long pending = pending();
        if (skipping) {
            if (pending < pendingThen) {
                pendingThen = pending;
                skippingSince = now;
            }
            if (!batch.randomAccessPoint() || pending > batch.pendingLimit() / 2) {
                if (now - skippingSince > stalledNanos) {
                    tallies.viewers().count(FanoutTallies.Event.STALLED);
                    socket.close();
                }
                return false;
            }
            skipping = false;
        } else if (pending > batch.pendingLimit()) {
            skipping = true;
            skippingSince = now;
            pendingThen = pending;
            tallies.viewers().count(FanoutTallies.Event.SKIPPED);
            return false;
        }
        if (configuration != batch.configuration()) {
            configuration = batch.configuration();
            if (batch.header() != null) {
                write(batch.header().retainedDuplicate());
            }
        }
        write(batch.bytes().retainedDuplicate());
        out.flush();
        return true;
    }

    private void write(ByteBuf bytes) {
        out.write(framing == null ? bytes : framing.apply(bytes), socket.voidPromise());
    }

    private long pending() {
        ChannelOutboundBuffer buffer = socket.unsafe().outboundBuffer();
        if (buffer != null) {
            return buffer.totalPendingWriteBytes();
        }
        // A stream of HTTP/2 has no buffer of its own, and counts all the same.
        return Math.max(0, socket.config().getWriteBufferHighWaterMark() - socket.bytesBeforeUnwritable());
    }

    void end() {
        if (socket.isActive()) {
            onEnd.run();
        }
    }
}
