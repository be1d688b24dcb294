// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.opus;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;

/**
 * The identification header (RFC 7845 §5.1).
 *
 * @param preSkip samples to throw away at the start, at 48 kHz
 * @param inputSampleRate of the source, in Hz; tells nothing about decoding
 * @param mappingFamily 0: mono or stereo, 1: up to eight channels in Vorbis order
 * @param mapping stream count, coupled count and channel mapping; empty for family 0
 */
public record OpusHead(
        int channels,
        int preSkip,
        long inputSampleRate,
        int outputGain,
        int mappingFamily,
        java.util.List<Byte> mapping) {
    /** Decoders run at this rate, whatever the input was. */
    public static final int SAMPLE_RATE = 48_000;

    /** What an empty header stands for (Enhanced RTMP v2). */
    public static final OpusHead STEREO = new OpusHead(2, 0, SAMPLE_RATE, 0, 0, java.util.List.of());

    private static final int FIXED_BYTES = 19;
    private static final int BOX_BYTES = 11;
    private static final long MAGIC = 0x4F70_7573_4865_6164L; // OpusHead

    /**
     * Reads a header to the end of the buffer, which is borrowed. An empty one is stereo.
     *
     * @throws MalformedMediaException if it is no identification header
     */
    public static OpusHead parse(ByteBuf in) {
        if (!in.isReadable()) {
            return STEREO;
        }
        if (in.readableBytes() < FIXED_BYTES || in.readLong() != MAGIC || in.readUnsignedByte() >> 4 != 0) {
            throw new MalformedMediaException("not an Opus identification header");
        }
        int channels = in.readUnsignedByte();
        int preSkip = in.readUnsignedShortLE();
        long rate = in.readUnsignedIntLE();
        int gain = in.readShortLE();
        return mapped(channels, preSkip, rate, gain, in);
    }

    /**
     * Reads the box of a file to the end of the buffer, which is borrowed.
     *
     * @throws MalformedMediaException if it is none
     */
    public static OpusHead parseBox(ByteBuf in) {
        if (in.readableBytes() < BOX_BYTES || in.readUnsignedByte() != 0) {
            throw new MalformedMediaException("not the box of an Opus stream");
        }
        int channels = in.readUnsignedByte();
        int preSkip = in.readUnsignedShort();
        long rate = in.readUnsignedInt();
        int gain = in.readShort();
        return mapped(channels, preSkip, rate, gain, in);
    }

    private static OpusHead mapped(int channels, int preSkip, long rate, int gain, ByteBuf in) {
        int family = in.readUnsignedByte();
        if (channels < 1 || channels > 8 || (family == 0 && channels > 2)) {
            throw new MalformedMediaException("Opus of " + channels + " channels");
        }
        java.util.List<Byte> mapping = new java.util.ArrayList<>();
        if (family != 0) {
            if (in.readableBytes() < 2 + channels) {
                throw new MalformedMediaException("Opus channel mapping cut short");
            }
            for (int i = 0; i < 2 + channels; i++) {
                mapping.add(in.readByte());
            }
        }
        return new OpusHead(channels, preSkip, rate, gain, family, java.util.List.copyOf(mapping));
    }

    /** Writes the header as RFC 7845 has it. */
    public void write(ByteBuf out) {
        out.writeLong(MAGIC).writeByte(1).writeByte(channels);
        out.writeShortLE(preSkip)
                .writeIntLE((int) inputSampleRate)
                .writeShortLE(outputGain)
                .writeByte(mappingFamily);
        mapping.forEach(each -> out.writeByte(each));
    }

    /** Samples of a packet at 48 kHz (RFC 6716 §3.1); 960 when it tells nothing sensible. */
    public static int samples(ByteBuf packet) {
        int usual = SAMPLE_RATE / 50;
        if (!packet.isReadable()) {
            return usual;
        }
        int toc = packet.getUnsignedByte(packet.readerIndex());
        int configuration = toc >> 3;
        int frame;
        if (configuration < 12) {
            frame = switch (configuration & 3) {
                case 0 -> 480;
                case 1 -> 960;
                case 2 -> 1_920;
                default -> 2_880;
            };
        } else if (configuration < 16) {
            frame = (configuration & 1) == 0 ? 480 : 960;
        } else {
            frame = 120 << (configuration & 3);
        }
        int count = switch (toc & 3) {
            case 0 -> 1;
            case 1, 2 -> 2;
            default -> packet.readableBytes() < 2 ? 1 : packet.getUnsignedByte(packet.readerIndex() + 1) & 0x3F;
        };
        int samples = frame * Math.max(1, count);
        return samples > SAMPLE_RATE * 120 / 1_000 ? usual : samples; // §3.2.5: 120 ms at most
    }
}
