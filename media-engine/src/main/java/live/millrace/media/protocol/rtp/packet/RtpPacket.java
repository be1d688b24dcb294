// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

import io.netty.buffer.ByteBuf;

/**
 * An RTP packet (RFC 3550 §5.1). Contributing sources and header extensions are read past: nothing that we carry needs them.
 *
 * @param marker what it marks is the payload format's: mostly the last packet of an access unit
 * @param payloadType seven bits
 * @param sequenceNumber 16 bits, see {@link RtpSequenceNumber}
 * @param timestamp 32 bits of the media clock, unsigned
 * @param ssrc the source
 * @param payload without padding; shares its memory and its count with what was parsed, so that whoever keeps the packet retains it
 */
public record RtpPacket(
        boolean marker, int payloadType, int sequenceNumber, long timestamp, int ssrc, ByteBuf payload) {
    /** Bytes of a header without contributing sources and extension. */
    public static final int HEADER = 12;

    private static final int VERSION = 2;
    private static final int PADDING = 0x20;
    private static final int EXTENSION = 0x10;

    /**
     * Reads a packet to the end of the buffer, which is borrowed.
     *
     * @throws MalformedRtpException if it is none
     */
    public static RtpPacket parse(ByteBuf in) {
        if (in.readableBytes() < HEADER) {
            throw new MalformedRtpException("RTP header cut short");
        }
        int first = in.readUnsignedByte();
        if (first >> 6 != VERSION) {
            throw new MalformedRtpException("RTP of version " + (first >> 6));
        }
        int second = in.readUnsignedByte();
        int sequenceNumber = in.readUnsignedShort();
        long timestamp = in.readUnsignedInt();
        int ssrc = in.readInt();
        skip(in, 4 * (first & 0xF)); // CSRC
        if ((first & EXTENSION) != 0) {
            if (in.readableBytes() < 4) {
                throw new MalformedRtpException("RTP header extension cut short");
            }
            in.skipBytes(2); // defined by profile
            skip(in, 4 * in.readUnsignedShort());
        }
        int padding = 0;
        if ((first & PADDING) != 0) {
            padding = in.isReadable() ? in.getUnsignedByte(in.writerIndex() - 1) : 0;
            if (padding == 0 || padding > in.readableBytes()) {
                throw new MalformedRtpException("RTP padding of " + padding + " bytes");
            }
        }
        ByteBuf payload = in.readSlice(in.readableBytes() - padding);
        in.skipBytes(padding);
        return new RtpPacket((second & 0x80) != 0, second & 0x7F, sequenceNumber, timestamp, ssrc, payload);
    }

    private static void skip(ByteBuf in, int bytes) {
        if (in.readableBytes() < bytes) {
            throw new MalformedRtpException("RTP header cut short");
        }
        in.skipBytes(bytes);
    }

    /** Writes a header of {@value #HEADER} bytes; the payload follows. */
    public static void writeHeader(
            boolean marker, int payloadType, int sequenceNumber, long timestamp, int ssrc, ByteBuf out) {
        out.writeByte(VERSION << 6).writeByte((marker ? 0x80 : 0) | payloadType);
        out.writeShort(sequenceNumber).writeInt((int) timestamp).writeInt(ssrc);
    }

    public RtpPacket retain() {
        payload.retain();
        return this;
    }

    public void release() {
        payload.release();
    }
}
