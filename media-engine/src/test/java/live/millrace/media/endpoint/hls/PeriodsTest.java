// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import live.millrace.media.segment.SampleTable;
import live.millrace.media.segment.TrackSegment;
import live.millrace.media.testing.SampleTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where periods begin when the encoder's clock is another than ours: segments of two seconds each. */
class PeriodsTest {
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    private final Periods periods = new Periods();

    /** @param wallMillis when the segment's first picture was made */
    private void segment(int number, long wallMillis, long breaks, boolean discontinuity) {
        periods.segment(
                new TrackSegment(
                        SampleTracks.VIDEO,
                        number,
                        breaks,
                        discontinuity,
                        number * 180_000L,
                        180_000,
                        START.plusMillis(wallMillis),
                        true,
                        false,
                        new SampleTable(),
                        Unpooled.EMPTY_BUFFER),
                Set.of("v0"));
    }

    @ParameterizedTest(name = "segments that take {0} ms: {1} periods in ten minutes at most")
    @CsvSource({"2000, 1, 1", "2001, 1, 2", "1999, 1, 2", "1818, 60, 160", "2222, 60, 160"})
    void anEncodersDriftIsMadeUpBetweenPeriodsAndNothingMoves(int took, int least, int most) {
        for (int i = 10; i < 310; i++) {
            segment(i, (i - 10) * (long) took, 7, false);
            Periods.Period now = periods.of(7).getLast();
            Instant told = now.start().plusMillis(i * 2_000L - now.mediaMillis());
            assertThat(Duration.between(told, START.plusMillis((i - 10) * (long) took))
                            .abs()
                            .toMillis())
                    .isLessThanOrEqualTo(Periods.DRIFT_MILLIS);
            assertThat(periods.zero()).isEqualTo(START.minusMillis(20_000));
        }
        List<Periods.Period> all = periods.of(7);
        assertThat(all).hasSizeBetween(least, most);
        assertThat(all.getFirst().connected()).isFalse();
        assertThat(all.stream().skip(1)).allMatch(Periods.Period::connected);
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i).start()).isAfter(all.get(i - 1).start());
            assertThat(all.get(i).id()).isNotEqualTo(all.get(i - 1).id());
        }
    }

    @Test
    void aBreakBeginsAPeriodOfItsOwnAtItsOwnTime() {
        segment(10, 0, 7, false);
        segment(11, 2_000, 7, false);
        segment(12, 62_000, 8, true);
        assertThat(periods.of(7)).hasSize(1);
        assertThat(periods.of(8)).singleElement().satisfies(period -> {
            assertThat(period.start()).isEqualTo(START.plusSeconds(62));
            assertThat(period.connected()).isFalse();
            assertThat(period.number()).isEqualTo(12);
        });
        assertThat(periods.zero()).isEqualTo(START.minusSeconds(20));
    }
}
