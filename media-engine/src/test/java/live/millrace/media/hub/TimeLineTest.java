// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.frame.Track;
import live.millrace.media.hub.TimeLine.Verdict;
import live.millrace.media.testing.SampleTracks;
import live.millrace.media.time.SerialTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What broken clocks of publishers become: 25 pictures a second beside AAC at 44.1 kHz, sent in real time. */
class TimeLineTest {
    private static final int RATE = 44_100;
    private static final Track VIDEO = SampleTracks.VIDEO;
    private static final Track AUDIO = SampleTracks.AUDIO;

    private final TimeLine line = new TimeLine();
    private final List<Double> pictures = new ArrayList<>();
    private final List<Double> sounds = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private long now;
    private long nextPicture;
    private long nextSound;

    /** One frame; its time in ms as the wire says it. */
    private void frame(Track track, long raw) {
        long time = track.isVideo() ? raw * 90 : Math.floorDiv(raw * RATE, 1000);
        Verdict verdict = line.map(new MediaFrame(track, time, 0, true, Unpooled.EMPTY_BUFFER), now);
        verdicts.add(verdict);
        if (verdict != Verdict.DROP) {
            (track.isVideo() ? pictures : sounds).add(line.mapped() * 1000.0 / track.timescale());
        }
    }

    /** Sends media for a time, each track's clock bent by a function of the true milliseconds. */
    private void run(long millis, LongUnaryOperator videoClock, LongUnaryOperator audioClock) {
        long end = now / 1_000_000 + millis;
        while (true) {
            long picture = nextPicture * 40;
            long sound = Math.round(nextSound * 1024_000.0 / RATE);
            long at = Math.min(picture, sound);
            if (at >= end) {
                now = end * 1_000_000;
                return;
            }
            now = at * 1_000_000;
            if (picture <= sound) {
                nextPicture++;
                frame(VIDEO, videoClock.applyAsLong(picture));
            } else {
                nextSound++;
                frame(AUDIO, audioClock.applyAsLong(sound));
            }
        }
    }

    private void run(long millis, LongUnaryOperator clock) {
        run(millis, clock, clock);
    }

    private long count(Verdict verdict) {
        return verdicts.stream().filter(verdict::equals).count();
    }

    /** How far sound and picture of the same true moment are apart at the end. */
    private double apart() {
        double trueApart = nextPicture * 40.0 - nextSound * 1024_000.0 / RATE;
        return pictures.getLast() - sounds.getLast() - trueApart + (40 - 1024_000.0 / RATE);
    }

    private void onlyGrows() {
        for (List<Double> times : List.of(pictures, sounds)) {
            for (int i = 1; i < times.size(); i++) {
                assertThat(times.get(i)).isGreaterThan(times.get(i - 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xFFFFFF - 5_000, (1L << 31) - 5_000, (1L << 32) - 5_000, (1L << 33) / 90 - 5_000})
    void anyStartIsZeroAndNothingIsRepaired(long start) {
        SerialTime wire = new SerialTime();
        run(20_000, at -> wire.unwrap(start + at & 0xFFFF_FFFFL));
        assertThat(verdicts).containsOnly(Verdict.CONTINUES);
        assertThat(pictures.getFirst()).isZero();
        assertThat(pictures.getLast()).isEqualTo(19_960);
        assertThat(apart()).isBetween(-1.0, 1.0);
    }

    @Test
    void tenHoursOfRoundedMillisecondsDoNotDrift() {
        run(10 * 3_600_000, at -> at);
        assertThat(verdicts).containsOnly(Verdict.CONTINUES);
        assertThat(apart()).isBetween(-1.0, 1.0);
        // Every frame of sound is exactly one frame after the one before.
        for (int i = 1; i < sounds.size(); i++) {
            assertThat(sounds.get(i) - sounds.get(i - 1)).isBetween(23.21, 23.23);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {250, -250})
    void aSmallJumpOfTheWholeClockKeepsTheRelation(long jump) {
        run(10_000, at -> at);
        run(10_000, at -> at + jump);
        onlyGrows();
        assertThat(count(Verdict.CUT)).isZero();
        assertThat(count(Verdict.STEPPED_BACK) + count(Verdict.DROP) + count(Verdict.SOUND_RESYNCED))
                .isBetween(1L, 30L);
        assertThat(apart()).isBetween(-60.0, 60.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600_000, -3_600_000})
    void anHourIsOneCutAndSoundFollowsThePicture(long jump) {
        run(10_000, at -> at + 4_000_000);
        run(10_000, at -> at + 4_000_000 + jump);
        onlyGrows();
        assertThat(count(Verdict.CUT)).isEqualTo(1);
        assertThat(pictures.getLast()).isBetween(19_900.0, 20_200.0);
        assertThat(apart()).isBetween(-1.0, 1.0);
    }

    @Test
    void soundThatJumpsLaterThanThePictureStillCostsOneCut() {
        run(10_000, at -> at + 4_000_000);
        // The encoder's clock jumps; sound that was on its way still carries the old time.
        run(500, at -> at, at -> at + 4_000_000);
        run(10_000, at -> at);
        onlyGrows();
        assertThat(count(Verdict.CUT)).isEqualTo(1);
        assertThat(apart()).isBetween(-60.0, 60.0);
    }

    @Test
    void tracksOnDifferentBasesAreNeverCut() {
        run(60_000, at -> at, at -> at + 900_000_000);
        onlyGrows();
        assertThat(count(Verdict.CUT)).isZero();
        assertThat(count(Verdict.REBASED)).isEqualTo(1);
        assertThat(apart()).isBetween(-60.0, 60.0);
    }

    @Test
    void aClockThatStandsAtZeroIsReplacedByTheArrival() {
        run(20_000, at -> 0);
        onlyGrows();
        assertThat(count(Verdict.CUT)).isZero();
        assertThat(count(Verdict.TIMED_BY_ARRIVAL)).isPositive();
        assertThat(pictures.getLast()).isBetween(18_000.0, 20_500.0);
        assertThat(sounds.getLast()).isBetween(18_000.0, 20_500.0);
        run(10_000, at -> at); // and it runs again
        onlyGrows();
        assertThat(pictures.getLast()).isBetween(28_000.0, 31_000.0);
    }

    @Test
    void aPictureThatSleptForTwentySecondsWakesInPlace() {
        run(10_000, at -> at);
        long slept = nextPicture;
        nextPicture = 30_000 / 40;
        run(20_000, at -> at);
        run(10_000, at -> at);
        assertThat(slept).isEqualTo(250);
        assertThat(count(Verdict.CUT) + count(Verdict.REBASED)).isZero();
        assertThat(pictures.getLast()).isEqualTo(39_960);
        assertThat(apart()).isBetween(-1.0, 1.0);
    }

    @Test
    void aReturnFromZeroContinuesTheLine() {
        run(10_000, at -> at + 5_000_000);
        line.newSession();
        long back = now / 1_000_000;
        run(10_000, at -> at - back);
        assertThat(pictures).isSorted();
        assertThat(pictures.getLast()).isBetween(19_900.0, 20_100.0);
        assertThat(apart()).isBetween(-1.0, 1.0);
    }

    @Test
    void jitterOfAPhoneDropsNothing() {
        Random random = new Random(7);
        run(60_000, at -> at + random.nextInt(45), at -> at + random.nextInt(100) - 50);
        onlyGrows();
        assertThat(count(Verdict.DROP) + count(Verdict.CUT)).isZero();
    }

    @Test
    void whateverComesTimesOnlyGrow() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TimeLine fresh = new TimeLine();
            long[] last = {Long.MIN_VALUE, Long.MIN_VALUE};
            long arrival = 0;
            long raw = random.nextLong(1L << 32);
            for (int i = 0; i < 2_000; i++) {
                arrival += random.nextInt(40_000_000);
                raw += switch (random.nextInt(50)) {
                    case 0 -> random.nextInt(20_000_000) - 10_000_000;
                    case 1 -> random.nextInt(1_000) - 500;
                    default -> random.nextInt(40);
                };
                Track track = random.nextBoolean() ? VIDEO : AUDIO;
                long time = track.isVideo() ? raw * 90 : Math.floorDiv(raw * RATE, 1000);
                Verdict verdict = fresh.map(new MediaFrame(track, time, 0, true, Unpooled.EMPTY_BUFFER), arrival);
                if (verdict == Verdict.CUT) {
                    last = new long[] {Long.MIN_VALUE, Long.MIN_VALUE};
                }
                if (verdict != Verdict.DROP) {
                    assertThat(fresh.mapped()).isGreaterThan(last[track.id()]);
                    last[track.id()] = fresh.mapped();
                }
            }
        }
    }
}
