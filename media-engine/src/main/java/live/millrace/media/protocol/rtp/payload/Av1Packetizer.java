// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.Map;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.av1.Av1;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.sdp.PayloadFormat;
import live.millrace.media.time.Timescale;

/**
 * AV1 (RTP Payload Format for AV1, version 1.0 §4): one OBU, or a part of one, for each packet, without its size. The sequence header goes
 * before each random access point that lacks it.
 */
final class Av1Packetizer implements Packetizer {
    /** Aggregation header, which says that one element without a length follows. */
    private static final int ONE_ELEMENT = 1 << 4;

    private static final int CONTINUES = 0x80;
    private static final int CONTINUED = 0x40;
    private static final int NEW_SEQUENCE = 0x08;
    private static final int HAS_SIZE = 2;
    private static final int HAS_EXTENSION = 4;
    private static final int SEQUENCE_HEADER = 1;
    private static final int TEMPORAL_DELIMITER = 2;

    /** The record's fields before its OBUs. */
    private static final int RECORD_HEADER = 4;

    private final ByteBuf record = Unpooled.buffer();

    Av1Packetizer(Av1.Format format) {
        format.writeConfiguration(record);
    }

    /** Profile and level in the words of §7.2.1, out of the record's second and third byte. */
    @Override
    public PayloadFormat format(int payloadType) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int profileAndLevel = record.getUnsignedByte(1);
        parameters.put("profile", String.valueOf(profileAndLevel >> 5));
        parameters.put("level-idx", String.valueOf(profileAndLevel & 0x1F));
        parameters.put("tier", String.valueOf(record.getUnsignedByte(2) >> 7));
        return new PayloadFormat(payloadType, "AV1", Timescale.MPEG, 1, parameters);
    }

    @Override
    public void packetize(MediaFrame frame, Payloads out) {
        ByteBuf unit = frame.payload().slice();
        boolean fresh = frame.randomAccessPoint();
        if (fresh && !startsWithSequenceHeader(unit) && record.readableBytes() > RECORD_HEADER) {
            obus(record.slice(RECORD_HEADER, record.readableBytes() - RECORD_HEADER), true, false, out);
            fresh = false;
        }
        obus(unit, fresh, true, out);
    }

    /** Only a temporal delimiter stands before it. */
    private static boolean startsWithSequenceHeader(ByteBuf unit) {
        int at = unit.readerIndex();
        for (int i = 0; i < 2 && at + 1 < unit.writerIndex(); i++) {
            int type = unit.getByte(at) >> 3 & 15;
            if (type != TEMPORAL_DELIMITER) {
                return type == SEQUENCE_HEADER;
            }
            at += 2;
        }
        return false;
    }

    private static void obus(ByteBuf in, boolean newSequence, boolean lastOfUnit, Payloads out) {
        int flags = ONE_ELEMENT | (newSequence ? NEW_SEQUENCE : 0);
        while (in.isReadable()) {
            int header = in.readUnsignedByte();
            int extension = (header & HAS_EXTENSION) != 0 ? in.readUnsignedByte() : -1;
            ByteBuf payload = in.readSlice((header & HAS_SIZE) != 0 ? leb128(in) : in.readableBytes());
            if ((header >> 3 & 15) == TEMPORAL_DELIMITER) {
                continue;
            }
            obu(header & ~HAS_SIZE, extension, payload, flags, lastOfUnit && !in.isReadable(), out);
            flags = ONE_ELEMENT;
        }
    }

    private static void obu(int header, int extension, ByteBuf payload, int flags, boolean marker, Payloads out) {
        int head = extension < 0 ? 1 : 2;
        int size = payload.readableBytes();
        int at = 0;
        do {
            int before = 1 + (at == 0 ? head : 0);
            int part = Math.min(out.largest() - before, size - at);
            boolean end = at + part == size;
            ByteBuf packet = out.packet(before + part, marker && end, 0);
            packet.writeByte((at == 0 ? flags : ONE_ELEMENT | CONTINUES) | (end ? 0 : CONTINUED));
            if (at == 0) {
                packet.writeByte(header);
                if (extension >= 0) {
                    packet.writeByte(extension);
                }
            }
            packet.writeBytes(payload, payload.readerIndex() + at, part);
            at += part;
        } while (at < size);
    }

    private static int leb128(ByteBuf in) {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int part = in.readUnsignedByte();
            value |= (part & 0x7F) << shift;
            if ((part & 0x80) == 0) {
                return value;
            }
        }
        throw new MalformedMediaException("an OBU longer than its temporal unit");
    }
}
