// SPDX-License-Identifier: Apache-2.0
package live.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.dtls.DtlsKeys;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.payload.RtpTrackWriter;
import live.millrace.media.protocol.srtp.SrtpSender;
import org.jspecify.annotations.Nullable;

/** A publisher over WebRTC: what {@link FrameClock} makes, its sound as packets of Opus of the same sizes. Nothing is sent twice. */
final class WhipPublishClient extends WebrtcClient implements Sender {
    private static final int VIDEO = 108;
    private static final int SOUND = 111;
    private static final int PAYLOAD = 1_150;
    private static final int OPUS_TICKS = 960;

    private final FrameClock frames;
    private final RtpTrackWriter pictures = new RtpTrackWriter(
            PayloadFormats.packetizer(FrameClock.VIDEO.format()).orElseThrow(),
            VIDEO,
            1,
            0,
            0,
            PAYLOAD,
            PooledByteBufAllocator.DEFAULT);
    private @Nullable SrtpSender keys;
    private int sounds;

    WhipPublishClient(String name, int bitrate) {
        super("/live/" + name + "/whip", name);
        this.frames = new FrameClock(bitrate);
    }

    @Override
    String media() {
        return """
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 0.0.0.0
                a=mid:0
                a=sendonly
                a=rtcp-mux
                a=rtpmap:111 opus/48000/2
                m=video 9 UDP/TLS/RTP/SAVPF 108
                c=IN IP4 0.0.0.0
                a=mid:1
                a=sendonly
                a=rtcp-mux
                a=rtpmap:108 H264/90000
                a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
                """;
    }

    @Override
    void established(DtlsKeys all) {
        keys = new SrtpSender(all.ours());
    }

    @Override
    void packet(ByteBuf packet) {
        // What is asked for is on its way.
    }

    @Override
    public void begin(long firstNanos) {
        frames.begin(firstNanos);
    }

    @Override
    public void tick(Channel channel, long now) {
        frames.due(now, frame -> {
            if (frame.track().isVideo()) {
                pictures.write(frame, packet -> send(channel, packet));
            } else {
                send(channel, sound(channel, frame));
            }
            channel.flush();
        });
    }

    private ByteBuf sound(Channel channel, MediaFrame frame) {
        ByteBuf packet = channel.alloc().buffer();
        RtpPacket.writeHeader(false, SOUND, sounds & 0xFFFF, (long) sounds * OPUS_TICKS, 2, packet);
        sounds++;
        // 20 ms in one frame (RFC 6716 §3.1), of CELT
        packet.writeByte(0xF8)
                .writeBytes(
                        frame.payload(),
                        frame.payload().readerIndex(),
                        frame.payload().readableBytes() - 1);
        return packet;
    }

    private void send(Channel channel, ByteBuf packet) {
        ByteBuf out = channel.alloc().directBuffer();
        SrtpSender with = keys;
        boolean taken = with != null && with.protect(packet, out);
        packet.release();
        if (taken) {
            channel.write(out, channel.voidPromise());
        } else {
            out.release();
        }
    }

    @Override
    public int sent() {
        return frames.made();
    }
}
