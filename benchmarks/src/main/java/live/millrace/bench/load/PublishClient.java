// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.HexFormat;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.RtmpMessageType;
import live.millrace.media.protocol.rtmp.chunk.ChunkWriter;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;
import live.millrace.media.protocol.rtmp.message.RtmpMessageWriter;

/**
 * A publisher of 25 pictures and 43 frames of sound a second, each sent by itself at its time. Each picture holds the nanosecond
 * at which it was sent. Confined to its event loop.
 */
final class PublishClient extends Client implements Sender {
    private static final int AUDIO = RtmpMessageType.AUDIO.id();
    private static final int VIDEO = RtmpMessageType.VIDEO.id();
    private static final int KEY_FRAME_EVERY = 50;
    private static final long PICTURE_NANOS = 40_000_000;
    private static final long SOUND_NANOS = 1_024 * 1_000_000_000L / 44_100;

    /** avcC of 640x360 baseline, and AudioSpecificConfig of 44.1 kHz stereo. */
    private static final byte[] AVC = HexFormat.of()
            .parseHex("1700000000" + "0142c01effe10019" + "6742c01eda0280bfe5c044000003000400000300c83c58ba80"
                    + "01000468ce0fc8");

    private final String name;
    private final int pictureBytes;
    private final int soundBytes;
    private long start;
    private long nextPicture;
    private long nextSound;
    private int pictures;
    private int sounds;

    /** @param bitrate bits per second; an eighth of a frame's worth of it is sound, 8 kB/s at most */
    PublishClient(String app, String name, int bitrate) {
        super(app);
        this.name = name;
        int soundRate = Math.min(8_000, bitrate / 8 / 4);
        this.soundBytes = Math.max(32, soundRate / 43);
        this.pictureBytes = Math.max(64, (bitrate / 8 - soundRate) / 25);
    }

    @Override
    void created(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(RtmpMessageWriter.command(
                ctx.alloc(), 1, "publish", 3, AmfValue.NULL, AmfValue.of(name), AmfValue.of("live")));
    }

    @Override
    void status(ChannelHandlerContext ctx, String code) {
        if (!code.equals("NetStream.Publish.Start")) {
            ctx.close();
            return;
        }
        ByteBuf out = ctx.alloc().buffer();
        ByteBuf avc = ctx.alloc().buffer().writeBytes(avc());
        ChunkWriter.message(6, 0, VIDEO, 1, avc, CHUNK_SIZE, out);
        avc.release();
        ByteBuf aac = ctx.alloc().buffer().writeBytes(HexFormat.of().parseHex("af001210"));
        ChunkWriter.message(4, 0, AUDIO, 1, aac, CHUNK_SIZE, out);
        aac.release();
        socket(ctx).writeAndFlush(out);
        isReady(ctx.channel());
    }

    static byte[] avc() {
        return AVC.clone();
    }

    private static ChannelHandlerContext socket(ChannelHandlerContext ctx) {
        return ctx.pipeline().firstContext();
    }

    @Override
    void media(RawMessage message) {
        // the server says nothing that matters
    }

    @Override
    public void begin(long firstNanos) {
        start = firstNanos;
        nextPicture = firstNanos;
        nextSound = firstNanos;
    }

    @Override
    public void tick(Channel channel, long now) {
        while (nextPicture <= now) {
            send(channel, VIDEO, pictureBytes, nextPicture);
            nextPicture += PICTURE_NANOS;
        }
        while (nextSound <= now) {
            send(channel, AUDIO, soundBytes, nextSound);
            nextSound += SOUND_NANOS;
        }
    }

    private void send(Channel channel, int type, int size, long at) {
        ByteBuf out = channel.alloc().directBuffer(size + 32);
        ChunkWriter.header(type == VIDEO ? 6 : 4, (at - start) / 1_000_000, size, type, 1, out);
        int left = size;
        if (type == VIDEO) {
            boolean key = pictures++ % KEY_FRAME_EVERY == 0;
            out.writeByte(key ? 0x17 : 0x27).writeByte(1).writeMedium(0);
            out.writeInt(size - 9).writeByte(key ? 0x65 : 0x41).writeLong(System.nanoTime());
            left -= 18;
        } else {
            sounds++;
            out.writeShort(0xAF01);
            left -= 2;
        }
        out.writeZero(left);
        channel.pipeline().firstContext().writeAndFlush(out, channel.voidPromise());
    }

    @Override
    public int sent() {
        return pictures + sounds;
    }
}
