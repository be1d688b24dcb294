// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.payload.RtpTrackWriter;
import live.millrace.media.protocol.rtsp.RtspHeaders;
import live.millrace.media.protocol.rtsp.RtspWriter;
import live.millrace.media.protocol.sdp.MediaDescription;
import live.millrace.media.protocol.sdp.SdpAttribute;
import live.millrace.media.protocol.sdp.SdpDirection;
import live.millrace.media.protocol.sdp.SessionDescription;

/** A publisher over RTSP, media over the same connection. */
final class RtspPublishClient extends RtspClient implements Sender {
    private final FrameClock frames;
    private final RtpTrackWriter video = writer(FrameClock.VIDEO, 96);
    private final RtpTrackWriter audio = writer(FrameClock.AUDIO, 97);

    RtspPublishClient(String name, int bitrate) {
        super(name);
        frames = new FrameClock(bitrate);
    }

    private static RtpTrackWriter writer(Track track, int payloadType) {
        return new RtpTrackWriter(
                PayloadFormats.packetizer(track.format()).orElseThrow(),
                payloadType,
                payloadType,
                0,
                0,
                RtpTrackWriter.USUAL_PAYLOAD,
                PooledByteBufAllocator.DEFAULT);
    }

    @Override
    void connected(ChannelHandlerContext ctx) {
        String description = new SessionDescription(
                        "bench", List.of(), List.of(medium("video", video, 0), medium("audio", audio, 1)))
                .write(1);
        RtspHeaders none = RtspHeaders.NONE;
        ask(
                ctx,
                "ANNOUNCE",
                address,
                none.with("Content-Type", "application/sdp"),
                description,
                _ -> setUp(
                        ctx,
                        0,
                        () -> setUp(ctx, 1, () -> ask(ctx, "RECORD", address, none, "", _ -> isReady(ctx.channel())))));
    }

    private static MediaDescription medium(String kind, RtpTrackWriter writer, int number) {
        return new MediaDescription(
                kind,
                0,
                "RTP/AVP",
                List.of(writer.format()),
                SdpDirection.SENDRECV,
                List.of(new SdpAttribute("control", "streamid=" + number)));
    }

    private void setUp(ChannelHandlerContext ctx, int track, Runnable then) {
        String transport = "RTP/AVP/TCP;unicast;interleaved=" + 2 * track + "-" + (2 * track + 1) + ";mode=record";
        ask(
                ctx,
                "SETUP",
                address + "/streamid=" + track,
                RtspHeaders.NONE.with("Transport", transport),
                "",
                _ -> then.run());
    }

    @Override
    void packet(int channel, ByteBuf packet) {
        // receiver reports
    }

    @Override
    public void begin(long firstNanos) {
        frames.begin(firstNanos);
    }

    @Override
    public void tick(Channel channel, long now) {
        frames.due(now, frame -> send(channel, frame));
    }

    private void send(Channel channel, MediaFrame frame) {
        boolean picture = frame.track().isVideo();
        ByteBuf out = channel.alloc().directBuffer(frame.payload().readableBytes() + 256);
        (picture ? video : audio).write(frame, packet -> {
            RtspWriter.writeFrameHeader(picture ? 0 : 2, packet.readableBytes(), out);
            out.writeBytes(packet);
            packet.release();
        });
        channel.writeAndFlush(out, channel.voidPromise());
    }

    @Override
    public int sent() {
        return frames.made();
    }
}
