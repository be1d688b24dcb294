// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.flac;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;
import org.jspecify.annotations.Nullable;

/** FLAC (RFC 9639). Transport streams have no place for it. */
public final class Flac implements CodecEntry.ConfiguredAudio {
    public static final Flac CODEC = new Flac();

    private static final CodecNames NAMES =
            CodecNames.of("FLAC", FlvCodecId.extended(FourCc.of("fLaC")), SampleEntryType.of("fLaC", "dfLa"));

    private Flac() {}

    @Override
    public CodecNames names() {
        return NAMES;
    }

    @Override
    public Format configuration(ByteBuf record) {
        return new Format(FlacStreamInfo.parse(record));
    }

    /** FLAC in ISO base media §3.3.2: metadata blocks without the marker. */
    @Override
    public Format configurationBox(ByteBuf box) {
        return new Format(FlacStreamInfo.parseBox(box));
    }

    @Override
    public void check(ByteBuf frame) {
        // a frame of 65,535 samples of eight channels may have any length that a message has
    }

    /** The format of a track. */
    public record Format(FlacStreamInfo info) implements TrackFormat.Audio {
        @Override
        public Flac codec() {
            return CODEC;
        }

        @Override
        public String codecString() {
            return "fLaC";
        }

        @Override
        public int sampleRate() {
            return info.sampleRate();
        }

        @Override
        public int channels() {
            return info.channels();
        }

        @Override
        public int samplesPerFrame() {
            return info.maxBlock();
        }

        @Override
        public int samples(ByteBuf payload) {
            return info.samples(payload);
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            info.write(out);
        }

        /** FLAC in ISO base media §3.3.2: a full box of metadata blocks. */
        @Override
        public void writeConfigurationBox(ByteBuf out) {
            out.writeInt(0); // version, flags
            info.writeBlock(out);
        }

        @Override
        public @Nullable TransportCoding transport() {
            return null;
        }
    }
}
