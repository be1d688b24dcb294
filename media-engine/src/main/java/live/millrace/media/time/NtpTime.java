// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.time;

/** NTP stamps of 64 bits, as RTCP has them (RFC 3550 §4): seconds since 1900 in the high half, 1/2³² s in the low one. */
public final class NtpTime {
    /** From 1900 to 1970, in seconds. */
    private static final long EPOCH = 2_208_988_800L;

    private static final long NANOS = 1_000_000_000L;

    private NtpTime() {}

    /** The stamp of a moment in ms since 1970. */
    public static long ofEpochMillis(long millis) {
        long fraction = (Math.floorMod(millis, 1_000L) << 32) / 1_000;
        return ((Math.floorDiv(millis, 1_000L) + EPOCH) << 32) | fraction;
    }

    /** From one stamp to another in ns, negative when it lies before; right across the wrap of 2036. */
    public static long nanosBetween(long earlier, long later) {
        long difference = later - earlier;
        return (difference >> 32) * NANOS + (((difference & 0xFFFF_FFFFL) * NANOS) >>> 32);
    }

    /** The 32 bits in the middle, which reports repeat (§6.4.1: LSR). */
    public static int middle(long stamp) {
        return (int) (stamp >>> 16);
    }
}
