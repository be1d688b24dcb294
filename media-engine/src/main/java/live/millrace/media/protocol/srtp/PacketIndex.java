// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srtp;

import live.millrace.media.protocol.rtp.packet.RtpSequenceNumber;

/** The index of a packet: its sequence number below the 32 bits of the rollover counter, 48 bits in all (RFC 3711 §3.3.1). */
final class PacketIndex {
    /** No packet can have this index. */
    static final long NONE = -1;

    /** A key may protect as many packets of a source (§9.2). */
    private static final long END = 1L << 48;

    private PacketIndex() {}

    /**
     * The index that is nearest to the highest one before.
     *
     * @param highest {@link #NONE} for a source of which nothing came: its rollover counter is 0
     * @return {@link #NONE} if the nearest lies before the first that there is, or behind the last
     */
    static long nearest(long highest, int sequenceNumber) {
        if (highest == NONE) {
            return sequenceNumber;
        }
        long index = highest + RtpSequenceNumber.distance((int) highest, sequenceNumber);
        return index >= 0 && index < END ? index : NONE;
    }

    /** The rollover counter in it. */
    static int rolloverCounter(long index) {
        return (int) (index >> 16);
    }
}
