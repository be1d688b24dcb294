// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.payload;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.h264.AvcParameterSets;
import live.millrace.media.codec.h264.H264;
import live.millrace.media.codec.h264.NalUnitType;
import live.millrace.media.frame.FrameSink;
import live.millrace.media.protocol.sdp.PayloadFormat;
import org.jspecify.annotations.Nullable;

/** H.264 (RFC 6184), packetization modes 0 and 1: single NAL units, STAP-A, FU-A. */
final class H264Depacketizer extends NalDepacketizer {
    private static final int FIRST_AGGREGATE = 24;
    private static final int STAP_A = 24;
    private static final int FU_A = 28;
    private static final int RECOVERY_POINT = 6;
    private static final int TYPE = 0x1F;

    private final AvcParameterSets sets = new AvcParameterSets();

    H264Depacketizer(int trackId, PayloadFormat described, FrameSink sink) {
        super(trackId, sink);
        for (byte[] set : SpropParameterSets.of(described.parameters().get("sprop-parameter-sets"))) {
            try {
                if (AvcParameterSets.isOne(NalUnitType.of(set[0]))) {
                    sets.put(set);
                }
            } catch (MalformedMediaException e) {
                // the stream will bring its own
            }
        }
    }

    @Override
    void payload(ByteBuf payload) {
        int first = payload.getUnsignedByte(payload.readerIndex());
        switch (first & TYPE) {
            case STAP_A -> { // §5.7.1
                int at = payload.readerIndex() + 1;
                while (at < payload.writerIndex()) {
                    int size = payload.getUnsignedShort(at);
                    nalUnit(payload.slice(at + 2, size));
                    at += 2 + size;
                }
            }
            case FU_A -> { // §5.8
                int header = payload.getUnsignedByte(payload.readerIndex() + 1);
                int nalHeader = (first & ~TYPE) | (header & TYPE);
                ByteBuf rest = payload.slice(payload.readerIndex() + 2, payload.readableBytes() - 2);
                fragment((header & 0x80) != 0, (header & 0x40) != 0, nalHeader, 1, rest);
            }
            default -> {
                if ((first & TYPE) > FIRST_AGGREGATE) {
                    throw new MalformedMediaException("a packet of type " + (first & TYPE));
                }
                nalUnit(payload);
            }
        }
    }

    @Override
    boolean beginsAccessUnit(ByteBuf payload) {
        if (payload.readableBytes() < 4) {
            return false;
        }
        int at = payload.readerIndex();
        int first = payload.getUnsignedByte(at);
        return switch (first & TYPE) {
            case STAP_A -> payload.readableBytes() > 5 && begins(payload.slice(at + 3, payload.readableBytes() - 3));
            case FU_A -> {
                int header = payload.getUnsignedByte(at + 1);
                // The slice's own first bit stands behind the two bytes that stand for its header.
                yield (header & 0x80) != 0 && (payload.getByte(at + 2) & 0x80) != 0;
            }
            default -> begins(payload);
        };
    }

    @Override
    Kind kind(ByteBuf nalUnit) {
        int header = nalUnit.getUnsignedByte(nalUnit.readerIndex());
        return switch (header & TYPE) {
            case 1, 2, 3, 4, NalUnitType.IDR_SLICE ->
                header >> 5 == 0 ? Kind.DISPOSABLE : Kind.REFERENCE; // nal_ref_idc
            case NalUnitType.SUPPLEMENTAL_ENHANCEMENT_INFORMATION -> Kind.BESIDE;
            case NalUnitType.SEQUENCE_PARAMETER_SET, NalUnitType.PICTURE_PARAMETER_SET -> Kind.PARAMETER_SET;
            case NalUnitType.ACCESS_UNIT_DELIMITER -> Kind.DELIMITER;
            default -> Kind.LEFT_OUT;
        };
    }

    /** first_mb_in_slice is 0: one bit (§7.3.3). */
    @Override
    boolean beginsPicture(ByteBuf slice) {
        return slice.readableBytes() > 1 && (slice.getByte(slice.readerIndex() + 1) & 0x80) != 0;
    }

    /** A recovery point (§D.1.8) at which pictures are whole at once: recovery_frame_cnt is 0. */
    @Override
    boolean mayStart(ByteBuf nalUnit) {
        int at = nalUnit.readerIndex();
        return nalUnit.readableBytes() > 3
                && NalUnitType.of(nalUnit.getByte(at)) == NalUnitType.SUPPLEMENTAL_ENHANCEMENT_INFORMATION
                && nalUnit.getByte(at + 1) == RECOVERY_POINT
                && (nalUnit.getByte(at + 3) & 0x80) != 0;
    }

    @Override
    void parameterSet(byte[] set) {
        sets.put(set);
    }

    @Override
    TrackFormat.@Nullable Video format() {
        return sets.format();
    }

    @Override
    int reordered() {
        H264.Format now = sets.format();
        return now == null
                ? 0
                : now.configuration().sequenceParameterSet().reorderedFrames().orElse(0);
    }
}
