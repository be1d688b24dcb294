// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.mp3;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.StreamType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;
import live.millrace.media.codec.mpeg4.ElementaryStreamDescriptor;

/** MP3 (ISO/IEC 11172-3 and 13818-3, layer III). Nothing plays it out of an MP4 but players that take transport streams as well. */
public final class Mp3 implements CodecEntry.SelfDescribingAudio {
    public static final Mp3 CODEC = new Mp3();

    private static final StreamType MPEG1_STREAM = StreamType.audio(0x03);
    private static final StreamType MPEG2_STREAM = StreamType.audio(0x04);

    private static final String NAME = "mp4a.40.34";

    /** What the names of files end with that are frames alone (RFC 3003). */
    public static final String FILE_SUFFIX = ".mp3";

    /** 14 is MP3 at 8 kHz. */
    private static final CodecNames NAMES = CodecNames.of(
            "MP3",
            FlvCodecId.classic(FourCc.of(".mp3"), 2, 14),
            SampleEntryType.of("mp4a", "esds"),
            MPEG1_STREAM,
            MPEG2_STREAM);

    /** objectTypeIndication (ISO/IEC 14496-1 table 5). */
    private static final int MPEG1_OBJECT_TYPE = 0x6B;

    private static final int MPEG2_OBJECT_TYPE = 0x69;

    private Mp3() {}

    @Override
    public CodecNames names() {
        return NAMES;
    }

    @Override
    public boolean isOf(ByteBuf configurationBox) {
        int type = ElementaryStreamDescriptor.read(configurationBox).objectType();
        return type == MPEG1_OBJECT_TYPE || type == MPEG2_OBJECT_TYPE;
    }

    @Override
    public boolean playsFromSegments() {
        return false;
    }

    @Override
    public Format format(ByteBuf frames, int channels) {
        Mp3FrameHeader header = Mp3FrameHeader.parse(frames, frames.readerIndex());
        return new Format(header.sampleRate(), header.channels(), header.mpeg1());
    }

    @Override
    public int length(ByteBuf frames) {
        int length = Mp3FrameHeader.parse(frames, frames.readerIndex()).frameLength();
        if (length > frames.readableBytes()) {
            throw new MalformedMediaException("an MP3 frame longer than its tag");
        }
        return length;
    }

    /** Whether it is what RFC 6381 calls this codec. */
    public static boolean isNamed(String codec) {
        return codec.equals(NAME);
    }

    /** The format of a track. MPEG-1 above 32 kHz, MPEG-2 below. */
    public record Format(int sampleRate, int channels, boolean mpeg1) implements TrackFormat.Audio, TransportCoding {
        @Override
        public Mp3 codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return NAME;
        }

        @Override
        public int samplesPerFrame() {
            return mpeg1 ? 1152 : 576;
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            // each frame tells all
        }

        @Override
        public void writeConfigurationBox(ByteBuf out) {
            ElementaryStreamDescriptor.write(mpeg1 ? MPEG1_OBJECT_TYPE : MPEG2_OBJECT_TYPE, out);
        }

        @Override
        public TransportCoding transport() {
            return this;
        }

        @Override
        public StreamType streamType() {
            return mpeg1 ? MPEG1_STREAM : MPEG2_STREAM;
        }

        @Override
        public void writeAccessUnit(ByteBuf accessUnit, boolean randomAccessPoint, ByteBuf out) {
            out.writeBytes(accessUnit, accessUnit.readerIndex(), accessUnit.readableBytes());
        }
    }
}
