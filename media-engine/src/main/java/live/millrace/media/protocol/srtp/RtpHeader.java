// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import io.netty.buffer.ByteBuf;
import live.millrace.media.protocol.rtp.packet.RtpPacket;

/** What has to be known of a packet before it can be opened; reads without moving the index. */
final class RtpHeader {
    static final int MALFORMED = -1;

    /** Bytes of RTCP that are never encrypted: its first header and the SSRC of whoever sends it (RFC 3711 §3.4). */
    static final int CONTROL = 8;

    private static final int VERSION = 2;
    private static final int EXTENSION = 0x10;

    private RtpHeader() {}

    /**
     * The bytes that are not encrypted: the fixed header, the contributing sources and the header extension (RFC 3550 §5.1 and §5.3.1).
     *
     * @param length of the packet without a tag
     * @return {@link #MALFORMED} if they do not fit into it, or it is too long
     */
    static int length(ByteBuf packet, int length) {
        if (length < RtpPacket.HEADER || length > PacketCipher.MAX_PACKET || !isVersion2(packet)) {
            return MALFORMED;
        }
        int start = packet.readerIndex();
        int first = packet.getByte(start);
        int header = RtpPacket.HEADER + 4 * (first & 0xF);
        if ((first & EXTENSION) != 0) {
            header += 4;
            if (header > length) {
                return MALFORMED;
            }
            header += 4 * packet.getUnsignedShort(start + header - 2);
        }
        return header <= length ? header : MALFORMED;
    }

    /**
     * Whether it may be RTCP.
     *
     * @param length of the packet without what stands behind it
     */
    static boolean isControl(ByteBuf packet, int length) {
        return length >= CONTROL && length <= PacketCipher.MAX_PACKET && isVersion2(packet);
    }

    private static boolean isVersion2(ByteBuf packet) {
        return packet.getUnsignedByte(packet.readerIndex()) >> 6 == VERSION;
    }

    static int sequenceNumber(ByteBuf packet) {
        return packet.getUnsignedShort(packet.readerIndex() + 2);
    }

    static int ssrc(ByteBuf packet) {
        return packet.getInt(packet.readerIndex() + 8);
    }

    /** Of RTCP. */
    static int controlSsrc(ByteBuf packet) {
        return packet.getInt(packet.readerIndex() + 4);
    }
}
