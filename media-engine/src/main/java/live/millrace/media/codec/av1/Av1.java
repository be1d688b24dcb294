// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.av1;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;
import org.jspecify.annotations.Nullable;

/** AV1: temporal units of OBUs with their sizes (AV1 in ISO base media). Transport streams have no place for it. */
public final class Av1 implements CodecEntry.Video {
    public static final Av1 CODEC = new Av1();

    private static final CodecNames NAMES =
            CodecNames.of("AV1", FlvCodecId.extended(FourCc.of("av01")), SampleEntryType.of("av01", "av1C"));

    private Av1() {}

    @Override
    public CodecNames names() {
        return NAMES;
    }

    @Override
    public boolean reorders() {
        return false;
    }

    @Override
    public Configuration configuration(ByteBuf in) {
        Av1CodecConfigurationRecord record = Av1CodecConfigurationRecord.parse(in);
        return record.sequenceHeader()
                .<Configuration>map(header -> new Configuration.Whole(format(record, header)))
                .orElseGet(() -> new Configuration.Sizeless(
                        keyFrame -> Av1SequenceHeader.find(keyFrame).map(header -> format(record, header))));
    }

    private static Format format(Av1CodecConfigurationRecord record, Av1SequenceHeader header) {
        return new Format(record, header.width(), header.height());
    }

    /** The format of a track. */
    public record Format(Av1CodecConfigurationRecord configuration, int width, int height)
            implements TrackFormat.Video {
        @Override
        public Av1 codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return configuration.codecString();
        }

        @Override
        public PictureFormat picture() {
            return configuration.picture();
        }

        @Override
        public TrackFormat.Picture inspect(ByteBuf accessUnit, boolean key) {
            return TrackFormat.Picture.of(accessUnit, key);
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
        public @Nullable TransportCoding transport() {
            return null;
        }
    }
}
