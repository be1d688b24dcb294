// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Clock;
import java.time.Duration;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is done for all channels every so often. */
@Configuration(proxyBeanMethods = false)
class LiveUpkeep {
    /** Reports and cases that look at one do it soon. */
    private static final Duration FETCHED_KEPT = Duration.ofDays(1);

    @Bean
    RecurringWork connectionLogRetention(ConnectionLog log) {
        return RecurringWork.of("forget.connection-log", Duration.ofHours(1), log::forget);
    }

    @Bean
    RecurringWork fetchedBroadcastRetention(BroadcastStore broadcasts, Clock clock) {
        return RecurringWork.of(
                "forget.fetched-broadcasts",
                Duration.ofHours(1),
                () -> broadcasts.forgetPassing(clock.instant().minus(FETCHED_KEPT)));
    }
}
