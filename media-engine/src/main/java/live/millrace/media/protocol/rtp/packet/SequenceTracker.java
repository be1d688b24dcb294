// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.packet;

/**
 * Extends the sequence numbers of one track to 64 bits, and tells when another source took over (RFC 3550 appendix A.1). One instance for
 * each track; not thread-safe.
 */
public final class SequenceTracker {
    /** A larger jump is no loss but a sender that began anew (RFC 3550 appendix A.1: MAX_DROPOUT). */
    public static final int MAX_JUMP = 3_000;

    private boolean started;
    private int ssrc;
    private long highest;
    private long last;

    /**
     * Takes the next packet in the order of arrival.
     *
     * @return whether it is the first of a source: of another SSRC than before, or after a jump
     */
    public boolean take(int packetSsrc, int sequenceNumber) {
        int distance = RtpSequenceNumber.distance((int) highest, sequenceNumber);
        if (!started || packetSsrc != ssrc || Math.abs(distance) > MAX_JUMP) {
            // One cycle up: packets that overtook the first one stay above zero.
            highest = (1L << 16) | sequenceNumber;
            started = true;
            ssrc = packetSsrc;
            last = highest;
            return true;
        }
        last = highest + distance;
        highest = Math.max(highest, last);
        return false;
    }

    /** The extended number of the last packet taken: grows by one with each that was sent, until the source changes. */
    public long extended() {
        return last;
    }
}
