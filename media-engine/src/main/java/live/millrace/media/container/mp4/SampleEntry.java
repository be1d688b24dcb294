// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mp4;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.aac.AudioSpecificConfig;
import live.millrace.media.codec.ac3.Ac3SyncFrame;
import live.millrace.media.codec.opus.OpusHead;
import live.millrace.media.frame.TrackFormat;

/** The sample entry of each codec (ISO/IEC 14496-12 §8.5.2, 14496-15, and the codecs' own bindings). */
final class SampleEntry {
    private static final int DATA_REFERENCE = 1;
    private static final int SEVENTY_TWO_DPI = 0x0048_0000;
    private static final int COMPRESSOR_NAME = 32;

    /** objectTypeIndication (ISO/IEC 14496-1 table 5). */
    private static final int AAC = 0x40;

    private static final int MPEG1_AUDIO = 0x6B;
    private static final int MPEG2_AUDIO = 0x69;

    private SampleEntry() {}

    static void write(TrackFormat format, ByteBuf out) {
        switch (format) {
            case TrackFormat.Video video -> video(video, out);
            case TrackFormat.Audio audio -> audio(audio, out);
        }
    }

    private static void video(TrackFormat.Video format, ByteBuf out) {
        String type = switch (format) {
            case TrackFormat.H264 _ -> "avc1";
            case TrackFormat.H265 _ -> "hvc1";
            case TrackFormat.Av1 _ -> "av01";
            case TrackFormat.Vp9 _ -> "vp09";
        };
        int entry = Box.begin(type, out);
        out.writeZero(6).writeShort(DATA_REFERENCE).writeZero(16);
        out.writeShort(format.width()).writeShort(format.height());
        out.writeInt(SEVENTY_TWO_DPI).writeInt(SEVENTY_TWO_DPI).writeInt(0);
        out.writeShort(1).writeZero(COMPRESSOR_NAME).writeShort(0x0018).writeShort(-1);
        switch (format) {
            case TrackFormat.H264 h264 -> {
                int box = Box.begin("avcC", out);
                h264.configuration().write(out);
                Box.end(box, out);
            }
            case TrackFormat.H265 h265 -> {
                int box = Box.begin("hvcC", out);
                h265.configuration().write(out);
                Box.end(box, out);
            }
            case TrackFormat.Av1 av1 -> {
                int box = Box.begin("av1C", out);
                av1.configuration().write(out);
                Box.end(box, out);
            }
            case TrackFormat.Vp9 vp9 -> {
                int box = Box.begin("vpcC", 1, 0, out);
                vp9.configuration().write(out);
                Box.end(box, out);
            }
        }
        Box.end(entry, out);
    }

    private static void audio(TrackFormat.Audio format, ByteBuf out) {
        String type = switch (format) {
            case TrackFormat.Aac _, TrackFormat.Mp3 _ -> "mp4a";
            case TrackFormat.Opus _ -> "Opus";
            case TrackFormat.Flac _ -> "fLaC";
            case TrackFormat.Ac3 ac3 -> ac3.codecString();
            case TrackFormat.G711 g711 -> g711.codecString();
        };
        int entry = Box.begin(type, out);
        out.writeZero(6).writeShort(DATA_REFERENCE).writeZero(8);
        out.writeShort(format.channels()).writeShort(16).writeZero(4);
        out.writeInt(format.sampleRate() > 0xFFFF ? 0 : format.sampleRate() << 16);
        switch (format) {
            case TrackFormat.Aac(AudioSpecificConfig config) -> {
                int esds = Box.begin("esds", 0, 0, out);
                elementaryStream(AAC, config, out);
                Box.end(esds, out);
            }
            case TrackFormat.Mp3 mp3 -> {
                int esds = Box.begin("esds", 0, 0, out);
                elementaryStream(mp3.mpeg1() ? MPEG1_AUDIO : MPEG2_AUDIO, null, out);
                Box.end(esds, out);
            }
            case TrackFormat.Opus(OpusHead head) -> {
                int box = Box.begin("dOps", out);
                out.writeByte(0).writeByte(head.channels()).writeShort(head.preSkip());
                out.writeInt((int) head.inputSampleRate())
                        .writeShort(head.outputGain())
                        .writeByte(head.mappingFamily());
                head.mapping().forEach(each -> out.writeByte(each));
                Box.end(box, out);
            }
            case TrackFormat.Flac flac -> {
                int box = Box.begin("dfLa", 0, 0, out);
                flac.info().writeBlock(out);
                Box.end(box, out);
            }
            case TrackFormat.Ac3(Ac3SyncFrame first) -> ac3(first, out);
            case TrackFormat.G711 _ -> {
                // the type says it all
            }
        }
        Box.end(entry, out);
    }

    /** ISO/IEC 14496-1 §7.2.6: the descriptors of an elementary stream, inside each other. */
    private static void elementaryStream(
            int objectType, @org.jspecify.annotations.Nullable AudioSpecificConfig config, ByteBuf out) {
        int specific = config == null ? 0 : 5 + config.length();
        descriptor(0x03, 3 + 5 + 13 + specific + 5 + 1, out);
        out.writeShort(0).writeByte(0); // ES_ID, flags
        descriptor(0x04, 13 + specific, out);
        out.writeByte(objectType).writeByte(0x15).writeZero(3 + 4 + 4); // audio stream; buffer and bit rates unknown
        if (config != null) {
            descriptor(0x05, config.length(), out);
            config.write(out);
        }
        descriptor(0x06, 1, out);
        out.writeByte(0x02);
    }

    private static void descriptor(int tag, int size, ByteBuf out) {
        out.writeByte(tag);
        out.writeByte(0x80 | (size >> 21))
                .writeByte(0x80 | (size >> 14))
                .writeByte(0x80 | (size >> 7))
                .writeByte(size & 0x7F);
    }

    /** ETSI TS 102 366 annex F.4 and F.6. */
    private static void ac3(Ac3SyncFrame first, ByteBuf out) {
        int low = first.lowFrequency() ? 1 : 0;
        if (first.enhanced()) {
            int box = Box.begin("dec3", out);
            out.writeShort(first.sizeCode() << 3);
            out.writeByte(first.rateCode() << 6 | first.bitStreamId() << 1);
            out.writeByte(first.bitStreamMode() << 4 | first.channelMode() << 1 | low);
            out.writeByte(0);
            Box.end(box, out);
            return;
        }
        int box = Box.begin("dac3", out);
        out.writeMedium(first.rateCode() << 22
                | first.bitStreamId() << 17
                | first.bitStreamMode() << 14
                | first.channelMode() << 11
                | low << 10
                | first.sizeCode() << 5);
        Box.end(box, out);
    }
}
