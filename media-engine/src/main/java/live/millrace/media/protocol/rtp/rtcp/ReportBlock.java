// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import io.netty.buffer.ByteBuf;

/**
 * What a receiver says of one source (RFC 3550 §6.4.1).
 *
 * @param ssrc the source
 * @param fractionLost since the report before, in 1/256
 * @param cumulativeLost since the beginning; negative when more came than was sent
 * @param highestSequenceNumber the low half as in packets, the high half counts its cycles; unsigned
 * @param jitter in units of the media clock; unsigned
 * @param lastSenderReport the middle of the NTP stamp of the last sender report, or 0
 * @param delaySinceSenderReport in 1/65536 s; unsigned
 */
public record ReportBlock(
        int ssrc,
        int fractionLost,
        int cumulativeLost,
        long highestSequenceNumber,
        long jitter,
        int lastSenderReport,
        long delaySinceSenderReport) {
    static final int BYTES = 24;

    static ReportBlock read(ByteBuf in) {
        return new ReportBlock(
                in.readInt(),
                in.readUnsignedByte(),
                in.readMedium(),
                in.readUnsignedInt(),
                in.readUnsignedInt(),
                in.readInt(),
                in.readUnsignedInt());
    }

    void write(ByteBuf out) {
        out.writeInt(ssrc).writeByte(fractionLost).writeMedium(cumulativeLost);
        out.writeInt((int) highestSequenceNumber).writeInt((int) jitter);
        out.writeInt(lastSenderReport).writeInt((int) delaySinceSenderReport);
    }
}
