// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import live.millrace.media.endpoint.Meters;
import live.millrace.media.tally.Tally;

/** Meters of Micrometer. A registry holds what is counted weakly: an engine that was closed is not kept by it. */
record MicrometerMeters(MeterRegistry registry) implements Meters {
    @Override
    public <T> void gauge(String name, String description, T counted, ToDoubleFunction<T> value) {
        Gauge.builder(name, counted, value).description(description).register(registry);
    }

    @Override
    public <E extends Enum<E>> void tally(String name, String label, String description, Tally<E> tally) {
        for (E kind : tally.kinds()) {
            FunctionCounter.builder(name, tally, counted -> counted.of(kind))
                    .description(description)
                    .tag(label, label(kind))
                    .register(registry);
        }
    }

    @Override
    public void bytes(String name, String description, LongAdder sum) {
        FunctionCounter.builder(name, sum, LongAdder::sum)
                .description(description)
                .baseUnit("bytes")
                .register(registry);
    }

    /** What a kind is called in a label. */
    static String label(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
