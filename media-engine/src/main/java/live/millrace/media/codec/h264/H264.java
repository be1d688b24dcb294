// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h264;

import io.netty.buffer.ByteBuf;
import java.util.OptionalDouble;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.StreamType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;

/** H.264 (ISO/IEC 14496-10): access units of NAL units behind their lengths (14496-15), in transport streams Annex B. */
public final class H264 implements CodecEntry.Video {
    public static final H264 CODEC = new H264();

    private static final StreamType STREAM = StreamType.video(0x1B);
    private static final CodecNames NAMES = CodecNames.of(
            "H.264",
            FlvCodecId.classic(FourCc.of("avc1"), 7),
            SampleEntryType.of("avc1", "avcC").or("avc3"),
            STREAM);

    private H264() {}

    @Override
    public CodecNames names() {
        return NAMES;
    }

    @Override
    public boolean reorders() {
        return true;
    }

    @Override
    public Configuration configuration(ByteBuf record) {
        return new Configuration.Whole(new Format(AvcDecoderConfigurationRecord.parse(record)));
    }

    /** The format of a track. */
    public record Format(AvcDecoderConfigurationRecord configuration) implements TrackFormat.Video, TransportCoding {
        @Override
        public H264 codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public int width() {
            return configuration.sequenceParameterSet().width();
        }

        @Override
        public int height() {
            return configuration.sequenceParameterSet().height();
        }

        @Override
        public PictureFormat picture() {
            return configuration.sequenceParameterSet().picture();
        }

        @Override
        public OptionalDouble frameRate() {
            return configuration.sequenceParameterSet().frameRate();
        }

        @Override
        public TrackFormat.Picture inspect(ByteBuf accessUnit, boolean key) {
            LengthPrefixed.Contents contents = LengthPrefixed.inspect(accessUnit, configuration.lengthSize());
            if (contents.empty()) {
                return TrackFormat.Picture.NOTHING;
            }
            return contents.idr() || (key && contents.mayStart())
                    ? TrackFormat.Picture.RANDOM_ACCESS_POINT
                    : TrackFormat.Picture.DEPENDENT;
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            configuration.write(out);
        }

        @Override
        public void writeConfigurationBox(ByteBuf out) {
            configuration.write(out);
        }

        @Override
        public TransportCoding transport() {
            return this;
        }

        @Override
        public StreamType streamType() {
            return STREAM;
        }

        @Override
        public void writeAccessUnit(ByteBuf accessUnit, boolean randomAccessPoint, ByteBuf out) {
            LengthPrefixed.toAnnexB(accessUnit, configuration, randomAccessPoint, out);
        }
    }
}
