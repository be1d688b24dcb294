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
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/**
 * Frames to FLV tag bodies, which RTMP messages carry as well: in the classic form that every player knows, or as Enhanced RTMP v2
 * has them, as each codec's {@link FlvCodecId} says. The default tracks alone.
 */
public final class FlvTagBodies {
    /** Tag types, which are RTMP message types too. */
    public static final int AUDIO = 8;

    public static final int VIDEO = 9;
    public static final int SCRIPT = 18;

    private static final int KEY = 1;
    private static final int INTER = 2;
    private static final int EXTENDED = 0x80;
    private static final int EXTENDED_AUDIO = 0x90;
    private static final int SEQUENCE_START = 0;
    private static final int CODED_FRAMES = 1;
    private static final int CODED_FRAMES_X = 3;

    /** 44 kHz, 16 bits, stereo: what AAC always says (FLV 10.1 §E.4.2.1). */
    private static final int CONFIGURED_SOUND = 0x0F;

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
        FlvCodecId id = track.format().codec().flv();
        switch (track.format().codec()) {
            case CodecEntry.Video _ -> {
                if (id.classic()) {
                    out.writeByte(KEY << 4 | id.id()).writeByte(SEQUENCE_START).writeMedium(0);
                } else {
                    extended(EXTENDED | KEY << 4 | SEQUENCE_START, id, out);
                }
            }
            case CodecEntry.ConfiguredAudio _ -> {
                if (id.classic()) {
                    out.writeByte(id.id() << 4 | CONFIGURED_SOUND).writeByte(SEQUENCE_START);
                } else {
                    extended(EXTENDED_AUDIO | SEQUENCE_START, id, out);
                }
            }
            case CodecEntry.SelfDescribingAudio _ -> {
                return;
            }
        }
        track.format().writeConfiguration(out);
    }

    /** Writes what stands before a frame's payload. */
    public static void prefix(MediaFrame frame, ByteBuf out) {
        switch (frame.track().format()) {
            case TrackFormat.Video video -> picture(video.codec(), frame, out);
            case TrackFormat.Audio audio -> sound(audio, out);
        }
    }

    private static void picture(CodecEntry.Video codec, MediaFrame frame, ByteBuf out) {
        FlvCodecId id = codec.flv();
        int frameType = frame.randomAccessPoint() ? KEY : INTER;
        if (id.classic()) {
            out.writeByte(frameType << 4 | id.id()).writeByte(CODED_FRAMES).writeMedium(offset(frame));
            return;
        }
        int offset = codec.reorders() ? offset(frame) : 0;
        boolean withoutField = codec.reorders() && offset == 0;
        extended(EXTENDED | frameType << 4 | (withoutField ? CODED_FRAMES_X : CODED_FRAMES), id, out);
        if (offset != 0) {
            out.writeMedium(offset);
        }
    }

    private static void sound(TrackFormat.Audio format, ByteBuf out) {
        FlvCodecId id = format.codec().flv();
        if (!id.classic()) {
            extended(EXTENDED_AUDIO | CODED_FRAMES, id, out);
            return;
        }
        switch (format.codec()) {
            case CodecEntry.ConfiguredAudio _ ->
                out.writeByte(id.id() << 4 | CONFIGURED_SOUND).writeByte(CODED_FRAMES);
            case CodecEntry.SelfDescribingAudio _ ->
                out.writeByte(classicSound(id.id(), format.sampleRate(), format.channels()));
        }
    }

    private static void extended(int first, FlvCodecId id, ByteBuf out) {
        out.writeByte(first);
        id.fourCc().orElseThrow().write(out);
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

    /** Writes {@code onMetaData} with an ECMA array, as players expect it in the first script tag. */
    public static void metadata(List<Track> tracks, ByteBuf out) {
        Map<String, AmfValue> facts = new LinkedHashMap<>();
        facts.put("duration", AmfValue.of(0));
        for (Track track : tracks) {
            switch (track.format()) {
                case TrackFormat.Video video -> {
                    facts.put("width", AmfValue.of(video.width()));
                    facts.put("height", AmfValue.of(video.height()));
                    facts.put("videocodecid", AmfValue.of(video.codec().flv().number()));
                }
                case TrackFormat.Audio audio -> {
                    facts.put("audiosamplerate", AmfValue.of(audio.sampleRate()));
                    facts.put("audiochannels", AmfValue.of(audio.channels()));
                    facts.put("stereo", new AmfValue.Bool(audio.channels() > 1));
                    facts.put("audiocodecid", AmfValue.of(audio.codec().flv().number()));
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
}
