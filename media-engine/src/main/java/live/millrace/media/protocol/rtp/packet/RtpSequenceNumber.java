// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

/** Sequence numbers of 16 bits that wrap (RFC 3550 §5.1), by serial number arithmetic (RFC 1982). */
public final class RtpSequenceNumber {
    private static final int MASK = 0xFFFF;

    private RtpSequenceNumber() {}

    /** How far {@code later} lies ahead of {@code earlier}: −32,768 to 32,767, negative when it lies behind. */
    public static int distance(int earlier, int later) {
        return (short) (later - earlier);
    }

    /** The number that follows. */
    public static int next(int number) {
        return (number + 1) & MASK;
    }
}
