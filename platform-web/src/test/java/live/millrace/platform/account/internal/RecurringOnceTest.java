// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.internal.QueueProcess.Mode;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.RecurringWork;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two processes over one database: what is done every so often is done by one of them, and by the other when that is gone. */
class RecurringOnceTest {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int TIMES = 4;

    @TestConfiguration(proxyBeanMethods = false)
    static class Ticking {
        @Bean
        RecurringWork tick(JdbcClient database) {
            String process = UUID.randomUUID().toString();
            return RecurringWork.of(
                    "test.tick",
                    EVERY,
                    () -> database.sql("insert into test_tick (process) values (?)")
                            .param(process)
                            .update());
        }
    }

    @Test
    void eachTimeIsDoneByOneOfTwo() throws Exception {
        TestDatabase.Place place = TestDatabase.fresh();
        JdbcClient database =
                JdbcClient.create(new DriverManagerDataSource(place.url(), place.username(), place.password()));
        database.sql(
                        "create table test_tick (at timestamptz not null default clock_timestamp(), process text not null)")
                .update();
        try (AnnotationConfigApplicationContext one = QueueProcess.context(place, "1", Mode.CATCH_UP, Ticking.class)) {
            try (AnnotationConfigApplicationContext two =
                    QueueProcess.context(place, "1", Mode.CATCH_UP, Ticking.class)) {
                assertThat(one.isActive() && two.isActive()).isTrue();
                Wait.until("it was done some times", () -> ticks(database).size() >= TIMES);
            }
            int before = ticks(database).size();
            Wait.until("the one that is left goes on", () -> ticks(database).size() > before);
        }
        List<Long> micros = ticks(database);
        for (int i = 1; i < micros.size(); i++) {
            // From the end of one to the beginning of the next.
            assertThat(micros.get(i) - micros.get(i - 1)).isGreaterThan(EVERY.toMillis() * 900);
        }
        assertThat(database.sql("select count(*) from delivery_task where task_name = 'test.tick'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    private static List<Long> ticks(JdbcClient database) {
        return database.sql("select (extract(epoch from at) * 1000000)::bigint from test_tick order by at")
                .query(Long.class)
                .list();
    }
}
