// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import live.millrace.media.container.mpegts.TsMuxer;
import live.millrace.media.frame.MediaFrame;

/**
 * A publisher over SRT that never sends twice: on loopback nothing is lost. Knows as much of the protocol as that takes. Confined to its event
 * loop.
 */
final class SrtPublishClient extends SimpleChannelInboundHandler<DatagramPacket> implements Sender {
    private static final int HEADER = 16;
    private static final int HANDSHAKE = 0x8000_0000;
    private static final int INDUCTION = 1;
    private static final int CONCLUSION = 0xFFFF_FFFF;

    /** Where fields of a handshake stand in its packet. */
    private static final int TYPE = HEADER + 20;

    private static final int SOCKET = HEADER + 24;
    private static final int COOKIE = HEADER + 28;

    /** HSREQ and CONFIG. */
    private static final int EXTENSIONS = 0x5;

    /** TSBPDSND, TSBPDRCV, TLPKTDROP, NAKREPORT, REXMIT. */
    private static final int FLAGS = 0x3B;

    /** Seven packets of a transport stream. */
    private static final int PAYLOAD = 1_316;

    private final byte[] streamId;
    private final FrameClock frames;
    private final TsMuxer muxer = new TsMuxer(PooledByteBufAllocator.DEFAULT);
    private final ByteBuf stream = PooledByteBufAllocator.DEFAULT.buffer();
    private final CompletableFuture<Channel> ready = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private int destination;
    private int sequence;

    SrtPublishClient(String name, int bitrate) {
        byte[] id = ("#!::r=live/" + name + ",m=publish").getBytes(StandardCharsets.UTF_8);
        streamId = Arrays.copyOf(id, (id.length + 3) / 4 * 4);
        frames = new FrameClock(bitrate);
        muxer.tracks(FrameClock.TRACKS);
        muxer.startSegment(false, stream);
    }

    @Override
    public CompletableFuture<Channel> start(EventLoopGroup loops, int port) {
        new Bootstrap()
                .group(loops)
                .channel(EpollDatagramChannel.class)
                .handler(this)
                .connect(InetAddress.getLoopbackAddress(), port)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        ready.completeExceptionally(connected.cause());
                    }
                });
        return ready;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        handshake(ctx, 4, 2, INDUCTION, 0, ctx.alloc().buffer(0));
    }

    private void handshake(
            ChannelHandlerContext ctx, int version, int extensions, int type, int cookie, ByteBuf blocks) {
        ByteBuf out = ctx.alloc().buffer();
        out.writeInt(HANDSHAKE).writeInt(0).writeInt(micros()).writeInt(0);
        out.writeInt(version).writeInt(extensions).writeInt(0).writeInt(1_500).writeInt(8_192);
        out.writeInt(type).writeInt(System.identityHashCode(this)).writeInt(cookie);
        out.writeInt(0x7F00_0001).writeZero(12).writeBytes(blocks);
        blocks.release();
        ctx.writeAndFlush(out);
    }

    private int micros() {
        return (int) ((System.nanoTime() - start) / 1_000);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket message) {
        ByteBuf packet = message.content();
        if (ready.isDone() || packet.readableBytes() < COOKIE + 4 || packet.getInt(packet.readerIndex()) != HANDSHAKE) {
            return; // acknowledgements
        }
        int at = packet.readerIndex();
        switch (packet.getInt(at + TYPE)) {
            case INDUCTION -> {
                ByteBuf blocks = ctx.alloc().buffer();
                blocks.writeShort(1).writeShort(3).writeInt(0x0001_0501).writeInt(FLAGS);
                blocks.writeShort(120).writeShort(120);
                blocks.writeShort(5).writeShort(streamId.length / 4);
                for (int i = 0; i < streamId.length; i += 4) {
                    for (int j = 3; j >= 0; j--) {
                        blocks.writeByte(streamId[i + j]);
                    }
                }
                handshake(ctx, 5, EXTENSIONS, CONCLUSION, packet.getInt(at + COOKIE), blocks);
            }
            case CONCLUSION -> {
                destination = packet.getInt(at + SOCKET);
                ready.complete(ctx.channel());
            }
            default -> ready.completeExceptionally(new IllegalStateException("refused: " + packet.getInt(at + TYPE)));
        }
    }

    @Override
    public void begin(long firstNanos) {
        frames.begin(firstNanos);
    }

    @Override
    public void tick(Channel channel, long now) {
        frames.due(now, frame -> send(channel, frame));
    }

    /** Each frame leaves at once, its last packet as short as it is. */
    private void send(Channel channel, MediaFrame frame) {
        muxer.write(frame, stream);
        while (stream.isReadable()) {
            int length = Math.min(PAYLOAD, stream.readableBytes());
            ByteBuf out = channel.alloc().directBuffer(HEADER + length);
            int number = sequence++;
            out.writeInt(number).writeInt(0xC000_0000 | (number + 1 & 0x03FF_FFFF));
            out.writeInt(micros()).writeInt(destination);
            out.writeBytes(stream, length);
            channel.write(out, channel.voidPromise());
        }
        stream.clear();
        channel.flush();
    }

    @Override
    public int sent() {
        return frames.made();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stream.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ready.completeExceptionally(cause);
        ctx.close();
    }
}
