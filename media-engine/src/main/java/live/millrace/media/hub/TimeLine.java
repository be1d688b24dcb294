// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import live.millrace.media.codec.TrackFormat;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.time.Timescale;

/**
 * The clock of a broadcast. It maps a publisher's times, whatever they start at, onto one line that only grows: one offset for all
 * tracks of a publish session, so that sound and picture keep their relation.
 *
 * <ul>
 *   <li>A step back of at most {@value #MAX_STEP_BACK_MILLIS} ms is evened out: pictures are moved behind their predecessor, sound
 *       that was there already is dropped. The offset stays, and with it the relation.
 *   <li>A track that counts from another zero than its companion gets an offset of its own, once.
 *   <li>A jump begins a new line ({@link Verdict#CUT}), unless it brings the track back to where its companion is.
 *   <li>A clock that stands still is replaced by the frames' arrival.
 *   <li>Audio times are sums of samples, because milliseconds on the wire are rounded. They are set to the publisher's clock again
 *       when they have been {@value #SOUND_TOLERANCE_MILLIS} ms off for some frames, or half a second at once.
 * </ul>
 *
 * <p>Confined to the stream's thread.
 */
final class TimeLine {
    /** Beyond this, a step back of a track's clock is a new clock. */
    static final long MAX_STEP_BACK_MILLIS = 1_000;

    /** Beyond this, a step forward is a new clock and not a pause. */
    static final long MAX_STEP_FORWARD_MILLIS = 10_000;

    /** Jitter of phones stays below this. */
    static final long SOUND_TOLERANCE_MILLIS = 60;

    /** Tracks of one clock that start together are not further apart than this, whatever was sent first. */
    private static final long SAME_CLOCK_MILLIS = 3_000;

    /** Beyond this, sound is set to its clock at once. */
    private static final long SOUND_JUMP_MILLIS = 500;

    /** As many frames of sound in a row that are off in the same direction are no jitter. */
    private static final int SOUND_OFF_FRAMES = 8;

    /** So long without a step, and so many frames, and the clock does not run. */
    private static final long STUCK_NANOS = 1_000_000_000L;

    private static final int STUCK_FRAMES = 10;

    /** Room between the end of one line and the beginning of the next, and a guess at a picture's length. */
    private static final long SEAM_MILLIS = 40;

    private static final int TRACKS = 2 * Track.MAX_OF_KIND;

    /** What became of a frame's time. */
    enum Verdict {
        CONTINUES,
        STEPPED_BACK,
        SOUND_RESYNCED,
        REBASED,
        TIMED_BY_ARRIVAL,
        /** The frame begins a new line. */
        CUT,
        /** The frame has to be dropped; there is no mapped time. */
        DROP
    }

    /** One track's state on the current line. */
    private static final class TrackClock {
        /** The publisher's clock is known: silence alone does not show it. */
        boolean heard;

        boolean started;
        long lastRaw;
        long offset;

        /** Of the two times below. */
        int timescale;

        long last;

        // Sound.
        long nextSound;
        int soundOff;
        boolean catchingUp;

        // A clock that stands still.
        int still;
        long stillSince;
        boolean stuck;
        long stuckSince;
        long stuckAt;

        /** A format with another timescale goes on where the last one was: half a unit of the coarser clock is lost, and no more. */
        void count(int newTimescale) {
            if (started && timescale != newTimescale) {
                nextSound = Timescale.convert(nextSound, timescale, newTimescale);
                last = Timescale.convert(last, timescale, newTimescale);
            }
            timescale = newTimescale;
        }
    }

    private TrackClock[] clocks = fresh();
    private boolean started;
    private long sharedOffset;
    private long lineStart;
    private long endMillis;
    private long mapped;

    private static TrackClock[] fresh() {
        TrackClock[] clocks = new TrackClock[TRACKS];
        for (int i = 0; i < TRACKS; i++) {
            clocks[i] = new TrackClock();
        }
        return clocks;
    }

    /** A new publish session: its first frame continues the line, whatever its time says. */
    void newSession() {
        clocks = fresh();
        started = false;
    }

    /**
     * Decides on a frame's time; {@link #mapped} then tells it.
     *
     * @param nowNanos when the frame came
     */
    Verdict map(MediaFrame frame, long nowNanos) {
        int timescale = frame.track().timescale();
        long raw = Timescale.convert(frame.decodeTime(), timescale, Timescale.MILLIS);
        Verdict verdict = base(clock(frame), raw);
        TrackClock clock = clock(frame); // a cut makes fresh ones
        clock.count(timescale);
        boolean arrival = arrival(clock, raw, nowNanos);
        clock.heard = true;
        clock.lastRaw = raw;
        if (arrival) {
            verdict = Verdict.TIMED_BY_ARRIVAL;
        }
        long time = arrival
                ? Timescale.convert(
                        clock.stuckAt + (nowNanos - clock.stuckSince) / 1_000_000, Timescale.MILLIS, timescale)
                : frame.decodeTime() + Timescale.convert(clock.offset, Timescale.MILLIS, timescale);
        if (frame.track().format() instanceof TrackFormat.Audio audio) {
            Verdict sound = sound(clock, time, audio);
            if (sound == Verdict.DROP) {
                return sound;
            }
            verdict = verdict == Verdict.CONTINUES ? sound : verdict;
            time = clock.nextSound;
            clock.nextSound = time + audio.samples(frame.payload());
        }
        if (clock.started && time <= clock.last) {
            time = clock.last + 1;
            verdict = verdict == Verdict.CONTINUES ? Verdict.STEPPED_BACK : verdict;
        }
        place(clock, time, frame.track().format());
        return verdict;
    }

    /** Continues a track of sound behind its last frame; {@link #mapped} tells the time. */
    void continueSound(MediaFrame silence) {
        TrackClock clock = clock(silence);
        TrackFormat.Audio audio = (TrackFormat.Audio) silence.track().format();
        clock.count(audio.sampleRate());
        if (!clock.started) {
            clock.nextSound = Timescale.convert(lineStart, Timescale.MILLIS, audio.sampleRate());
            clock.offset = sharedOffset;
        }
        long time = clock.nextSound;
        clock.nextSound = time + audio.samples(silence.payload());
        place(clock, time, audio);
    }

    /** Where the next frame of a track of sound belongs, in ms; before its first, where the line begins. */
    long nextSoundMillis(int trackId) {
        TrackClock clock = clocks[Math.min(trackId, TRACKS - 1)];
        return clock.started ? Timescale.convert(clock.nextSound, clock.timescale, Timescale.MILLIS) : lineStart;
    }

    private TrackClock clock(MediaFrame frame) {
        return clocks[Math.min(frame.track().id(), TRACKS - 1)];
    }

    /** Finds the offset that is right for a raw time. */
    private Verdict base(TrackClock clock, long raw) {
        if (!started) {
            started = true;
            lineStart = endMillis;
            sharedOffset = endMillis - raw;
            clock.offset = sharedOffset;
            return Verdict.CONTINUES;
        }
        if (!clock.heard) {
            boolean sameClock = near(raw + sharedOffset);
            clock.offset = sameClock ? sharedOffset : endMillis - raw;
            return sameClock ? Verdict.CONTINUES : Verdict.REBASED;
        }
        if (clock.stuck) {
            return Verdict.CONTINUES;
        }
        long step = raw - clock.lastRaw;
        if (step >= -MAX_STEP_BACK_MILLIS && step <= MAX_STEP_FORWARD_MILLIS) {
            return Verdict.CONTINUES;
        }
        if (near(raw + sharedOffset)) {
            // It slept while its companion went on, or follows its companion to a new clock.
            boolean moved = clock.offset != sharedOffset;
            clock.offset = sharedOffset;
            return moved ? Verdict.REBASED : Verdict.CONTINUES;
        }
        clocks = fresh();
        lineStart = endMillis + SEAM_MILLIS;
        sharedOffset = lineStart - raw;
        for (TrackClock each : clocks) {
            each.offset = sharedOffset;
        }
        return Verdict.CUT;
    }

    private boolean near(long millis) {
        return Math.abs(millis - endMillis) <= SAME_CLOCK_MILLIS;
    }

    /** Whether the frame has to be timed by its arrival, because its clock does not run. */
    private boolean arrival(TrackClock clock, long raw, long nowNanos) {
        if (!clock.heard || raw != clock.lastRaw) {
            clock.still = 0;
            if (clock.stuck) {
                // It runs again: from here.
                clock.stuck = false;
                clock.offset = endMillis - raw;
            }
            return false;
        }
        if (clock.still++ == 0) {
            clock.stillSince = nowNanos;
        }
        if (!clock.stuck && clock.still >= STUCK_FRAMES && nowNanos - clock.stillSince >= STUCK_NANOS) {
            clock.stuck = true;
            clock.stuckSince = nowNanos;
            clock.stuckAt = endMillis;
        }
        return clock.stuck;
    }

    /** Moves {@code nextSound} where the clock demands it, or drops a frame that was there already. */
    private static Verdict sound(TrackClock clock, long time, TrackFormat.Audio audio) {
        if (!clock.started) {
            clock.nextSound = time;
            return Verdict.CONTINUES;
        }
        long off = time - clock.nextSound;
        long tolerance = SOUND_TOLERANCE_MILLIS * audio.sampleRate() / 1000;
        if (clock.catchingUp) {
            clock.catchingUp = off < -audio.samplesPerFrame() / 2;
            return clock.catchingUp ? Verdict.DROP : Verdict.CONTINUES;
        }
        if (Math.abs(off) <= tolerance) {
            clock.soundOff = 0;
            return Verdict.CONTINUES;
        }
        clock.soundOff = Integer.signum(clock.soundOff) == Long.signum(off)
                ? clock.soundOff + Long.signum(off)
                : Long.signum(off);
        boolean jump = Math.abs(off) > SOUND_JUMP_MILLIS * audio.sampleRate() / 1000;
        if (!jump && Math.abs(clock.soundOff) < SOUND_OFF_FRAMES) {
            return Verdict.CONTINUES;
        }
        clock.soundOff = 0;
        if (off < 0) {
            clock.catchingUp = true;
            return Verdict.DROP;
        }
        clock.nextSound = time;
        return Verdict.SOUND_RESYNCED;
    }

    private void place(TrackClock clock, long time, TrackFormat format) {
        clock.started = true;
        clock.last = time;
        long after = Timescale.convert(time, format.timescale(), Timescale.MILLIS)
                + (format instanceof TrackFormat.Audio audio
                        ? audio.samplesPerFrame() * 1000L / audio.sampleRate()
                        : SEAM_MILLIS);
        endMillis = Math.max(endMillis, after);
        mapped = time;
    }

    /** Where the line ends now. */
    long endMillis() {
        return endMillis;
    }

    /** The last frame's decode time on the broadcast's clock, in its track's timescale. */
    long mapped() {
        return mapped;
    }
}
