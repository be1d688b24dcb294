// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h265;

import java.util.List;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.nal.ParameterSets;
import org.jspecify.annotations.Nullable;

/** The parameter sets of a stream of H.265 that brings them in band, or beside it, and the format that they make. Not thread-safe. */
public final class HevcParameterSets {
    /** §7.4.3.3.1 knows ids up to 63; those of the other types are not told apart here. */
    private static final int MOST_PICTURE = 64;

    /** Behind the header of two bytes (§7.3.2.3.1). */
    private static final int ID_OF_PICTURE = 16;

    private final ParameterSets sets = new ParameterSets();
    private H265.@Nullable Format format;

    /** Whether a NAL unit is one. */
    public static boolean isOne(int nalUnitType) {
        return nalUnitType >= HevcNalUnitType.VIDEO_PARAMETER_SET
                && nalUnitType <= HevcNalUnitType.PICTURE_PARAMETER_SET;
    }

    /**
     * Takes a set, which is not changed afterwards. Ids of sequence parameter sets stand too deep to be read here; streams have one.
     *
     * @throws MalformedMediaException if it is broken, too large, or one too many: those before it stay
     */
    public void put(byte[] set) {
        int type = HevcNalUnitType.of(set[0]);
        int id = type == HevcNalUnitType.PICTURE_PARAMETER_SET ? ParameterSets.idAt(set, ID_OF_PICTURE) : 0;
        if (type == HevcNalUnitType.SEQUENCE_PARAMETER_SET && !sets.knows(set)) {
            HevcDecoderConfigurationRecord.of(
                    List.of(), List.of(set), List.of()); // throws before it takes another's place
        }
        if (!sets.put(type, id, set, MOST_PICTURE)) {
            return;
        }
        List<byte[]> videos = sets.of(HevcNalUnitType.VIDEO_PARAMETER_SET);
        List<byte[]> sequences = sets.of(HevcNalUnitType.SEQUENCE_PARAMETER_SET);
        List<byte[]> pictures = sets.of(HevcNalUnitType.PICTURE_PARAMETER_SET);
        if (!videos.isEmpty() && !sequences.isEmpty() && !pictures.isEmpty()) {
            format = new H265.Format(HevcDecoderConfigurationRecord.of(videos, sequences, pictures));
        }
    }

    /** What they make; null until there is one of each. */
    public H265.@Nullable Format format() {
        return format;
    }
}
