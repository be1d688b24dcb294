// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.delivery.DeliveryQueue.Figures;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets what was done, and measures what was not. */
@Component
class DeliveryUpkeep implements RecurringWork {
    /** As long as something that was done once is not done again, see {@code dedup_key}. */
    private static final Duration KEPT = Duration.ofDays(7);

    private final DeliveryStore store;
    private volatile Figures figures = new Figures(0, 0, Duration.ZERO);

    DeliveryUpkeep(DeliveryStore store, MeterRegistry meters) {
        this.store = store;
        meters.gauge("millrace.deliveries.waiting", this, upkeep -> upkeep.figures.waiting());
        meters.gauge("millrace.deliveries.parked", this, upkeep -> upkeep.figures.parked());
        meters.gauge(
                "millrace.deliveries.oldest.seconds",
                this,
                upkeep -> upkeep.figures.oldest().toSeconds());
    }

    @Scheduled(fixedDelay = 15_000, initialDelay = 5_000)
    void measure() {
        figures = store.figures();
    }

    @Override
    public String name() {
        return "forget.deliveries";
    }

    @Override
    public Duration every() {
        return Duration.ofHours(1);
    }

    @Override
    public void run() {
        store.sweep(Instant.now().minus(KEPT));
    }
}
