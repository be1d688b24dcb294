// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.internal;

import java.time.Duration;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is forgotten of channels. */
@Configuration(proxyBeanMethods = false)
class ChannelUpkeep {
    @Bean
    RecurringWork forgetRestingNames(JdbcClient database) {
        return RecurringWork.of(
                "forget.resting-names",
                Duration.ofHours(1),
                () -> database.sql("delete from channel_resting_name where until < now()")
                        .update());
    }
}
