// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import live.millrace.media.bytes.Releasing;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtsp.RtspWriter;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a feed writes for all to one player: as it is to whoever took all tracks over TCP on the usual channels, on others, or by UDP.
 * The first bytes wait until the answer to PLAY has been written, which tells where they begin. Everything that passes is media: answers
 * are written in front of it. Confined to the channel's event loop.
 */
final class RtspPlayout extends ChannelOutboundHandlerAdapter {
    /**
     * Where the packets of a track begin.
     *
     * @param sequence of its first packet; −1 when none is there
     * @param timestamp of the instant at which all tracks begin; −1 when it is not known
     */
    record Beginning(int sequence, long timestamp) {}

    private static final int SENDER_REPORT = 200;
    private static final int REPORT_TIMESTAMP = 16;
    private static final int CHANNELS = 256;

    /** By place; null for tracks that were not asked for. */
    private final @Nullable Leg[] legs;

    private final DatagramPorts.@Nullable Sockets sockets;
    private final RtspTallies tallies;
    private final Consumer<List<Beginning>> begins;
    private final boolean asItIs;
    private @Nullable List<ByteBuf> held = new ArrayList<>();
    private boolean wrote;

    /**
     * A way to one player.
     *
     * @param sockets null where nothing goes by UDP
     * @param begins told once of the first bytes, by place, before they are written
     */
    RtspPlayout(
            @Nullable Leg[] legs,
            DatagramPorts.@Nullable Sockets sockets,
            RtspTallies tallies,
            Consumer<List<Beginning>> begins) {
        this.legs = legs;
        this.sockets = sockets;
        this.tallies = tallies;
        this.begins = begins;
        boolean usual = true;
        for (int i = 0; i < legs.length; i++) {
            usual &= legs[i] instanceof Leg.Interleaved leg && leg.channels().rtp() == 2 * i;
        }
        this.asItIs = usual;
    }

    /** @param message a buffer of whole frames, taken over */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        List<ByteBuf> waiting = held;
        if (waiting != null) {
            waiting.add(bytes);
            promise.trySuccess();
        } else {
            out(ctx, bytes, promise);
        }
    }

    /** Nothing came yet: it begins without. */
    void beginAnyway() {
        List<ByteBuf> waiting = held;
        if (waiting != null && waiting.isEmpty()) {
            held = null;
            begins.accept(beginnings(waiting));
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        List<ByteBuf> waiting = held;
        if (waiting != null && !waiting.isEmpty()) {
            held = null;
            begins.accept(beginnings(waiting));
            Releasing.handOver(waiting, bytes -> out(ctx, bytes, ctx.voidPromise()), ByteBuf::release);
        }
        DatagramPorts.Sockets by = sockets;
        if (by != null && wrote) {
            wrote = false;
            by.rtcp().flush(); // so that a report is there before the packets that it is about
            by.rtp().flush();
        }
        ctx.flush();
    }

    private void out(ChannelHandlerContext ctx, ByteBuf bytes, ChannelPromise promise) {
        if (asItIs || !bytes.isReadable()) {
            ctx.write(bytes, promise);
            return;
        }
        try {
            ByteBuf between = null;
            int at = bytes.readerIndex();
            while (at < bytes.writerIndex()) {
                int channel = bytes.getUnsignedByte(at + 1);
                int length = bytes.getUnsignedShort(at + 2);
                at += RtspWriter.FRAME_HEADER;
                switch (channel / 2 < legs.length ? legs[channel / 2] : null) {
                    case null -> {
                        // not asked for
                    }
                    case Leg.Datagrams to -> datagram(to, channel % 2 == 1, bytes, at, length);
                    case Leg.Interleaved to -> {
                        between = between == null ? ctx.alloc().buffer(bytes.readableBytes()) : between;
                        RtspWriter.writeFrameHeader(to.channels().rtp() + channel % 2, length, between);
                        between.writeBytes(bytes, at, length);
                    }
                }
                at += length;
            }
            if (between == null) {
                promise.trySuccess();
            } else {
                ctx.write(between, promise);
            }
        } finally {
            bytes.release();
        }
    }

    private void datagram(Leg.Datagrams to, boolean rtcp, ByteBuf bytes, int at, int length) {
        DatagramPorts.Sockets by = sockets;
        if (by == null) {
            return;
        }
        Channel socket = rtcp ? by.rtcp() : by.rtp();
        if (!socket.isWritable()) {
            tallies.packets().count(RtspTallies.Packet.UNSENT); // late is as good as lost
            return;
        }
        InetSocketAddress where = rtcp ? to.rtcp() : to.rtp();
        socket.write(new DatagramPacket(bytes.retainedSlice(at, length), where), socket.voidPromise());
        wrote = true;
    }

    /** Reads the reports and the first packets, whose channels are the usual ones. */
    private List<Beginning> beginnings(List<ByteBuf> first) {
        int[] sequences = new int[CHANNELS];
        long[] stamps = new long[CHANNELS];
        java.util.Arrays.fill(sequences, -1);
        java.util.Arrays.fill(stamps, -1);
        for (ByteBuf bytes : first) {
            int at = bytes.readerIndex();
            while (at < bytes.writerIndex()) {
                int channel = bytes.getUnsignedByte(at + 1);
                int length = bytes.getUnsignedShort(at + 2);
                at += RtspWriter.FRAME_HEADER;
                int place = channel / 2;
                if (channel % 2 == 0 && length >= RtpPacket.HEADER && sequences[place] < 0) {
                    sequences[place] = bytes.getUnsignedShort(at + 2);
                } else if (channel % 2 == 1
                        && stamps[place] < 0
                        && length >= REPORT_TIMESTAMP + 4
                        && bytes.getUnsignedByte(at + 1) == SENDER_REPORT) {
                    stamps[place] = bytes.getUnsignedInt(at + REPORT_TIMESTAMP);
                }
                at += length;
            }
        }
        List<Beginning> found = new ArrayList<>();
        for (int i = 0; i < legs.length; i++) {
            found.add(new Beginning(sequences[i], stamps[i]));
        }
        return found;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        List<ByteBuf> waiting = held;
        held = null;
        if (waiting != null) {
            Releasing.all(waiting);
        }
    }
}
