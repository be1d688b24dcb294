// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import java.time.Duration;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is done for all channels every so often. */
@Configuration(proxyBeanMethods = false)
class LiveUpkeep {
    @Bean
    RecurringWork connectionLogRetention(ConnectionLog log) {
        return RecurringWork.of("forget.connection-log", Duration.ofHours(1), log::forget);
    }
}
