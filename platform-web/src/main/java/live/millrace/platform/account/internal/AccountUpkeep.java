// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.time.Duration;
import live.millrace.platform.delivery.RecurringWork;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is done for all accounts every so often. */
@Configuration(proxyBeanMethods = false)
class AccountUpkeep {
    @Bean
    RecurringWork accountRemoval(JpaAccounts accounts) {
        return RecurringWork.of("remove.accounts", Duration.ofMinutes(10), accounts::removeDue);
    }

    @Bean
    RecurringWork addressRetention(JdbcAddresses addresses) {
        return RecurringWork.of("forget.addresses", Duration.ofHours(1), addresses::forget);
    }
}
