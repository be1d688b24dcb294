// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h265;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.StreamType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;

/** H.265 (ISO/IEC 23008-2): access units of NAL units behind their lengths (14496-15), in transport streams Annex B. */
public final class H265 implements CodecEntry.Video {
    public static final H265 CODEC = new H265();

    private static final StreamType STREAM = StreamType.video(0x24, "HEVC");

    /** The id is in no specification: it is what Chinese encoders and cameras agreed on before Enhanced RTMP. */
    private static final CodecNames NAMES = CodecNames.of(
            "H.265",
            FlvCodecId.extended(FourCc.of("hvc1"), 12),
            SampleEntryType.of("hvc1", "hvcC").or("hev1"),
            STREAM);

    private H265() {}

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
        return new Configuration.Whole(new Format(HevcDecoderConfigurationRecord.parse(record)));
    }

    /** The format of a track. */
    public record Format(HevcDecoderConfigurationRecord configuration) implements TrackFormat.Video, TransportCoding {
        @Override
        public H265 codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public int width() {
            return configuration.width();
        }

        @Override
        public int height() {
            return configuration.height();
        }

        @Override
        public PictureFormat picture() {
            return configuration.picture();
        }

        @Override
        public TrackFormat.Picture inspect(ByteBuf accessUnit, boolean key) {
            HevcAccessUnit.Contents contents = HevcAccessUnit.inspect(accessUnit, configuration.lengthSize());
            if (contents.empty()) {
                return TrackFormat.Picture.NOTHING;
            }
            return contents.randomAccess() ? TrackFormat.Picture.RANDOM_ACCESS_POINT : TrackFormat.Picture.DEPENDENT;
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
            HevcAccessUnit.toAnnexB(accessUnit, configuration, randomAccessPoint, out);
        }
    }
}
