// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.time;

/**
 * Unwraps the 33-bit clock of MPEG systems (ISO/IEC 13818-1 §2.4.3.7) into 64 bits: a stamp lies within 2³² units, 13 hours, of the one
 * before it, ahead or behind. One instance for all streams of a program, so that they keep their relation across the wrap; not thread-safe.
 */
public final class MpegTime {
    private static final int BITS = 33;

    private boolean started;
    private long last;

    /**
     * @param stamp at 90 kHz; the low 33 bits count
     * @return the same moment on a clock that never wraps
     */
    public long unwrap(long stamp) {
        if (!started) {
            started = true;
            last = Timescale.wrapMpeg(stamp);
            return last;
        }
        last += ((stamp - last) << (Long.SIZE - BITS)) >> (Long.SIZE - BITS);
        return last;
    }
}
