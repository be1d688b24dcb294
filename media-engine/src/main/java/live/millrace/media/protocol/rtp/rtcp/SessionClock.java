// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.protocol.rtp.rtcp;

import java.util.OptionalLong;
import live.millrace.media.time.NtpTime;
import live.millrace.media.time.SerialTime;
import org.jspecify.annotations.Nullable;

/**
 * Puts the media clocks of a session's tracks on one line, by what sender reports say of them (RFC 3550 §6.4.1). Until they say something,
 * the first packet of a track lies where it arrived. One instance for each session, used on one thread.
 *
 * <p>Reports move a track gently once it runs: by at most {@value #MAX_CORRECTION_MILLIS} ms for each second. One that differs by more
 * than {@value #CLOCK_STEP_MILLIS} ms tells of a camera whose clock was set, not of its media: what was before stays.
 */
public final class SessionClock {
    private static final int MAX_CORRECTION_MILLIS = 5;
    private static final int CLOCK_STEP_MILLIS = 1_000;
    private static final long FAR_FROM_START_SECONDS = 10;
    private static final long NANOS = 1_000_000_000L;
    private static final long NANOS_IN_MILLI = 1_000_000L;

    private final long beganAt;

    /** The sender's clock at zero of the line; known with the first report of a running track. */
    private long ntpAtZero;

    private boolean ntpKnown;

    /** @param nowNanos zero of the line, on a clock that never goes back */
    public SessionClock(long nowNanos) {
        this.beganAt = nowNanos;
    }

    /** @param clockRate of the media clock in Hz, more than 0 */
    public Track track(int clockRate) {
        return new Track(clockRate);
    }

    /** One track's clock. */
    public final class Track {
        private final int clockRate;
        private SerialTime stamps = new SerialTime();

        /** What is added to an unwrapped stamp for the time on the line, in units. */
        private long offset;

        private boolean running;
        private boolean restarting;
        private long lastStamp;
        private long lastTime;
        private long lastAt;

        /** How far the sender's clock was set since the beginning, as this track saw it. */
        private long stepNanos;

        private boolean reported;
        private long reportTime;

        /** What was said of stamps that have not come yet. */
        private RtcpPacket.@Nullable SenderReport early;

        private OptionalLong announced = OptionalLong.empty();

        private Track(int clockRate) {
            this.clockRate = clockRate;
        }

        /**
         * The media starts with this stamp (RTP-Info, RFC 2326 §12.33): zero of the line, unless the first packet lies so far from it that the
         * camera cannot mean it.
         */
        public void startsAt(long rtpTimestamp) {
            announced = OptionalLong.of(rtpTimestamp);
        }

        /** The source changed: its next stamp has nothing to do with those before; the line goes on. */
        public void sourceChanged() {
            if (running) {
                stamps = new SerialTime();
                restarting = true;
                reported = false;
                early = null;
            }
        }

        /**
         * A packet's time on the session's line, in units of the media clock; never wraps.
         *
         * @param rtpTimestamp of the packet; those of one track lie within 2³¹ units of each other
         * @param nowNanos when it arrived
         */
        public long time(long rtpTimestamp, long nowNanos) {
            long stamp = stamps.unwrap(rtpTimestamp);
            lastStamp = stamp;
            if (!running) {
                running = true;
                offset = firstTime(stamp, nowNanos) - stamp;
            } else if (restarting) {
                restarting = false;
                offset = lastTime + Math.max(1, units(nowNanos - lastAt)) - stamp;
            }
            lastTime = stamp + offset;
            lastAt = nowNanos;
            RtcpPacket.SenderReport before = early;
            if (before != null) {
                early = null;
                senderReport(before);
                lastTime = stamp + offset;
            }
            return lastTime;
        }

        private long firstTime(long stamp, long nowNanos) {
            if (announced.isPresent()) {
                long sinceStart = (int) (stamp - announced.getAsLong());
                if (Math.abs(nanos(sinceStart)) <= FAR_FROM_START_SECONDS * NANOS) {
                    return sinceStart;
                }
            }
            return units(nowNanos - beganAt);
        }

        /** Takes what the sender says of this track's clock. */
        public void senderReport(RtcpPacket.SenderReport report) {
            if (!running || restarting) {
                early = report; // FFmpeg's comes before its first packet
                return;
            }
            // A report lies near the packets: placed beside the last stamp without becoming it.
            long time = lastStamp + (int) (report.rtpTimestamp() - lastStamp) + offset;
            if (!ntpKnown) {
                ntpKnown = true;
                ntpAtZero = report.ntpTime();
                zeroIsEarlierBy(nanos(time));
                remember(time);
                return;
            }
            long said = NtpTime.nanosBetween(ntpAtZero, report.ntpTime()) - stepNanos;
            long difference = said - nanos(time);
            if (Math.abs(difference) > CLOCK_STEP_MILLIS * NANOS_IN_MILLI) {
                stepNanos += difference;
            } else {
                offset += units(reported ? gently(difference, time) : difference);
            }
            remember(time);
        }

        private void zeroIsEarlierBy(long nanosSinceZero) {
            long seconds = Math.floorDiv(nanosSinceZero, NANOS);
            long rest = Math.floorMod(nanosSinceZero, NANOS);
            ntpAtZero -= (seconds << 32) + ((rest << 32) / NANOS);
        }

        /** Before the first report of a track its place was a guess, and is set; later ones are heard in small steps. */
        private long gently(long difference, long time) {
            long elapsedMillis = Math.max(0, time - reportTime) * 1_000 / clockRate;
            long most = Math.min(elapsedMillis * MAX_CORRECTION_MILLIS * NANOS_IN_MILLI / 1_000, NANOS);
            return Math.clamp(difference, -most, most);
        }

        private void remember(long time) {
            reported = true;
            reportTime = time;
        }

        private long units(long nanos) {
            return Math.floorDiv(nanos, NANOS) * clockRate
                    + (Math.floorMod(nanos, NANOS) * clockRate + NANOS / 2) / NANOS;
        }

        private long nanos(long units) {
            return Math.floorDiv(units, clockRate) * NANOS + Math.floorMod(units, clockRate) * NANOS / clockRate;
        }
    }
}
