// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FourCc;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.ac3.Ac3;
import live.millrace.media.codec.g711.G711;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.opus.Opus;
import live.millrace.media.codec.table.CodecTable;
import org.jspecify.annotations.Nullable;

/** Finds the reader of an elementary stream by what a program map says of it. */
public final class ElementaryStreams {
    private static final int AVC = 0x1B;
    private static final int HEVC = 0x24;
    private static final int ADTS = 0x0F;
    private static final int LATM = 0x11;
    private static final int MPEG1_AUDIO = 0x03;
    private static final int MPEG2_AUDIO = 0x04;
    private static final int PRIVATE = 0x06;

    // ATSC A/52 and its kin, where a registration says no other.
    private static final int ATSC_AC3 = 0x81;
    private static final int ATSC_EAC3 = 0x87;

    // What recorders say in program streams (GB/T 28181 annex C).
    private static final int A_LAW = 0x90;
    private static final int MU_LAW = 0x91;

    // Descriptors (ISO/IEC 13818-1 §2.6, ETSI EN 300 468 §6.1).
    private static final int REGISTRATION = 0x05;
    private static final int DVB_AC3 = 0x6A;
    private static final int DVB_EAC3 = 0x7A;
    private static final int DVB_DTS = 0x7B;
    private static final int DVB_EXTENSION = 0x7F;
    private static final int OPUS_EXTENSION = 0x80;

    private static final int STEREO = 2;

    /** What {@link #guess} answers where nothing tells. */
    public static final int UNKNOWN = -1;

    private static final int MOST_LOOKED_AT = 64;

    private ElementaryStreams() {}

    /** What a stream is to us. */
    public sealed interface Found {
        /** It is read. The taker releases it. */
        record Carried(ElementaryStream stream) implements Found {}

        /**
         * It is pictures or sound of a codec that is not carried.
         *
         * @param codec by the name that people know
         */
        record Unsupported(boolean video, String codec) implements Found {}

        /** It is neither picture nor sound, or nobody knows what. */
        record Ignored() implements Found {}
    }

    private record Described(@Nullable FourCc registration, int tag, int opusChannels) {}

    /**
     * Of a transport stream.
     *
     * @param type {@code stream_type}
     * @param descriptors of the stream, read to the end
     * @throws MalformedMediaException if they are longer than what they stand in
     */
    public static Found transport(int type, ByteBuf descriptors, ElementaryStream.Units units) {
        Described described = read(descriptors);
        FourCc registration = described.registration();
        return switch (type) {
            case AVC -> new Found.Carried(new H264Stream(units));
            case HEVC -> new Found.Carried(new H265Stream(units));
            case ADTS -> new Found.Carried(new AdtsStream(units));
            case LATM -> new Found.Carried(new LatmStream(units));
            case MPEG1_AUDIO, MPEG2_AUDIO -> new Found.Carried(new MpegAudioStream(units));
            case ATSC_AC3, ATSC_EAC3 -> new Found.Carried(new Ac3Stream(units));
            case PRIVATE -> privateStream(described, registration, units);
            case 0x01, 0x02 -> new Found.Unsupported(true, "MPEG-2 video");
            case 0x10 -> new Found.Unsupported(true, "MPEG-4 Part 2");
            case 0x21 -> new Found.Unsupported(true, "JPEG 2000");
            case 0x33 -> new Found.Unsupported(true, "H.266");
            case 0x42, 0xD2, 0xD4 -> new Found.Unsupported(true, "AVS");
            case 0xEA -> new Found.Unsupported(true, "VC-1");
            case 0x82, 0x85 -> new Found.Unsupported(false, "DTS");
            case 0x83 -> new Found.Unsupported(false, "TrueHD");
            case 0x1C, 0x2D, 0x2E -> new Found.Unsupported(false, "MPEG-H or raw AAC");
            default -> new Found.Ignored();
        };
    }

    /** Of a program stream, where recorders have some numbers of their own. */
    public static Found program(int type, ElementaryStream.Units units) {
        return switch (type) {
            case AVC -> new Found.Carried(new H264Stream(units));
            case HEVC -> new Found.Carried(new H265Stream(units));
            case ADTS -> new Found.Carried(new AdtsStream(units));
            case MPEG1_AUDIO, MPEG2_AUDIO -> new Found.Carried(new MpegAudioStream(units));
            case A_LAW -> new Found.Carried(new PlainSoundStream(new G711.Format(G711.A_LAW, 1), units));
            case MU_LAW -> new Found.Carried(new PlainSoundStream(new G711.Format(G711.MU_LAW, 1), units));
            case 0x01, 0x02 -> new Found.Unsupported(true, "MPEG-2 video");
            case 0x10 -> new Found.Unsupported(true, "MPEG-4 Part 2");
            case 0x80 -> new Found.Unsupported(true, "SVAC");
            case 0x92 -> new Found.Unsupported(false, "G.722.1");
            case 0x93 -> new Found.Unsupported(false, "G.723.1");
            case 0x99 -> new Found.Unsupported(false, "G.729");
            case 0x9B -> new Found.Unsupported(false, "SVAC sound");
            default -> new Found.Ignored();
        };
    }

    /**
     * What a stream is whose program map is missing, by the bytes that a packet of it begins with.
     *
     * @param bytes borrowed; the index is not moved
     * @return a type for {@link #program}, or {@link #UNKNOWN}
     */
    public static int guess(boolean video, ByteBuf bytes) {
        return video ? guessVideo(bytes) : guessSound(bytes);
    }

    /** By the head of the first NAL unit: those that begin a picture that can be decoded are told apart by it. */
    private static int guessVideo(ByteBuf bytes) {
        int end = Math.min(bytes.writerIndex(), bytes.readerIndex() + MOST_LOOKED_AT) - 4;
        for (int at = bytes.readerIndex(); at < end; at++) {
            if (bytes.getUnsignedMedium(at) == 1) {
                return switch (bytes.getUnsignedByte(at + 3)) {
                    case 0x09, 0x06, 0x25, 0x27, 0x28, 0x45, 0x47, 0x48, 0x65, 0x67, 0x68 -> AVC;
                    case 0x26, 0x40, 0x42, 0x44, 0x46, 0x4E -> HEVC;
                    default -> UNKNOWN;
                };
            }
        }
        return UNKNOWN;
    }

    /** Without a head of its own it is what most recorders send. */
    private static int guessSound(ByteBuf bytes) {
        if (bytes.readableBytes() < 2) {
            return UNKNOWN;
        }
        int head = bytes.getUnsignedShort(bytes.readerIndex());
        if ((head & 0xFFF6) == 0xFFF0) {
            return ADTS;
        }
        return (head & 0xFFE0) == 0xFFE0 && (head & 6) != 0 ? MPEG1_AUDIO : A_LAW;
    }

    private static Found privateStream(
            Described described, @Nullable FourCc registration, ElementaryStream.Units units) {
        if (described.tag() == DVB_AC3 || described.tag() == DVB_EAC3) {
            return new Found.Carried(new Ac3Stream(units));
        }
        if (described.tag() == DVB_DTS) {
            return new Found.Unsupported(false, "DTS");
        }
        if (registration == null) {
            return new Found.Ignored();
        }
        if (isOf(H265.CODEC, registration)) {
            return new Found.Carried(new H265Stream(units));
        }
        if (isOf(Ac3.AC3, registration) || isOf(Ac3.EAC3, registration)) {
            return new Found.Carried(new Ac3Stream(units));
        }
        if (isOf(Opus.CODEC, registration)) {
            int channels = described.opusChannels();
            return new Found.Carried(new OpusStream(channels == 0 ? STEREO : channels, units));
        }
        return CodecTable.ALL.entries().stream()
                .filter(entry -> entry.flv().fourCc().isPresent())
                .filter(entry -> entry.flv().fourCc().get().text().equalsIgnoreCase(registration.text()))
                .findFirst()
                .<Found>map(entry -> new Found.Unsupported(entry instanceof CodecEntry.Video, entry.displayName()))
                .orElseGet(Found.Ignored::new);
    }

    private static boolean isOf(CodecEntry codec, FourCc registration) {
        return codec.streamTypes().stream()
                .anyMatch(
                        type -> type.registration().filter(registration::equals).isPresent());
    }

    /** §2.6.1: each behind its tag and length. */
    private static Described read(ByteBuf descriptors) {
        FourCc registration = null;
        int told = 0;
        int channels = 0;
        while (descriptors.isReadable()) {
            if (descriptors.readableBytes() < 2) {
                throw new MalformedMediaException("descriptors cut short");
            }
            int tag = descriptors.readUnsignedByte();
            int length = descriptors.readUnsignedByte();
            if (length > descriptors.readableBytes()) {
                throw new MalformedMediaException("a descriptor longer than its stream's");
            }
            ByteBuf body = descriptors.readSlice(length);
            switch (tag) {
                case REGISTRATION -> {
                    if (length >= 4) {
                        registration = FourCc.read(body);
                    }
                }
                case DVB_AC3, DVB_EAC3, DVB_DTS -> told = tag;
                case DVB_EXTENSION -> {
                    if (length >= 2 && body.readUnsignedByte() == OPUS_EXTENSION) {
                        channels = body.readUnsignedByte();
                    }
                }
                default -> {
                    // languages, buffers, rates
                }
            }
        }
        return new Described(registration, told, channels);
    }
}
