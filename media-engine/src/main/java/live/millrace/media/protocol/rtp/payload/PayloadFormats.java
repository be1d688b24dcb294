// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import java.util.Locale;
import java.util.Optional;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.UnsupportedMediaException;
import live.millrace.media.codec.aac.Aac;
import live.millrace.media.codec.av1.Av1;
import live.millrace.media.codec.g711.G711;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.mp3.Mp3;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.vp8.Vp8;
import live.millrace.media.codec.vp9.Vp9;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.sdp.PayloadFormat;

/** Finds the payload format of a codec, by what descriptions call it or by a track's format. */
public final class PayloadFormats {
    private PayloadFormats() {}

    /**
     * Reads the payloads of a described format.
     *
     * @param trackId of the track that its frames are of
     * @param sink hears of the track before its first frame, on the thread of the packets
     * @throws UnsupportedMediaException if it is none that is carried
     */
    public static Depacketizer depacketizer(int trackId, PayloadFormat described, FrameSink sink) {
        return switch (described.encoding().toUpperCase(Locale.ROOT)) {
            case "H264" -> new H264Depacketizer(trackId, described, sink);
            case "H265" -> new H265Depacketizer(trackId, described, sink);
            case "VP8" -> new Vp8Depacketizer(trackId, sink);
            case "VP9" -> new Vp9Depacketizer(trackId, sink);
            case "AV1" -> new Av1Depacketizer(trackId, sink);
            case "MPEG4-GENERIC" -> new AacDepacketizer(trackId, described, sink);
            case "MP4A-LATM" -> new LatmDepacketizer(trackId, described, sink);
            case "OPUS" -> PlainAudioDepacketizer.opus(trackId, described, sink);
            case "PCMU" -> PlainAudioDepacketizer.g711(trackId, G711.MU_LAW, described, sink);
            case "PCMA" -> PlainAudioDepacketizer.g711(trackId, G711.A_LAW, described, sink);
            case "MPA" -> new MpegAudioDepacketizer(trackId, described, sink);
            default -> throw new UnsupportedMediaException(described.encoding());
        };
    }

    /** Writes the payloads of a track; empty when RTP has no place for its codec. */
    public static Optional<Packetizer> packetizer(TrackFormat format) {
        return switch (format) {
            case H264.Format h264 -> Optional.of(NalPacketizer.of(h264));
            case H265.Format h265 -> Optional.of(NalPacketizer.of(h265));
            case Vp8.Format _ -> Optional.of(new Vp8Packetizer());
            case Vp9.Format _ -> Optional.of(new Vp9Packetizer());
            case Av1.Format av1 -> Optional.of(new Av1Packetizer(av1));
            case Aac.Format aac -> Optional.of(new AacPacketizer(aac));
            case Opus.Format opus when opus.channels() <= 2 -> Optional.of(PlainAudioPacketizer.of(opus));
            case G711.Format g711 -> Optional.of(PlainAudioPacketizer.of(g711));
            case Mp3.Format _ -> Optional.of(new MpegAudioPacketizer());
            default -> Optional.empty();
        };
    }
}
