// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import live.millrace.media.bytes.BitReader;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.h264.AvcParameterSets;
import live.millrace.media.codec.h264.NalUnitType;
import org.jspecify.annotations.Nullable;

/** H.264 in the framing of annex B. */
final class H264Stream extends NalStream {
    private static final int RECOVERY_POINT = 6;
    private static final int FIRST_LEADING_RESERVED = 14;
    private static final int LAST_LEADING_RESERVED = 18;

    /** Of slice_type (table 7-6): all of the picture, or this slice, is intra. */
    private static final int INTRA = 2;

    private static final int ALL_INTRA = 7;

    private final AvcParameterSets sets = new AvcParameterSets();

    /** A sequence parameter set came since the last slice. */
    private boolean sequenceBefore;

    H264Stream(Units units) {
        super(units);
    }

    @Override
    Kind kind(ByteBuf bytes, int at) {
        int type = NalUnitType.of(bytes.getByte(at));
        return switch (type) {
            case 1, 2, 3, 4, NalUnitType.IDR_SLICE -> Kind.SLICE;
            case NalUnitType.SUPPLEMENTAL_ENHANCEMENT_INFORMATION -> Kind.LEADING;
            case NalUnitType.SEQUENCE_PARAMETER_SET, NalUnitType.PICTURE_PARAMETER_SET -> Kind.PARAMETER_SET;
            case NalUnitType.ACCESS_UNIT_DELIMITER -> Kind.DELIMITER;
            default -> type >= FIRST_LEADING_RESERVED && type <= LAST_LEADING_RESERVED ? Kind.DELIMITER : Kind.LEFT_OUT;
        };
    }

    /** first_mb_in_slice is 0: one bit (§7.3.3). */
    @Override
    boolean beginsPicture(ByteBuf bytes, int at) {
        return (bytes.getByte(at + 1) & 0x80) != 0;
    }

    /**
     * A recovery point (§D.1.8) at which pictures are whole at once, or an intra slice behind a sequence parameter set, as encoders of
     * broadcasters begin their groups of pictures.
     */
    @Override
    boolean mayStart(ByteBuf nalUnit) {
        int type = NalUnitType.of(nalUnit.getByte(0));
        if (type == NalUnitType.SUPPLEMENTAL_ENHANCEMENT_INFORMATION) {
            return nalUnit.readableBytes() > 3
                    && nalUnit.getByte(1) == RECOVERY_POINT
                    && (nalUnit.getByte(3) & 0x80) != 0;
        }
        boolean first = sequenceBefore;
        sequenceBefore = false;
        return first && intra(nalUnit);
    }

    private static boolean intra(ByteBuf slice) {
        byte[] head = new byte[Math.min(8, slice.readableBytes())];
        slice.getBytes(0, head);
        BitReader in = new BitReader(head);
        try {
            in.skip(8);
            in.unsignedExpGolomb(); // first_mb_in_slice
            long type = in.unsignedExpGolomb();
            return type == INTRA || type == ALL_INTRA;
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    @Override
    void parameterSet(byte[] set) {
        sequenceBefore |= NalUnitType.of(set[0]) == NalUnitType.SEQUENCE_PARAMETER_SET;
        sets.put(set);
    }

    @Override
    TrackFormat.@Nullable Video format() {
        return sets.format();
    }
}
