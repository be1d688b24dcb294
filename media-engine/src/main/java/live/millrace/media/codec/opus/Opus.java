// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.opus;

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

/** Opus (RFC 6716, RFC 7845; Opus in ISO base media; ETSI TS Opus in MPEG-TS). */
public final class Opus implements CodecEntry.ConfiguredAudio {
    public static final Opus CODEC = new Opus();

    private static final StreamType STREAM = StreamType.privateStream(0x06, "Opus");
    private static final CodecNames NAMES =
            CodecNames.of("Opus", FlvCodecId.extended(FourCc.of("Opus")), SampleEntryType.of("Opus", "dOps"), STREAM);

    /** No packet is longer (RFC 6716 §3.2.5: 48 frames of 1,275 bytes). */
    private static final int MAX_PACKET = 61_440;

    /** Before each packet in a transport stream: the control header's prefix, without trimming. */
    private static final int CONTROL_HEADER = 0x7FE0;

    private Opus() {}

    @Override
    public CodecNames names() {
        return NAMES;
    }

    @Override
    public Format configuration(ByteBuf record) {
        return new Format(OpusHead.parse(record));
    }

    /** The encapsulation of Opus in ISO base media §4.3.2: the fields of RFC 7845 in the other order of bytes. */
    @Override
    public Format configurationBox(ByteBuf box) {
        return new Format(OpusHead.parseBox(box));
    }

    @Override
    public void check(ByteBuf frame) {
        if (frame.readableBytes() > MAX_PACKET) {
            throw new MalformedMediaException("an Opus packet of " + frame.readableBytes() + " bytes");
        }
    }

    /** The format of a track. */
    public record Format(OpusHead head) implements TrackFormat.Audio, TransportCoding {
        @Override
        public Opus codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return "opus";
        }

        @Override
        public int sampleRate() {
            return OpusHead.SAMPLE_RATE;
        }

        @Override
        public int channels() {
            return head.channels();
        }

        @Override
        public int samplesPerFrame() {
            return OpusHead.SAMPLE_RATE / 50;
        }

        @Override
        public int samples(ByteBuf payload) {
            return OpusHead.samples(payload);
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            head.write(out);
        }

        /** Opus in ISO base media §4.3.2: the identification header with its most significant bytes first. */
        @Override
        public void writeConfigurationBox(ByteBuf out) {
            out.writeByte(0).writeByte(head.channels()).writeShort(head.preSkip());
            out.writeInt((int) head.inputSampleRate())
                    .writeShort(head.outputGain())
                    .writeByte(head.mappingFamily());
            head.mapping().forEach(each -> out.writeByte(each));
        }

        @Override
        public TransportCoding transport() {
            return this;
        }

        @Override
        public StreamType streamType() {
            return STREAM;
        }

        /** An extension descriptor (ETSI EN 300 468 §6.2.16) with channel_config_code. */
        @Override
        public void writeDescriptors(ByteBuf out) {
            out.writeByte(0x7F).writeByte(2).writeByte(0x80).writeByte(head.channels());
        }

        /** ETSI TS Opus in MPEG-TS §4: a control header, then the size in runs of 255. */
        @Override
        public void writeAccessUnit(ByteBuf accessUnit, boolean randomAccessPoint, ByteBuf out) {
            out.writeShort(CONTROL_HEADER);
            int size = accessUnit.readableBytes();
            for (; size >= 255; size -= 255) {
                out.writeByte(255);
            }
            out.writeByte(size);
            out.writeBytes(accessUnit, accessUnit.readerIndex(), accessUnit.readableBytes());
        }
    }
}
