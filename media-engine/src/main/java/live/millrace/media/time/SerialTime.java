// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.time;

/**
 * Unwraps the 32-bit millisecond clock of RTMP into 64 bits by serial number arithmetic (RTMP 1.0 §4): a stamp lies
 * within 2³¹ − 1 ms of its predecessor, ahead or behind. One instance for each connection; not thread-safe.
 */
public final class SerialTime {
    private boolean started;
    private long last;

    /**
     * @param stamp the time stamp on the wire; the low 32 bits count
     * @return the same moment on a clock that never wraps
     */
    public long unwrap(long stamp) {
        if (!started) {
            started = true;
            last = stamp & 0xFFFF_FFFFL;
            return last;
        }
        last += (int) (stamp - last);
        return last;
    }
}
