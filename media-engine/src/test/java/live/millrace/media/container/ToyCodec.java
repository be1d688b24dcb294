// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container;

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

/** Pictures of grey: a configuration is the size in two bytes. All that a new codec needs, in one file. */
final class ToyCodec implements CodecEntry.Video {
    static final ToyCodec CODEC = new ToyCodec();

    private static final StreamType STREAM = StreamType.privateStream(0x06, "GREY");
    private static final CodecNames NAMES = CodecNames.of(
            "Grey", FlvCodecId.extended(FourCc.of("grey"), 13), SampleEntryType.of("gry1", "gryC"), STREAM);

    private ToyCodec() {}

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
        return new Configuration.Whole(new Format(record.readUnsignedByte(), record.readUnsignedByte()));
    }

    record Format(int width, int height) implements TrackFormat.Video, TransportCoding {
        @Override
        public ToyCodec codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return "gry1";
        }

        @Override
        public PictureFormat picture() {
            return new PictureFormat(8, PictureFormat.Chroma.MONOCHROME, false);
        }

        @Override
        public TrackFormat.Picture inspect(ByteBuf accessUnit, boolean key) {
            return TrackFormat.Picture.of(accessUnit, key);
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            out.writeByte(width).writeByte(height);
        }

        @Override
        public void writeConfigurationBox(ByteBuf out) {
            writeConfiguration(out);
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
            out.writeBytes(accessUnit, accessUnit.readerIndex(), accessUnit.readableBytes());
        }
    }
}
