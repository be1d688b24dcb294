// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How long the certificate holds, and how often there was none. */
@Component
class HttpsMeters {
    private final Counter failures;

    HttpsMeters(MeterRegistry meters, HeldCertificate held, Clock clock) {
        this.failures = Counter.builder("millrace.https.failures")
                .description("Orders for a certificate that failed")
                .register(meters);
        Gauge.builder(
                        "millrace.https.certificate.left",
                        held,
                        each -> each.until()
                                .map(until -> (double)
                                        Duration.between(clock.instant(), until).toSeconds())
                                .orElse(Double.NaN))
                .description("Until the certificate that the site got by itself ends; nothing without one")
                .baseUnit("seconds")
                .register(meters);
    }

    void failed() {
        failures.increment();
    }
}
