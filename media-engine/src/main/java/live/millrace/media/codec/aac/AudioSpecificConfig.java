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
    private final int channels;

    private AudioSpecificConfig(byte[] bytes, int objectType, int rateIndex, int channelConfiguration, int channels) {
        this.bytes = bytes;
        this.objectType = objectType;
        this.rateIndex = rateIndex;
        this.channelConfiguration = channelConfiguration;
        this.channels = channels;
    }

    /**
     * Reads a configuration to the end of the buffer, which is borrowed.
     *
     * @throws MalformedMediaException if it is cut short
     * @throws UnsupportedMediaException if its frames are not those of AAC-LC and its kin
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
            return new AudioSpecificConfig(bytes, type, rate, channels, count(channels, bits));
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("AudioSpecificConfig cut short");
        }
    }

    /** §1.6.3.5, table 1.19; 0 is told by a program configuration behind the head of GASpecificConfig (§4.4.1). */
    private static int count(int configuration, BitReader bits) {
        return switch (configuration) {
            case 0 -> {
                bits.skip(1); // frameLengthFlag
                if (bits.flag()) { // dependsOnCoreCoder
                    bits.skip(14); // coreCoderDelay
                }
                bits.skip(1); // extensionFlag
                yield programChannels(bits);
            }
            case 1, 2, 3, 4, 5, 6 -> configuration;
            case 7, 12, 14 -> 8;
            case 11 -> 7;
            default -> throw new UnsupportedMediaException("AAC channel configuration " + configuration);
        };
    }

    /** §4.4.1.1: program_config_element, as far as its channels. */
    private static int programChannels(BitReader bits) {
        bits.skip(4 + 2 + 4); // element_instance_tag, object_type, sampling_frequency_index
        int elements = (int) (bits.bits(4) + bits.bits(4) + bits.bits(4)); // front, side, back
        int lowFrequency = (int) bits.bits(2);
        bits.skip(3 + 4); // num_assoc_data_elements, num_valid_cc_elements
        for (int mixdown = 0; mixdown < 2; mixdown++) { // mono, stereo
            if (bits.flag()) {
                bits.skip(4);
            }
        }
        if (bits.flag()) { // matrix_mixdown_idx_present
            bits.skip(3);
        }
        int channels = lowFrequency;
        for (int i = 0; i < elements; i++) {
            channels += bits.flag() ? 2 : 1; // element_is_cpe
            bits.skip(4);
        }
        if (channels == 0) {
            throw new MalformedMediaException("AAC without channels");
        }
        return channels;
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
        return channels;
    }

    /** Whether an ADTS header can say what it is: three bits are all that it has for the channels (§1.A.2.2.1). */
    public boolean fitsAdts() {
        return channelConfiguration >= 1 && channelConfiguration <= 7;
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
