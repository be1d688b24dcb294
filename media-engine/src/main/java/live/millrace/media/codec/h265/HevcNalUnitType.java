// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h265;

/** The values of {@code nal_unit_type} (H.265 table 7-1) that matter to a server. */
public final class HevcNalUnitType {
    /** BLA, IDR and CRA pictures, and reserved ones: decoding may start at each. */
    public static final int FIRST_RANDOM_ACCESS = 16;

    public static final int LAST_RANDOM_ACCESS = 23;
    public static final int VIDEO_PARAMETER_SET = 32;
    public static final int SEQUENCE_PARAMETER_SET = 33;
    public static final int PICTURE_PARAMETER_SET = 34;
    public static final int ACCESS_UNIT_DELIMITER = 35;

    private HevcNalUnitType() {}

    /** The type in the first byte of a NAL unit (§7.3.1.2). */
    public static int of(byte header) {
        return (header >> 1) & 0x3F;
    }
}
