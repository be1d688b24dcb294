// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.h264;

import io.netty.buffer.ByteBuf;
import live.millrace.media.codec.MalformedMediaException;
import live.millrace.media.codec.nal.NalUnits;

/** Access units whose NAL units each stand behind their length (ISO/IEC 14496-15 §5.3.2), and their other framing. */
public final class LengthPrefixed {
    /** An access unit delimiter that allows every slice type (§7.3.2.4). */
    private static final int DELIMITER = 0x09F0;

    private LengthPrefixed() {}

    /** What walking over an access unit shows. */
    public record Contents(boolean idr, boolean parameterSets, boolean recoveryPoint, boolean empty) {
        /** Decoding may start here if the container also calls the picture a key frame. */
        public boolean mayStart() {
            return idr || parameterSets || recoveryPoint;
        }
    }

    /**
     * Checks that the lengths fill the access unit exactly and tells what is inside. Reads without moving the index.
     *
     * @throws MalformedMediaException if a length points past the end
     */
    public static Contents inspect(ByteBuf accessUnit, int lengthSize) {
        boolean idr = false;
        boolean sets = false;
        boolean recovery = false;
        boolean empty = true;
        int count = 0;
        int at = accessUnit.readerIndex();
        while (at < accessUnit.writerIndex()) {
            int length = NalUnits.length(accessUnit, at, lengthSize);
            at += lengthSize;
            if (++count > NalUnits.MAX_IN_ACCESS_UNIT) {
                throw new MalformedMediaException(
                        "more than " + NalUnits.MAX_IN_ACCESS_UNIT + " NAL units in an access unit");
            }
            if (length > 0) {
                empty = false;
                switch (NalUnitType.of(accessUnit.getByte(at))) {
                    case NalUnitType.IDR_SLICE -> idr = true;
                    case NalUnitType.SEQUENCE_PARAMETER_SET -> sets = true;
                    case NalUnitType.SUPPLEMENTAL_ENHANCEMENT_INFORMATION ->
                        recovery |= length > 1 && accessUnit.getByte(at + 1) == 6; // payloadType recovery_point
                    default -> {
                        // nothing that decides where decoding may start
                    }
                }
            }
            at += length;
        }
        return new Contents(idr, sets, recovery, empty);
    }

    /**
     * Writes an access unit in the framing of Annex B: one access unit delimiter, before a random access point the
     * parameter sets (unless the access unit brings its own), then the NAL units but for their own delimiters.
     *
     * @param accessUnit checked by {@link #inspect}; read without moving the index
     */
    public static void toAnnexB(
            ByteBuf accessUnit, AvcDecoderConfigurationRecord configuration, boolean randomAccessPoint, ByteBuf out) {
        int lengthSize = configuration.lengthSize();
        out.writeInt(NalUnits.START_CODE).writeShort(DELIMITER);
        if (randomAccessPoint && !inspect(accessUnit, lengthSize).parameterSets()) {
            for (byte[] set : configuration.parameterSets()) {
                out.writeInt(NalUnits.START_CODE).writeBytes(set);
            }
        }
        int at = accessUnit.readerIndex();
        while (at < accessUnit.writerIndex()) {
            int length = NalUnits.length(accessUnit, at, lengthSize);
            at += lengthSize;
            if (length > 0 && NalUnitType.of(accessUnit.getByte(at)) != NalUnitType.ACCESS_UNIT_DELIMITER) {
                out.writeInt(NalUnits.START_CODE).writeBytes(accessUnit, at, length);
            }
            at += length;
        }
    }
}
