// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.vp9;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.PictureFormat;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;
import live.millrace.media.codec.vp.VpCodecConfigurationRecord;
import org.jspecify.annotations.Nullable;

/** VP9 (VP codec ISO media binding): its record tells no size, its key frames do. Transport streams have no place for it. */
public final class Vp9 implements CodecEntry.Video {
    public static final Vp9 CODEC = new Vp9();

    private static final CodecNames NAMES =
            CodecNames.of("VP9", FlvCodecId.extended(FourCc.of("vp09")), SampleEntryType.of("vp09", "vpcC"));

    private Vp9() {}

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
        VpCodecConfigurationRecord record = VpCodecConfigurationRecord.parse(in);
        return new Configuration.Sizeless(keyFrame ->
                Vp9FrameHeader.parse(keyFrame).map(header -> new Format(record, header.width(), header.height())));
    }

    /** The format of a track. */
    public record Format(VpCodecConfigurationRecord configuration, int width, int height) implements TrackFormat.Video {
        /** What a key frame, whose index is not moved, tells of itself; empty when it is none. */
        public static Optional<Format> ofKeyFrame(ByteBuf frame) {
            return Vp9FrameHeader.parse(frame)
                    .map(header -> new Format(header.configuration(), header.width(), header.height()));
        }

        @Override
        public Vp9 codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return configuration.codecString(NAMES.sampleEntry().type());
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

        /** §2.2: a full box of version 1. */
        @Override
        public void writeConfigurationBox(ByteBuf out) {
            out.writeByte(1).writeMedium(0);
            configuration.write(out);
        }

        @Override
        public @Nullable TransportCoding transport() {
            return null;
        }
    }
}
