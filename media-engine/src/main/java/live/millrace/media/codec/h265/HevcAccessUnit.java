// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h265;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.nal.NalUnits;

/** Access units of H.265 whose NAL units each stand behind their length, and their other framing. */
public final class HevcAccessUnit {
    /** An access unit delimiter that allows every slice type (§7.3.2.5). */
    private static final int DELIMITER_HEADER = 0x4601;

    private static final int DELIMITER_BODY = 0x50;

    private HevcAccessUnit() {}

    /** What walking over an access unit shows. */
    public record Contents(boolean randomAccess, boolean parameterSets, boolean empty) {}

    /**
     * Checks that the lengths fill the access unit exactly and tells what is inside. Reads without moving the index.
     *
     * @throws MalformedMediaException if a length points past the end
     */
    public static Contents inspect(ByteBuf accessUnit, int lengthSize) {
        boolean randomAccess = false;
        boolean sets = false;
        boolean empty = true;
        int count = 0;
        int at = accessUnit.readerIndex();
        while (at < accessUnit.writerIndex()) {
            int length = NalUnits.length(accessUnit, at, lengthSize);
            at += lengthSize;
            if (++count > NalUnits.MAX_IN_ACCESS_UNIT) {
                throw new MalformedMediaException("too many NAL units in an access unit");
            }
            if (length > 0) {
                empty = false;
                int type = HevcNalUnitType.of(accessUnit.getByte(at));
                randomAccess |=
                        type >= HevcNalUnitType.FIRST_RANDOM_ACCESS && type <= HevcNalUnitType.LAST_RANDOM_ACCESS;
                sets |= type == HevcNalUnitType.SEQUENCE_PARAMETER_SET;
            }
            at += length;
        }
        return new Contents(randomAccess, sets, empty);
    }

    /**
     * Writes an access unit in the framing of Annex B: one access unit delimiter, before a random access point the
     * parameter sets (unless the access unit brings its own), then the NAL units but for their own delimiters.
     *
     * @param accessUnit checked by {@link #inspect}; read without moving the index
     */
    public static void toAnnexB(
            ByteBuf accessUnit, HevcDecoderConfigurationRecord configuration, boolean randomAccessPoint, ByteBuf out) {
        int lengthSize = configuration.lengthSize();
        out.writeInt(NalUnits.START_CODE).writeShort(DELIMITER_HEADER).writeByte(DELIMITER_BODY);
        if (randomAccessPoint && !inspect(accessUnit, lengthSize).parameterSets()) {
            for (byte[] set : configuration.parameterSets()) {
                out.writeInt(NalUnits.START_CODE).writeBytes(set);
            }
        }
        int at = accessUnit.readerIndex();
        while (at < accessUnit.writerIndex()) {
            int length = NalUnits.length(accessUnit, at, lengthSize);
            at += lengthSize;
            if (length > 0 && HevcNalUnitType.of(accessUnit.getByte(at)) != HevcNalUnitType.ACCESS_UNIT_DELIMITER) {
                out.writeInt(NalUnits.START_CODE).writeBytes(accessUnit, at, length);
            }
            at += length;
        }
    }
}
