// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The fixed part of a handshake, 48 bytes behind the packet's header (draft §3.2.1).
 *
 * @param version 4 of a caller's first, 5 of all others
 * @param encryption the key's length in units of 8 bytes; 0: none, or the peer's
 * @param extension which extensions follow, or the magic number of an answer to the first
 * @param sequence of the first data packet, in both directions
 * @param mtu of whole IP packets
 * @param window packets that may be on the way
 * @param type what it is: {@link #INDUCTION}, {@link #CONCLUSION}, or from 1000 on a refusal
 * @param socket of whoever sends it
 * @param cookie that the listener gave out
 */
public record SrtHandshake(
        int version,
        int encryption,
        int extension,
        int sequence,
        int mtu,
        int window,
        int type,
        int socket,
        int cookie) {
    public static final int INDUCTION = 1;
    public static final int CONCLUSION = 0xFFFF_FFFF;
    public static final int VERSION = 5;

    /** The version of a caller's first handshake. */
    public static final int FIRST_VERSION = 4;

    /** The extension field of an answer to the first: version 5 is spoken here (draft §4.3.1.1). */
    public static final int MAGIC = 0x4A17;

    static final int HSREQ_BIT = 1;
    static final int KMREQ_BIT = 2;
    static final int CONFIG_BIT = 4;

    /** What a caller's first says it wants, since before version 5. */
    private static final int DATAGRAMS = 2;

    /** In bytes, with the address of the peer. */
    public static final int LENGTH = 48;

    /** From here on the type of an answer is a refusal. */
    public static final int REFUSALS = 1_000;

    static final int MTU = 1_500;
    static final int WINDOW = 8_192;
    private static final int ADDRESS = 16;

    /** Reads the fixed part of a handshake packet; its extensions stay readable behind it. */
    public static SrtHandshake read(ByteBuf packet) throws MalformedSrtException {
        packet.skipBytes(SrtPacket.HEADER);
        if (packet.readableBytes() < LENGTH) {
            throw new MalformedSrtException(SrtReject.ROGUE, "a handshake of " + packet.readableBytes() + " bytes");
        }
        int version = packet.readInt();
        int encryption = packet.readUnsignedShort();
        int extension = packet.readUnsignedShort();
        SrtHandshake read = new SrtHandshake(
                version,
                encryption,
                extension,
                packet.readInt() & SrtSerial.MASK,
                packet.readInt(),
                packet.readInt(),
                packet.readInt(),
                packet.readInt(),
                packet.readInt());
        packet.skipBytes(ADDRESS); // libsrt turns its bytes round on some machines
        return read;
    }

    /**
     * Writes it as a packet.
     *
     * @param extensions borrowed; as long as nothing when there are none
     * @return the caller's
     */
    public ByteBuf packet(ByteBufAllocator alloc, int timestamp, int destination, byte[] peer, ByteBuf extensions) {
        ByteBuf out = alloc.directBuffer(SrtPacket.HEADER + LENGTH + extensions.readableBytes());
        SrtPacket.control(out, SrtPacket.HANDSHAKE, 0, 0, timestamp, destination);
        out.writeInt(version).writeShort(encryption).writeShort(extension).writeInt(sequence);
        out.writeInt(mtu).writeInt(window).writeInt(type).writeInt(socket).writeInt(cookie);
        if (peer.length == ADDRESS) {
            out.writeBytes(peer);
        } else {
            out.writeBytes(peer).writeZero(ADDRESS - peer.length);
        }
        return out.writeBytes(extensions, extensions.readerIndex(), extensions.readableBytes());
    }

    /**
     * A caller's first.
     *
     * @param sequence of its first data packet
     */
    public static SrtHandshake first(int sequence, int socket) {
        return new SrtHandshake(FIRST_VERSION, 0, DATAGRAMS, sequence, MTU, WINDOW, INDUCTION, socket, 0);
    }

    /** What a caller says with the cookie that it was given. */
    public SrtHandshake concluding(int keyLength, int extensions, int givenCookie) {
        return new SrtHandshake(
                VERSION, keyLength / 8, extensions, sequence, mtu, window, CONCLUSION, socket, givenCookie);
    }

    /** The answer to a caller's first, which needs no memory of it. */
    public SrtHandshake induction(int newCookie, int keyLength) {
        return new SrtHandshake(VERSION, keyLength, MAGIC, sequence, MTU, WINDOW, INDUCTION, socket, newCookie);
    }

    /** The yes to a conclusion. */
    public SrtHandshake accepted(int ownSocket, int extensions) {
        return new SrtHandshake(
                VERSION, 0, extensions, sequence, Math.min(mtu, MTU), WINDOW, CONCLUSION, ownSocket, cookie);
    }

    /** The no to it. */
    public SrtHandshake refused(SrtReject why) {
        return new SrtHandshake(VERSION, 0, 0, sequence, mtu, window, why.wire(), 0, cookie);
    }
}
