// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h264;

import java.util.List;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.nal.ParameterSets;
import org.jspecify.annotations.Nullable;

/** The parameter sets of a stream of H.264 that brings them in band, or beside it, and the format that they make. Not thread-safe. */
public final class AvcParameterSets {
    /** §7.4.2.1.1 knows ids up to 31; a record counts in five bits (ISO/IEC 14496-15 §5.3.3.1). */
    private static final int MOST_SEQUENCE = 31;

    /** §7.4.2.2 knows ids up to 255; a record counts in eight bits. */
    private static final int MOST_PICTURE = 255;

    /** Behind the header, the profile, its constraints and the level (§7.3.2.1.1). */
    private static final int ID_OF_SEQUENCE = 32;

    /** Behind the header (§7.3.2.2). */
    private static final int ID_OF_PICTURE = 8;

    private final ParameterSets sets = new ParameterSets();
    private H264.@Nullable Format format;

    /** Whether a NAL unit is one. */
    public static boolean isOne(int nalUnitType) {
        return nalUnitType == NalUnitType.SEQUENCE_PARAMETER_SET || nalUnitType == NalUnitType.PICTURE_PARAMETER_SET;
    }

    /**
     * Takes a set, which is not changed afterwards.
     *
     * @throws MalformedMediaException if it is broken, too large, or one too many: those before it stay
     */
    public void put(byte[] set) {
        int type = NalUnitType.of(set[0]);
        boolean sequence = type == NalUnitType.SEQUENCE_PARAMETER_SET;
        if (sequence && !sets.knows(set)) {
            SequenceParameterSet.parse(set);
        }
        int id = ParameterSets.idAt(set, sequence ? ID_OF_SEQUENCE : ID_OF_PICTURE);
        if (!sets.put(type, id, set, sequence ? MOST_SEQUENCE : MOST_PICTURE)) {
            return;
        }
        List<byte[]> sequences = sets.of(NalUnitType.SEQUENCE_PARAMETER_SET);
        List<byte[]> pictures = sets.of(NalUnitType.PICTURE_PARAMETER_SET);
        if (!sequences.isEmpty() && !pictures.isEmpty()) {
            format = new H264.Format(AvcDecoderConfigurationRecord.of(sequences, pictures));
        }
    }

    /** What they make; null until there is one of each. */
    public H264.@Nullable Format format() {
        return format;
    }
}
