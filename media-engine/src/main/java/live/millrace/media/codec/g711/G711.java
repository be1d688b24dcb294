// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.g711;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.CodecNames;
import live.millrace.media.codec.FlvCodecId;
import live.millrace.media.codec.SampleEntryType;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.TransportCoding;
import org.jspecify.annotations.Nullable;

/** ITU-T G.711, 8 bits a sample at 8 kHz. No browser and no HLS player decodes it, and transport streams have no place for it. */
public enum G711 implements CodecEntry.SelfDescribingAudio {
    A_LAW("G.711 A-law", 7, "alaw"),
    MU_LAW("G.711 µ-law", 8, "ulaw");

    private static final int SAMPLE_RATE = 8_000;

    private final CodecNames names;

    G711(String displayName, int flvId, String sampleEntry) {
        this.names = CodecNames.of(displayName, FlvCodecId.classicAlone(flvId), SampleEntryType.of(sampleEntry));
    }

    @Override
    public CodecNames names() {
        return names;
    }

    @Override
    public boolean inSegments() {
        return false;
    }

    @Override
    public Format format(ByteBuf frames, int channels) {
        return new Format(this, channels);
    }

    /** The format of a track. */
    public record Format(G711 codec, int channels) implements TrackFormat.Audio {
        @Override
        public String codecString() {
            return codec.sampleEntry().type().text();
        }

        @Override
        public int sampleRate() {
            return SAMPLE_RATE;
        }

        /** 20 ms. */
        @Override
        public int samplesPerFrame() {
            return SAMPLE_RATE / 50;
        }

        @Override
        public int samples(ByteBuf payload) {
            return Math.max(1, payload.readableBytes() / channels);
        }

        @Override
        public void writeConfiguration(ByteBuf out) {
            // each frame tells all
        }

        @Override
        public void writeConfigurationBox(ByteBuf out) {
            // the sample entry's type says it all
        }

        @Override
        public @Nullable TransportCoding transport() {
            return null;
        }
    }
}
