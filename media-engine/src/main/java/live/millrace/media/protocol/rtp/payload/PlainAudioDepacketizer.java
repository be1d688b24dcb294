// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.g711.G711;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.rtp.packet.RtpPacket;
import live.millrace.media.protocol.sdp.PayloadFormat;
import org.jspecify.annotations.Nullable;

/** Sound whose payload is a frame as it stands: Opus (RFC 7587), G.711 (RFC 3551 §4.5.14). */
final class PlainAudioDepacketizer extends AudioDepacketizer {
    /** The first byte of an Opus packet (RFC 6716 §3.1). */
    private static final int STEREO_FLAG = 4;

    private final int channels;
    private final @Nullable G711 g711;
    private TrackFormat.@Nullable Audio format;

    private PlainAudioDepacketizer(int trackId, PayloadFormat described, @Nullable G711 g711, FrameSink sink) {
        super(trackId, described.clockRate(), sink);
        this.channels = described.channels();
        this.g711 = g711;
    }

    static PlainAudioDepacketizer opus(int trackId, PayloadFormat described, FrameSink sink) {
        return new PlainAudioDepacketizer(trackId, described, null, sink);
    }

    static PlainAudioDepacketizer g711(int trackId, G711 law, PayloadFormat described, FrameSink sink) {
        return new PlainAudioDepacketizer(trackId, described, law, sink);
    }

    @Override
    void read(RtpPacket packet, long time) {
        ByteBuf payload = packet.payload();
        if (!payload.isReadable()) {
            return;
        }
        TrackFormat.Audio known = format;
        if (known == null) {
            known = g711 == null ? opus(payload) : g711.format(payload, Math.min(2, channels));
            format = known;
        }
        if (known instanceof Opus.Format) {
            Opus.CODEC.check(payload);
        }
        sound(known, time, 0, payload);
    }

    /** The description always says two channels (RFC 7587 §7); the first packet knows. */
    private static Opus.Format opus(ByteBuf packet) {
        int toc = packet.getByte(packet.readerIndex());
        int channels = (toc & STEREO_FLAG) != 0 ? 2 : 1;
        return new Opus.Format(new OpusHead(channels, 0, OpusHead.SAMPLE_RATE, 0, 0, List.of()));
    }
}
