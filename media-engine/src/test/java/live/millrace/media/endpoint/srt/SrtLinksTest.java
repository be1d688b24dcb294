// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.srt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.tally.Tally;
import org.junit.jupiter.api.Test;

/** How lines are told together. */
class SrtLinksTest {
    private final SrtLinks links = new SrtLinks();
    private final Map<String, DoubleSupplier> gauges = new TreeMap<>();

    private double value(String name) {
        if (gauges.isEmpty()) {
            links.meters(new Meters() {
                @Override
                public <T> void gauge(String of, String description, T counted, ToDoubleFunction<T> value) {
                    gauges.put(of, () -> value.applyAsDouble(counted));
                }

                @Override
                public <E extends Enum<E>> void tally(String of, String label, String description, Tally<E> tally) {
                    throw new AssertionError(of);
                }

                @Override
                public void bytes(String of, String description, LongAdder sum) {
                    throw new AssertionError(of);
                }
            });
        }
        return gauges.get("millrace.srt." + name + ".seconds").getAsDouble();
    }

    @Test
    void nobodyIsNothing() {
        assertThat(value("round.trip.mean")).isZero();
        assertThat(value("round.trip.max")).isZero();
        assertThat(value("buffer.mean")).isZero();
        assertThat(value("buffer.max")).isZero();
    }

    @Test
    void whatIsNotKnownDoesNotCountAndWhoIsGoneNeither() {
        links.seen("one", OptionalLong.of(20_000), OptionalLong.of(400_000));
        links.seen("two", OptionalLong.of(100_000), OptionalLong.of(100_000));
        links.seen("player", OptionalLong.of(30_000), OptionalLong.empty());
        links.seen("new", OptionalLong.empty(), OptionalLong.of(0));
        assertThat(value("round.trip.mean")).isEqualTo(0.05);
        assertThat(value("round.trip.max")).isEqualTo(0.1);
        assertThat(value("buffer.max")).isEqualTo(0.4);
        links.seen("one", OptionalLong.of(40_000), OptionalLong.of(0));
        links.gone("two");
        assertThat(value("round.trip.max")).isEqualTo(0.04);
        assertThat(value("buffer.max")).isZero();
    }
}
