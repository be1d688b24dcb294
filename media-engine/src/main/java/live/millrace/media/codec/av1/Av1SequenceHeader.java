// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.av1;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.MalformedMediaException;

/**
 * The part of an AV1 sequence header OBU that a server needs (AV1 §5.5).
 *
 * @param width the largest, in luma samples
 * @param height likewise
 */
public record Av1SequenceHeader(int width, int height) {
    private static final int SEQUENCE_HEADER = 1;

    /** A temporal unit has few OBUs before its sequence header; more is an attack on our loops. */
    private static final int MAX_OBUS = 16;

    /** No sequence header is longer. */
    private static final int MAX_BYTES = 4_096;

    /**
     * Looks for a sequence header among OBUs with sizes. Reads without moving the index.
     *
     * @throws MalformedMediaException if it is there and cut short
     */
    public static Optional<Av1SequenceHeader> find(ByteBuf obus) {
        int at = obus.readerIndex();
        int end = obus.writerIndex();
        for (int i = 0; i < MAX_OBUS && at < end; i++) {
            int header = obus.getUnsignedByte(at++);
            at += (header & 4) == 0 ? 0 : 1; // obu_extension_flag
            long size = 0;
            if ((header & 2) == 0) { // obu_has_size_field
                size = Math.max(0, end - at);
            } else {
                int shift = 0;
                int part;
                do {
                    if (at >= end || shift > 28) {
                        return Optional.empty();
                    }
                    part = obus.getUnsignedByte(at++);
                    size |= (long) (part & 0x7F) << shift;
                    shift += 7;
                } while ((part & 0x80) != 0);
            }
            if (size > end - at) {
                return Optional.empty();
            }
            if (((header >> 3) & 15) == SEQUENCE_HEADER) {
                byte[] payload = new byte[(int) Math.min(size, MAX_BYTES)];
                obus.getBytes(at, payload);
                return Optional.of(parse(payload));
            }
            at += (int) size;
        }
        return Optional.empty();
    }

    private static Av1SequenceHeader parse(byte[] payload) {
        try {
            BitReader in = new BitReader(payload);
            in.skip(4); // seq_profile, still_picture
            if (in.flag()) { // reduced_still_picture_header
                in.skip(5);
            } else {
                skipOperatingPoints(in);
            }
            int widthBits = (int) in.bits(4) + 1;
            int heightBits = (int) in.bits(4) + 1;
            return new Av1SequenceHeader((int) in.bits(widthBits) + 1, (int) in.bits(heightBits) + 1);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedMediaException("AV1 sequence header cut short");
        }
    }

    private static void skipOperatingPoints(BitReader in) {
        boolean decoderModel = false;
        int delayBits = 0;
        if (in.flag()) { // timing_info_present_flag
            in.skip(64);
            if (in.flag()) { // equal_picture_interval
                in.unsignedExpGolomb(); // uvlc() is read as ue(v) is
            }
            decoderModel = in.flag();
            if (decoderModel) {
                delayBits = (int) in.bits(5) + 1;
                in.skip(32 + 5 + 5);
            }
        }
        boolean displayDelay = in.flag();
        int points = (int) in.bits(5) + 1;
        for (int i = 0; i < points; i++) {
            in.skip(12); // operating_point_idc
            if (in.bits(5) > 7) {
                in.skip(1); // seq_tier
            }
            if (decoderModel && in.flag()) {
                in.skip(2 * delayBits + 1);
            }
            if (displayDelay && in.flag()) {
                in.skip(4);
            }
        }
    }
}
