// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.container.mpegts;

import io.netty.buffer.ByteBuf;

/**
 * Transport stream packets of one PID (ISO/IEC 13818-1 §2.4.3.2): 188 bytes, a continuity counter that goes on over
 * segment borders, stuffing in the adaptation field.
 */
final class TsPacketWriter {
    static final int PACKET = 188;
    private static final int HEADER = 4;

    /** What a packet without an adaptation field carries. */
    static final int PAYLOAD = PACKET - HEADER;

    private static final int SYNC = 0x47;
    private static final int PCR_BYTES = 6;
    private static final int DISCONTINUITY = 0x80;
    private static final int RANDOM_ACCESS = 0x40;
    private static final int PCR_FLAG = 0x10;

    /** No program clock reference in this packet. */
    static final long NO_PCR = -1;

    private final int pid;
    private int continuityCounter;

    TsPacketWriter(int pid) {
        this.pid = pid;
    }

    int pid() {
        return pid;
    }

    /**
     * Writes a payload, cut into packets.
     *
     * @param payload read to its end
     * @param pcr 33 bits at 90 kHz for the first packet, or {@link #NO_PCR}
     */
    void write(ByteBuf payload, boolean randomAccess, boolean discontinuity, long pcr, ByteBuf out) {
        boolean first = true;
        do {
            int flags = 0;
            int needed = 0;
            if (first) {
                flags = (discontinuity ? DISCONTINUITY : 0) | (randomAccess ? RANDOM_ACCESS : 0);
                if (pcr != NO_PCR) {
                    flags |= PCR_FLAG;
                }
                needed = flags == 0 ? 0 : 2 + (pcr == NO_PCR ? 0 : PCR_BYTES);
            }
            int size = Math.min(payload.readableBytes(), PACKET - HEADER - needed);
            int adaptation = PACKET - HEADER - size;
            header(first, adaptation > 0 ? 3 : 1, out);
            continuityCounter = (continuityCounter + 1) & 15;
            adaptationField(adaptation, flags, pcr, out);
            out.writeBytes(payload, size);
            first = false;
        } while (payload.isReadable());
    }

    /** A packet with a clock reference and no payload: its continuity counter stands still (§2.4.3.3). */
    void writePcr(long pcr, ByteBuf out) {
        out.writeByte(SYNC).writeShort(pid).writeByte(2 << 4 | ((continuityCounter - 1) & 15));
        adaptationField(PACKET - HEADER, PCR_FLAG, pcr, out);
    }

    /** @param control adaptation_field_control: 1 payload, 2 adaptation field, 3 both */
    private void header(boolean unitStart, int control, ByteBuf out) {
        out.writeByte(SYNC);
        out.writeShort((unitStart ? 0x4000 : 0) | pid);
        out.writeByte(control << 4 | continuityCounter);
    }

    private static void adaptationField(int size, int flags, long pcr, ByteBuf out) {
        if (size == 0) {
            return;
        }
        out.writeByte(size - 1);
        if (size == 1) {
            return;
        }
        out.writeByte(flags);
        int stuffing = size - 2;
        if ((flags & PCR_FLAG) != 0) {
            // §2.4.3.5: 33 bits of base, 6 reserved, 9 of extension (always 0: the base is exact enough)
            out.writeInt((int) (pcr >>> 1)).writeShort((int) ((pcr & 1) << 15) | 0x7E00);
            stuffing -= PCR_BYTES;
        }
        for (int i = 0; i < stuffing; i++) {
            out.writeByte(0xFF);
        }
    }
}
