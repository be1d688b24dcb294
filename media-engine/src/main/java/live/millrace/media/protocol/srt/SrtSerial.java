// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.srt;

/** Sequence numbers of 31 bits, which go round (draft §3.1). */
final class SrtSerial {
    static final int MASK = 0x7FFF_FFFF;

    private SrtSerial() {}

    /** How far one lies behind another, negative when before it, by the shorter way round. */
    static int difference(int later, int earlier) {
        return ((later - earlier) << 1) >> 1;
    }

    static int plus(int number, int count) {
        return (number + count) & MASK;
    }
}
