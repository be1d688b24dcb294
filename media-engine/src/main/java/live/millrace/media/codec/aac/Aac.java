// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.aac;

import io.netty.buffer.ByteBuf;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

/** AAC (ISO/IEC 14496-3): raw data blocks, in transport streams behind ADTS headers. */
public final class Aac implements CodecEntry.ConfiguredAudio {
    public static final Aac CODEC = new Aac();

    private static final StreamType STREAM = StreamType.audio(0x0F);
    private static final CodecNames NAMES =
            CodecNames.of("AAC", FlvCodecId.classic(FourCc.of("mp4a"), 10), SampleEntryType.of("mp4a", "esds"), STREAM);

    /** objectTypeIndication (ISO/IEC 14496-1 table 5). */
    private static final int OBJECT_TYPE = 0x40;

    /** MPEG-2 AAC, by profile. */
    private static final Set<Integer> OBJECT_TYPES = Set.of(OBJECT_TYPE, 0x66, 0x67, 0x68);

    private Aac() {}

    @Override
    public CodecNames names() {
        return NAMES;
    }

    @Override
    public Format configuration(ByteBuf record) {
        return new Format(AudioSpecificConfig.parse(record));
    }

    @Override
    public boolean isOf(ByteBuf configurationBox) {
        return OBJECT_TYPES.contains(
                ElementaryStreamDescriptor.read(configurationBox).objectType());
    }

    @Override
    public Format configurationBox(ByteBuf box) {
        return configuration(ElementaryStreamDescriptor.read(box).specific());
    }

    @Override
    public void check(ByteBuf frame) {
        if (frame.readableBytes() > AudioSpecificConfig.MAX_ADTS_PAYLOAD) {
            throw new MalformedMediaException("an AAC frame of " + frame.readableBytes() + " bytes");
        }
    }

    /** The format of a track. */
    public record Format(AudioSpecificConfig configuration) implements TrackFormat.Audio, TransportCoding {
        @Override
        public Aac codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public int sampleRate() {
            return configuration.sampleRate();
        }

        @Override
        public int channels() {
            return configuration.channels();
        }

        @Override
        public int samplesPerFrame() {
            return AudioSpecificConfig.SAMPLES_PER_FRAME;
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            configuration.write(out);
        }

        @Override
        public void writeConfigurationBox(ByteBuf out) {
            ElementaryStreamDescriptor.write(OBJECT_TYPE, configuration.length(), configuration::write, out);
        }

        /** Only as far as ADTS can tell its channels. */
        @Override
        public @Nullable TransportCoding transport() {
            return configuration.fitsAdts() ? this : null;
        }

        @Override
        public StreamType streamType() {
            return STREAM;
        }

        @Override
        public void writeAccessUnit(ByteBuf accessUnit, boolean randomAccessPoint, ByteBuf out) {
            configuration.writeAdtsHeader(accessUnit.readableBytes(), out);
            out.writeBytes(accessUnit, accessUnit.readerIndex(), accessUnit.readableBytes());
        }
    }
}
