// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

import io.netty.buffer.ByteBuf;

/** Looks into the header extensions of an RTP packet (RFC 8285 §4). */
public final class HeaderExtensions {
    private static final int ONE_BYTE = 0xBEDE;

    /** Four bits of it are the application's. */
    private static final int TWO_BYTES = 0x1000;

    private static final int EXTENSION = 0x10;
    private static final int END = 15;

    private HeaderExtensions() {}

    /**
     * The first 16 bits of an extension.
     *
     * @param packet of RTP; its index stays
     * @param id 1 to 14
     * @return −1 when the packet has no such extension
     */
    public static int find(ByteBuf packet, int id) {
        int start = packet.readerIndex();
        if (packet.readableBytes() < RtpPacket.HEADER || (packet.getByte(start) & EXTENSION) == 0) {
            return -1;
        }
        int at = start + RtpPacket.HEADER + 4 * (packet.getByte(start) & 0xF);
        if (at + 4 > packet.writerIndex()) {
            return -1;
        }
        int profile = packet.getUnsignedShort(at);
        int end = at + 4 + 4 * packet.getUnsignedShort(at + 2);
        boolean one = profile == ONE_BYTE;
        if (end > packet.writerIndex() || !(one || (profile & 0xFFF0) == TWO_BYTES)) {
            return -1;
        }
        at += 4;
        while (at < end) {
            int first = packet.getUnsignedByte(at);
            if (first == 0) { // padding
                at++;
                continue;
            }
            if (at + 2 > end) {
                return -1;
            }
            int found = one ? first >> 4 : first;
            int length = one ? (first & 0xF) + 1 : packet.getUnsignedByte(at + 1);
            int data = one ? at + 1 : at + 2;
            if ((one && (found == END || found == 0)) || data + length > end) { // §4.2: 0 has no length
                return -1;
            }
            if (found == id) {
                return length < 2 ? -1 : packet.getUnsignedShort(data);
            }
            at = data + length;
        }
        return -1;
    }
}
