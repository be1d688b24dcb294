// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.time;

/** Conversions between track timescales, exact to half a unit and safe for any time that fits 64 bits. */
public final class Timescale {
    /** The MPEG-2 systems clock (ISO/IEC 13818-1 §2.4.2.2), in units per second. */
    public static final int MPEG = 90_000;

    /** RTMP and FLV, in units per second. */
    public static final int MILLIS = 1_000;

    /** PTS and DTS have 33 bits (ISO/IEC 13818-1 §2.4.3.7). */
    private static final long MPEG_MASK = (1L << 33) - 1;

    private Timescale() {}

    /** Converts a time from one timescale to another, rounded to the nearest unit. */
    public static long convert(long time, int from, int to) {
        if (from == to) {
            return time;
        }
        // Every frame is converted several times, and most clocks are multiples of each other: fewer divisions.
        if (to % from == 0) {
            return time * (to / from);
        }
        if (from % to == 0) {
            long times = from / to;
            return Math.floorDiv(2 * time + times, 2 * times);
        }
        long whole = Math.floorDiv(time, from);
        long rest = Math.floorMod(time, from);
        return whole * to + (rest * to + from / 2) / from;
    }

    /** The 33 bits of a time at 90 kHz that a PES header carries. */
    public static long wrapMpeg(long time) {
        return time & MPEG_MASK;
    }
}
