// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Instant;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/** When each delivery is tried next, written in the transaction of whoever says so. */
@Component
class DeliveryTasks {
    static final String TABLE = "delivery_task";
    static final String TASK = "delivery";
    static final PostgreSqlJdbcCustomization POSTGRES = new PostgreSqlJdbcCustomization(false, false);

    private final SchedulerClient client;

    DeliveryTasks(DataSource source) {
        this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(source))
                .tableName(TABLE)
                .jdbcCustomization(POSTGRES)
                .build();
    }

    private static TaskInstance<Void> task(long id) {
        return new TaskInstance<>(TASK, Long.toString(id));
    }

    void add(long id, Instant at) {
        client.scheduleIfNotExists(task(id), at);
    }

    /** Brings one forward, or back that was done with; false while somebody is at it. */
    boolean again(long id, Instant at) {
        try {
            return client.scheduleIfNotExists(task(id), at) || client.reschedule(task(id), at);
        } catch (TaskInstanceException atWork) {
            return false;
        }
    }
}
