// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import live.millrace.media.codec.g711.G711;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** Sound whose payload is a frame as it stands: Opus (RFC 7587), which must not be cut, and G.711 (RFC 3551 §4.5.14), which may. */
final class PlainAudioPacketizer implements Packetizer {
    private final String encoding;
    private final int clockRate;
    private final int channels;
    private final Map<String, String> parameters;
    private final boolean divisible;

    private PlainAudioPacketizer(
            String encoding, int clockRate, int channels, Map<String, String> parameters, boolean divisible) {
        this.encoding = encoding;
        this.clockRate = clockRate;
        this.channels = channels;
        this.parameters = parameters;
        this.divisible = divisible;
    }

    /** §7: two channels are described, whatever they are. */
    static PlainAudioPacketizer of(Opus.Format format) {
        return new PlainAudioPacketizer(
                "opus",
                OpusHead.SAMPLE_RATE,
                2,
                format.channels() == 2 ? Map.of("sprop-stereo", "1") : Map.of(),
                false);
    }

    static PlainAudioPacketizer of(G711.Format format) {
        return new PlainAudioPacketizer(
                format.codec() == G711.A_LAW ? "PCMA" : "PCMU", format.sampleRate(), format.channels(), Map.of(), true);
    }

    @Override
    public PayloadFormat format(int payloadType) {
        return new PayloadFormat(payloadType, encoding, clockRate, channels, parameters);
    }

    @Override
    public void packetize(MediaFrame frame, Payloads out) {
        ByteBuf bytes = frame.payload();
        int size = bytes.readableBytes();
        int most = divisible ? out.largest() / channels * channels : size;
        for (int at = 0; at < size; at += most) {
            int part = Math.min(most, size - at);
            out.packet(part, false, divisible ? at / channels : 0).writeBytes(bytes, bytes.readerIndex() + at, part);
        }
    }
}
