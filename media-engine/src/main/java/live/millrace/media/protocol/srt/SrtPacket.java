// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;

/** The header of each packet, 16 bytes (draft §3). Readers want a buffer of at least that many readable bytes, and leave its indices alone. */
public final class SrtPacket {
    /** Of every packet, in bytes. */
    public static final int HEADER = 16;

    /** What a packet carries at most: an Ethernet frame without the headers of IP and UDP, and without this one. */
    public static final int MAX_PAYLOAD = 1_500 - 28 - HEADER;

    static final int HANDSHAKE = 0;
    static final int KEEP_ALIVE = 1;
    static final int ACK = 2;
    static final int NAK = 3;
    static final int SHUTDOWN = 5;
    static final int ACKACK = 6;
    static final int DROP_REQUEST = 7;
    static final int USER = 0x7FFF;

    /** Subtypes of {@link #USER}: keys that are changed on the way. */
    static final int KEY_REQUEST = 3;

    static final int KEY_RESPONSE = 4;

    static final int FLAGS = 4;
    static final int TIMESTAMP = 8;
    private static final int DESTINATION = 12;

    /** A message in one packet (PP = 11). */
    static final int SOLO = 0xC000_0000;

    static final int KEY_SHIFT = 27;
    static final int RETRANSMITTED = 0x0400_0000;
    static final int MESSAGE_MASK = 0x03FF_FFFF;

    private SrtPacket() {}

    /** Whether it can be one at all. */
    public static boolean isPacket(ByteBuf packet) {
        return packet.readableBytes() >= HEADER;
    }

    /** The socket that it is for; 0 for one that wants to have one. */
    public static int destination(ByteBuf packet) {
        return packet.getInt(packet.readerIndex() + DESTINATION);
    }

    public static boolean isHandshake(ByteBuf packet) {
        return word(packet, 0) == 0x8000_0000;
    }

    static int word(ByteBuf packet, int at) {
        return packet.getInt(packet.readerIndex() + at);
    }

    /** In microseconds of the sender's clock, 32 bits. */
    public static int timestamp(ByteBuf packet) {
        return word(packet, TIMESTAMP);
    }

    /** Writes the header of a control packet. */
    static ByteBuf control(ByteBuf out, int type, int subtype, int info, int timestamp, int destination) {
        return out.writeInt(0x8000_0000 | type << 16 | subtype)
                .writeInt(info)
                .writeInt(timestamp)
                .writeInt(destination);
    }
}
