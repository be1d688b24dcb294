// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h264;

/** The values of {@code nal_unit_type} (H.264 table 7-1) that matter to a server. */
public final class NalUnitType {
    public static final int IDR_SLICE = 5;
    public static final int SUPPLEMENTAL_ENHANCEMENT_INFORMATION = 6;
    public static final int SEQUENCE_PARAMETER_SET = 7;
    public static final int PICTURE_PARAMETER_SET = 8;
    public static final int ACCESS_UNIT_DELIMITER = 9;

    private NalUnitType() {}

    /** The type in the first byte of a NAL unit (§7.3.1). */
    public static int of(byte header) {
        return header & 0x1F;
    }
}
