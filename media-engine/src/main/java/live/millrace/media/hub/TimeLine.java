// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.TrackFormat;
import live.millrace.media.time.Timescale;

/**
 * The clock of a broadcast. It maps a publisher's times, whatever they start at, onto one line that only grows: one
 * offset for all tracks of a publish session, so that sound and picture keep their relation.
 *
 * <p>Per track a small step back or a gap is evened out; a large one begins a new line ({@link Verdict#CUT}), with an
 * offset that continues where the old line ended. Audio times are sums of samples, brought back to the publisher's clock when they
 * differ by more than {@value #AUDIO_TOLERANCE_MILLIS} ms: milliseconds on the wire are rounded.
 *
 * <p>Confined to the stream's thread.
 */
final class TimeLine {
    /** Beyond this, a step back of a track's clock is a new clock. */
    static final long MAX_STEP_BACK_MILLIS = 1_000;

    /** Beyond this, a step forward is a new clock and not a pause. */
    static final long MAX_STEP_FORWARD_MILLIS = 10_000;

    static final long AUDIO_TOLERANCE_MILLIS = 60;

    /** Room between the end of one line and the beginning of the next. */
    private static final long SEAM_MILLIS = 40;

    private static final int TRACKS = 2;

    /** What became of a frame's time. */
    enum Verdict {
        CONTINUES,
        REPAIRED,
        CUT
    }

    /** One track's state on the current line. */
    private static final class TrackClock {
        boolean started;
        long lastRawMillis;
        long last;
        long expectedAudio;
    }

    private TrackClock[] clocks = fresh();
    private boolean started;
    private long offsetMillis;
    private long endMillis;
    private long mapped;

    private static TrackClock[] fresh() {
        return new TrackClock[] {new TrackClock(), new TrackClock()};
    }

    /** A new publish session: its first frame continues the line, whatever its time says. */
    void newSession() {
        clocks = fresh();
        started = false;
    }

    /** Decides on a frame's time; {@link #mapped} then tells it. */
    Verdict map(MediaFrame frame) {
        int timescale = frame.track().timescale();
        TrackClock clock = clocks[Math.min(frame.track().id(), TRACKS - 1)];
        long raw = Timescale.convert(frame.decodeTime(), timescale, Timescale.MILLIS);
        Verdict verdict = Verdict.CONTINUES;
        if (!started) {
            started = true;
            offsetMillis = endMillis - raw;
        } else if (clock.started && jumps(raw - clock.lastRawMillis)) {
            verdict = Verdict.CUT;
            clocks = fresh();
            clock = clocks[Math.min(frame.track().id(), TRACKS - 1)];
            offsetMillis = endMillis + SEAM_MILLIS - raw;
        }
        clock.lastRawMillis = raw;
        long time = frame.decodeTime() + Timescale.convert(offsetMillis, Timescale.MILLIS, timescale);
        if (frame.track().format() instanceof TrackFormat.Audio audio) {
            time = soundTime(clock, time, audio);
        }
        if (clock.started && time <= clock.last) {
            time = clock.last + 1;
            verdict = verdict == Verdict.CUT ? verdict : Verdict.REPAIRED;
        }
        clock.started = true;
        clock.last = time;
        long afterMillis = Timescale.convert(time, timescale, Timescale.MILLIS)
                + (frame.track().format() instanceof TrackFormat.Audio audio
                        ? audio.samplesPerFrame() * 1000L / audio.sampleRate()
                        : SEAM_MILLIS);
        endMillis = Math.max(endMillis, afterMillis);
        mapped = time;
        return verdict;
    }

    private static long soundTime(TrackClock clock, long time, TrackFormat.Audio audio) {
        long tolerance = AUDIO_TOLERANCE_MILLIS * audio.sampleRate() / 1000;
        long sound = clock.started && Math.abs(time - clock.expectedAudio) <= tolerance ? clock.expectedAudio : time;
        clock.expectedAudio = sound + audio.samplesPerFrame();
        return sound;
    }

    private static boolean jumps(long step) {
        return step < -MAX_STEP_BACK_MILLIS || step > MAX_STEP_FORWARD_MILLIS;
    }

    /** The last frame's decode time on the broadcast's clock, in its track's timescale. */
    long mapped() {
        return mapped;
    }
}
