// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.aac;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.UnsupportedMediaException;

/**
 * AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). Immutable; equal when its bytes are equal.
 */
public final class AudioSpecificConfig {
    /** Samples of one raw data block; 960 is for broadcasting formats that ADTS cannot carry. */
    public static final int SAMPLES_PER_FRAME = 1024;

    /** The header without CRC. */
    public static final int ADTS_HEADER = 7;

    /** A frame length has 13 bits in ADTS. */
    public static final int MAX_ADTS_PAYLOAD = (1 << 13) - 1 - ADTS_HEADER;

    private static final int[] SAMPLE_RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };
    private static final int ESCAPE_RATE = 15;
    private static final int ESCAPE_TYPE = 31;
    private static final int LOW_COMPLEXITY = 2;
    private static final int SPECTRAL_BAND_REPLICATION = 5;
    private static final int PARAMETRIC_STEREO = 29;
    private static final int MAX_BYTES = 1_024;

    private final byte[] bytes;
    private final int objectType;
    private final int rateIndex;
    private final int channelConfiguration;

    private AudioSpecificConfig(byte[] bytes, int objectType, int rateIndex, int channelConfiguration) {
        this.bytes = bytes;
        this.objectType = objectType;
        this.rateIndex = rateIndex;
        this.channelConfiguration = channelConfiguration;
    }

    /**
     * Reads a configuration to the end of the buffer, which is borrowed.
     *
     * @throws MalformedMediaException if it is cut short
     * @throws UnsupportedMediaException if ADTS cannot express it
     */
    public static AudioSpecificConfig parse(ByteBuf in) {
        if (in.readableBytes() > MAX_BYTES) {
            throw new MalformedMediaException("AudioSpecificConfig of " + in.readableBytes() + " bytes");
        }
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        try {
            BitReader bits = new BitReader(bytes);
            int type = objectType(bits);
            int rate = (int) bits.bits(4);
            if (rate == ESCAPE_RATE) {
                rate = indexOf((int) bits.bits(24));
            }
            int channels = (int) bits.bits(4);
            if (type == SPECTRAL_BAND_REPLICATION || type == PARAMETRIC_STEREO) {
                // Explicit signalling: the extension's rate, then the core codec's type.
                if (bits.bits(4) == ESCAPE_RATE) {
                    bits.skip(24);
                }
                type = objectType(bits);
            }
            if (type < 1 || type > 4) {
                throw new UnsupportedMediaException("AAC of audio object type " + type);
            }
            if (rate >= SAMPLE_RATES.length) {
                throw new MalformedMediaException("AAC sampling frequency index " + rate);
            }
            if (channels == 0 || channels > 7) {
                throw new UnsupportedMediaException("AAC channel configuration " + channels);
            }
            return new AudioSpecificConfig(bytes, type, rate, channels);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("AudioSpecificConfig cut short");
        }
    }

    private static int objectType(BitReader bits) {
        int type = (int) bits.bits(5);
        return type == ESCAPE_TYPE ? 32 + (int) bits.bits(6) : type;
    }

    private static int indexOf(int rate) {
        for (int i = 0; i < SAMPLE_RATES.length; i++) {
            if (SAMPLE_RATES[i] == rate) {
                return i;
            }
        }
        throw new UnsupportedMediaException("AAC at " + rate + " Hz");
    }

    /** The core codec's rate in Hz; spectral band replication doubles it in the decoder. */
    public int sampleRate() {
        return SAMPLE_RATES[rateIndex];
    }

    /** AAC-LC, and not merely the core of a high efficiency profile that says so. */
    public boolean lowComplexity() {
        return objectType == LOW_COMPLEXITY && bytes[0] >>> 3 == LOW_COMPLEXITY;
    }

    public int channels() {
        return channelConfiguration == 7 ? 8 : channelConfiguration;
    }

    /** Its length in bytes. */
    public int length() {
        return bytes.length;
    }

    /** Writes the configuration. */
    public void write(ByteBuf out) {
        out.writeBytes(bytes);
    }

    /** RFC 6381 */
    public String codecString() {
        return "mp4a.40." + (objectType == LOW_COMPLEXITY ? LOW_COMPLEXITY : objectType);
    }

    /**
     * Writes an ADTS header (§1.A.3.2) for a raw data block. High efficiency AAC is written as its core profile, which
     * decoders extend by themselves.
     *
     * @param payload bytes of the raw data block, at most {@value #MAX_ADTS_PAYLOAD}
     */
    public void writeAdtsHeader(int payload, ByteBuf out) {
        int length = payload + ADTS_HEADER;
        out.writeShort(0xFFF1); // syncword, MPEG-4, layer 0, no CRC
        out.writeByte((objectType - 1) << 6 | rateIndex << 2 | channelConfiguration >> 2);
        out.writeByte((channelConfiguration & 3) << 6 | length >> 11);
        out.writeByte(length >> 3);
        out.writeByte((length & 7) << 5 | 0x1F); // buffer fullness 0x7FF: variable rate
        out.writeByte(0xFC);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AudioSpecificConfig config && Arrays.equals(bytes, config.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return codecString();
    }
}
