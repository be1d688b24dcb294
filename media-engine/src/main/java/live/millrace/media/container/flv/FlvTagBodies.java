// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import live.millrace.media.amf.Amf0Writer;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.flac.FlacStreamInfo;
import live.millrace.media.codec.h264.AvcDecoderConfigurationRecord;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.time.Timescale;

/**
 * Frames to FLV tag bodies, which RTMP messages carry as well: H.264, AAC, MP3 and G.711 in the classic form that every player
 * knows, the others as Enhanced RTMP v2 has them. The default tracks alone.
 */
public final class FlvTagBodies {
    /** Tag types, which are RTMP message types too. */
    public static final int AUDIO = 8;

    public static final int VIDEO = 9;
    public static final int SCRIPT = 18;

    private static final int CLASSIC_H264 = 7;
    private static final int KEY = 1;
    private static final int INTER = 2;
    private static final int EXTENDED = 0x80;
    private static final int EXTENDED_AUDIO = 0x90;
    private static final int SEQUENCE_START = 0;
    private static final int CODED_FRAMES = 1;
    private static final int CODED_FRAMES_X = 3;

    /** Format 10, 44 kHz, 16 bits, stereo: what AAC always says (FLV 10.1 §E.4.2.1). */
    private static final int CLASSIC_AAC = 0xAF;

    private FlvTagBodies() {}

    /** The tag type of a track's media. */
    public static int type(Track track) {
        return track.isVideo() ? VIDEO : AUDIO;
    }

    /** A frame's decode time as its tag tells it: ms, on a clock that never wraps. */
    public static long millis(MediaFrame frame) {
        return Timescale.convert(frame.decodeTime(), frame.track().timescale(), Timescale.MILLIS);
    }

    /** Writes the body of a track's sequence header; nothing when its codec has none. */
    public static void configuration(Track track, ByteBuf out) {
        switch (track.format()) {
            case TrackFormat.H264(AvcDecoderConfigurationRecord record) -> {
                out.writeByte(KEY << 4 | CLASSIC_H264).writeByte(0).writeMedium(0);
                record.write(out);
            }
            case TrackFormat.H265(HevcDecoderConfigurationRecord record) -> {
                out.writeByte(EXTENDED | KEY << 4 | SEQUENCE_START);
                fourCc("hvc1", out);
                record.write(out);
            }
            case TrackFormat.Av1 av1 -> {
                out.writeByte(EXTENDED | KEY << 4 | SEQUENCE_START);
                fourCc("av01", out);
                av1.configuration().write(out);
            }
            case TrackFormat.Vp9 vp9 -> {
                out.writeByte(EXTENDED | KEY << 4 | SEQUENCE_START);
                fourCc("vp09", out);
                vp9.configuration().write(out);
            }
            case TrackFormat.Aac(AudioSpecificConfig config) -> {
                out.writeByte(CLASSIC_AAC).writeByte(0);
                config.write(out);
            }
            case TrackFormat.Opus(OpusHead head) -> {
                out.writeByte(EXTENDED_AUDIO | SEQUENCE_START);
                fourCc("Opus", out);
                head.write(out);
            }
            case TrackFormat.Flac(FlacStreamInfo info) -> {
                out.writeByte(EXTENDED_AUDIO | SEQUENCE_START);
                fourCc("fLaC", out);
                info.write(out);
            }
            case TrackFormat.Mp3 _, TrackFormat.Ac3 _, TrackFormat.G711 _ -> {
                // each frame tells all
            }
        }
    }

    /** Writes what stands before a frame's payload. */
    public static void prefix(MediaFrame frame, ByteBuf out) {
        int frameType = frame.randomAccessPoint() ? KEY : INTER;
        switch (frame.track().format()) {
            case TrackFormat.H264 _ ->
                out.writeByte(frameType << 4 | CLASSIC_H264).writeByte(1).writeMedium(offset(frame));
            case TrackFormat.H265 _ -> {
                int offset = offset(frame);
                out.writeByte(EXTENDED | frameType << 4 | (offset == 0 ? CODED_FRAMES_X : CODED_FRAMES));
                fourCc("hvc1", out);
                if (offset != 0) {
                    out.writeMedium(offset);
                }
            }
            case TrackFormat.Av1 _ -> {
                out.writeByte(EXTENDED | frameType << 4 | CODED_FRAMES);
                fourCc("av01", out);
            }
            case TrackFormat.Vp9 _ -> {
                out.writeByte(EXTENDED | frameType << 4 | CODED_FRAMES);
                fourCc("vp09", out);
            }
            case TrackFormat.Aac _ -> out.writeByte(CLASSIC_AAC).writeByte(1);
            case TrackFormat.Mp3 mp3 -> out.writeByte(classicSound(2, mp3.sampleRate(), mp3.channels()));
            case TrackFormat.G711 g711 -> out.writeByte(classicSound(g711.aLaw() ? 7 : 8, 0, g711.channels()));
            case TrackFormat.Opus _ -> {
                out.writeByte(EXTENDED_AUDIO | CODED_FRAMES);
                fourCc("Opus", out);
            }
            case TrackFormat.Flac _ -> {
                out.writeByte(EXTENDED_AUDIO | CODED_FRAMES);
                fourCc("fLaC", out);
            }
            case TrackFormat.Ac3 ac3 -> {
                out.writeByte(EXTENDED_AUDIO | CODED_FRAMES);
                fourCc(ac3.codecString(), out);
            }
        }
    }

    /** Presentation less decode time, so that both are rounded to milliseconds alike. */
    private static int offset(MediaFrame frame) {
        int timescale = frame.track().timescale();
        return (int) (Timescale.convert(frame.presentationTime(), timescale, Timescale.MILLIS) - millis(frame));
    }

    private static int classicSound(int format, int sampleRate, int channels) {
        int rate = sampleRate >= 44_100 ? 3 : sampleRate >= 22_050 ? 2 : sampleRate >= 11_025 ? 1 : 0;
        return format << 4 | rate << 2 | 1 << 1 | (channels > 1 ? 1 : 0);
    }

    private static void fourCc(String code, ByteBuf out) {
        out.writeCharSequence(code, StandardCharsets.US_ASCII);
    }

    /** Writes {@code onMetaData} with an ECMA array, as players expect it in the first script tag. */
    public static void metadata(List<Track> tracks, ByteBuf out) {
        Map<String, AmfValue> facts = new LinkedHashMap<>();
        facts.put("duration", AmfValue.of(0));
        for (Track track : tracks) {
            switch (track.format()) {
                case TrackFormat.Video video -> {
                    facts.put("width", AmfValue.of(video.width()));
                    facts.put("height", AmfValue.of(video.height()));
                    facts.put("videocodecid", AmfValue.of(videoCodecId(video)));
                }
                case TrackFormat.Audio audio -> {
                    facts.put("audiosamplerate", AmfValue.of(audio.sampleRate()));
                    facts.put("audiochannels", AmfValue.of(audio.channels()));
                    facts.put("stereo", new AmfValue.Bool(audio.channels() > 1));
                    facts.put("audiocodecid", AmfValue.of(audioCodecId(audio)));
                }
            }
        }
        facts.put("encoder", AmfValue.of("Millrace"));
        Amf0Writer.write(out, AmfValue.of("onMetaData"));
        out.writeByte(0x08).writeInt(facts.size());
        facts.forEach((name, value) -> {
            out.writeShort(ByteBufUtil.utf8Bytes(name));
            out.writeCharSequence(name, StandardCharsets.UTF_8);
            Amf0Writer.write(out, value);
        });
        out.writeMedium(0x000009);
    }

    /** Enhanced RTMP: a FourCC as a number stands where the classic ids have no entry. */
    private static double videoCodecId(TrackFormat.Video video) {
        return switch (video) {
            case TrackFormat.H264 _ -> CLASSIC_H264;
            case TrackFormat.H265 _ -> 0x6876_6331;
            case TrackFormat.Av1 _ -> 0x6176_3031;
            case TrackFormat.Vp9 _ -> 0x7670_3039;
        };
    }

    private static double audioCodecId(TrackFormat.Audio audio) {
        return switch (audio) {
            case TrackFormat.Aac _ -> 10;
            case TrackFormat.Mp3 _ -> 2;
            case TrackFormat.G711 g711 -> g711.aLaw() ? 7 : 8;
            case TrackFormat.Opus _ -> 0x4F70_7573;
            case TrackFormat.Flac _ -> 0x664C_6143;
            case TrackFormat.Ac3 ac3 -> ac3.first().enhanced() ? 0x6563_2D33 : 0x6163_2D33;
        };
    }
}
