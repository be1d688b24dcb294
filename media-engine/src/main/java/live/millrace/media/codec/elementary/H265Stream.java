// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.elementary;

import io.netty.buffer.ByteBuf;
import java.util.List;
import live.millrace.media.codec.TrackFormat;
import live.millrace.media.codec.h265.H265;
import live.millrace.media.codec.h265.HevcDecoderConfigurationRecord;
import live.millrace.media.codec.h265.HevcNalUnitType;
import org.jspecify.annotations.Nullable;

/** H.265 in the framing of annex B. */
final class H265Stream extends NalStream {
    private static final int FIRST_RESERVED_SLICE = 22;
    private static final int PREFIX_SEI = 39;
    private static final int SUFFIX_SEI = 40;

    private final ParameterSets sets = new ParameterSets();
    private H265.@Nullable Format format;

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

    /** Ids of sequence parameter sets stand too deep to be read here; streams have one. */
    @Override
    void parameterSet(byte[] set) {
        int type = HevcNalUnitType.of(set[0]);
        int id = type == HevcNalUnitType.PICTURE_PARAMETER_SET ? ParameterSets.idAt(set, 16) : 0;
        if (type == HevcNalUnitType.SEQUENCE_PARAMETER_SET && !sets.knows(set)) {
            HevcDecoderConfigurationRecord.of(
                    List.of(), List.of(set), List.of()); // throws before it takes another's place
        }
        if (!sets.put(type, id, set)) {
            return;
        }
        List<byte[]> videos = sets.of(HevcNalUnitType.VIDEO_PARAMETER_SET);
        List<byte[]> sequences = sets.of(HevcNalUnitType.SEQUENCE_PARAMETER_SET);
        List<byte[]> pictures = sets.of(HevcNalUnitType.PICTURE_PARAMETER_SET);
        if (!videos.isEmpty() && !sequences.isEmpty() && !pictures.isEmpty()) {
            format = new H265.Format(HevcDecoderConfigurationRecord.of(videos, sequences, pictures));
        }
    }

    @Override
    TrackFormat.@Nullable Video format() {
        return format;
    }
}
