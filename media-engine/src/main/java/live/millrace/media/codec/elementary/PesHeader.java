// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The head of a PES packet (ISO/IEC 13818-1 §2.4.3.6). Marker bits are not looked at: senders get them wrong.
 *
 * @param streamId what kind of stream
 * @param length bytes of the head itself, start code included
 * @param payload bytes behind the head; {@link #UNBOUNDED} for pictures whose end is where the next packet begins
 * @param presentation 33 bits at 90 kHz, or {@link #NONE}
 * @param decode the same; equal to presentation when only that is said
 */
public record PesHeader(int streamId, int length, int payload, long presentation, long decode) {
    /** No stamp. */
    public static final long NONE = -1;

    /** PES_packet_length 0. */
    public static final int UNBOUNDED = -1;

    /** No head is longer: nine bytes, and a length of eight bits. */
    public static final int MAX = 9 + 255;

    /** Start code, stream_id, PES_packet_length. */
    public static final int FIXED = 6;

    private static final int START_CODE = 0x000001;

    /** stuffing_byte of MPEG-1. */
    private static final int MOST_STUFFING = 16;

    /** What {@link #needed} answers to what is no PES packet. */
    public static final int BROKEN = -1;

    /**
     * How many bytes the head has, as far as can be told from those that are there.
     *
     * @param in read from its reader index, which is not moved
     * @return {@link #BROKEN} if it does not begin one; ask again when so many are there
     */
    public static int needed(ByteBuf in) {
        int there = in.readableBytes();
        int at = in.readerIndex();
        if (there >= 3 && in.getUnsignedMedium(at) != START_CODE) {
            return BROKEN;
        }
        if (there < FIXED) {
            return FIXED;
        }
        if (!hasFlags(in.getUnsignedByte(at + 3))) {
            return FIXED;
        }
        return there < FIXED + 3 ? FIXED + 3 : FIXED + 3 + in.getUnsignedByte(at + FIXED + 2);
    }

    /** Reads a head that is there as a whole; the index is not moved. */
    public static PesHeader parse(ByteBuf in) {
        int at = in.readerIndex();
        int streamId = in.getUnsignedByte(at + 3);
        int packet = in.getUnsignedShort(at + 4);
        if (!hasFlags(streamId)) {
            return new PesHeader(streamId, FIXED, packet, NONE, NONE);
        }
        int fields = in.getUnsignedByte(at + FIXED + 2);
        int payload = packet == 0 ? UNBOUNDED : Math.max(0, packet - 3 - fields);
        int flags = in.getUnsignedByte(at + FIXED + 1) >> 6;
        long presentation = NONE;
        long decode = NONE;
        if (flags >= 2 && fields >= 5) {
            presentation = stamp(in, at + FIXED + 3);
            decode = flags == 3 && fields >= 10 ? stamp(in, at + FIXED + 8) : presentation;
        }
        return new PesHeader(streamId, FIXED + 3 + fields, payload, presentation, decode);
    }

    /**
     * Reads the head of a whole packet of MPEG-1 (ISO/IEC 11172-1 §2.4.3.3), which has no flags; the index is not moved.
     *
     * @return null if it is broken
     */
    public static @Nullable PesHeader parseOld(ByteBuf packet) {
        int start = packet.readerIndex();
        int end = packet.writerIndex();
        int at = start + FIXED;
        while (at < end && at - start < FIXED + MOST_STUFFING && packet.getUnsignedByte(at) == 0xFF) {
            at++;
        }
        if (at + 2 < end && packet.getUnsignedByte(at) >> 6 == 1) {
            at += 2; // STD_buffer_size
        }
        int kind = at < end ? packet.getUnsignedByte(at) >> 4 : 0;
        int size = kind == 2 ? 5 : kind == 3 ? 10 : 1;
        if (at + size > end || (size == 1 && packet.getUnsignedByte(at) != 0x0F)) {
            return null;
        }
        long presentation = size > 1 ? stamp(packet, at) : NONE;
        long decode = size == 10 ? stamp(packet, at + 5) : presentation;
        return new PesHeader(
                packet.getUnsignedByte(start + 3), at + size - start, end - at - size, presentation, decode);
    }

    /** Table 2-21: maps, padding, private stream 2 and some others are bytes at once. */
    private static boolean hasFlags(int streamId) {
        return switch (streamId) {
            case 0xBC, 0xBE, 0xBF, 0xF0, 0xF1, 0xF2, 0xF8, 0xFF -> false;
            default -> true;
        };
    }

    /** §2.4.3.7: 33 bits in three parts. */
    private static long stamp(ByteBuf in, int at) {
        long high = in.getUnsignedByte(at) >> 1 & 7;
        long middle = in.getUnsignedShort(at + 1) >> 1;
        long low = in.getUnsignedShort(at + 3) >> 1;
        return high << 30 | middle << 15 | low;
    }

    /** Whether there is a stamp. */
    public boolean timed() {
        return presentation != NONE;
    }
}
