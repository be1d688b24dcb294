// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.h265.HevcNalUnitType;
import live.millrace.media.codec.h265.HevcParameterSets;
import org.jspecify.annotations.Nullable;

/** H.265 in the framing of annex B. */
final class H265Stream extends NalStream {
    private static final int FIRST_RESERVED_SLICE = 22;
    private static final int PREFIX_SEI = 39;
    private static final int SUFFIX_SEI = 40;

    private final HevcParameterSets sets = new HevcParameterSets();

    H265Stream(Units units) {
        super(units);
    }

    @Override
    Kind kind(ByteBuf bytes, int at) {
        int type = HevcNalUnitType.of(bytes.getByte(at));
        if ((bytes.getShort(at) & 0x01F8) != 0) {
            return Kind.LEFT_OUT; // of another layer than the base
        }
        if (type < FIRST_RESERVED_SLICE) {
            return Kind.SLICE;
        }
        return switch (type) {
            case HevcNalUnitType.VIDEO_PARAMETER_SET,
                    HevcNalUnitType.SEQUENCE_PARAMETER_SET,
                    HevcNalUnitType.PICTURE_PARAMETER_SET -> Kind.PARAMETER_SET;
            case HevcNalUnitType.ACCESS_UNIT_DELIMITER -> Kind.DELIMITER;
            case PREFIX_SEI -> Kind.LEADING;
            case SUFFIX_SEI -> Kind.TRAILING;
            default -> Kind.LEFT_OUT;
        };
    }

    /** first_slice_segment_in_pic_flag (§7.3.6.1). */
    @Override
    boolean beginsPicture(ByteBuf bytes, int at) {
        return bytes.writerIndex() > at + 2 && (bytes.getByte(at + 2) & 0x80) != 0;
    }

    /** The types of NAL units say it all. */
    @Override
    boolean mayStart(ByteBuf nalUnit) {
        return false;
    }

    @Override
    void parameterSet(byte[] set) {
        sets.put(set);
    }

    @Override
    TrackFormat.@Nullable Video format() {
        return sets.format();
    }
}
