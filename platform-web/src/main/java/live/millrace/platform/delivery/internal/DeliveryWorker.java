// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.shared.DatabaseState;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs the queue: db-scheduler with a few threads. Starts after everything else and stops before it. Whoever takes a row says every few
 * seconds that it lives; from one who is silent for four times as long the row is taken away.
 */
@Component
class DeliveryWorker implements SmartLifecycle {
    /** Each waits for the database or a mail server; the site's pages want most of the connections. */
    static final int THREADS = 3;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    /** Rows are taken when fewer than half of what the threads can do waits in memory, up to one for each. */
    private static final double LEAST_TAKEN = 0.5;

    private static final double MOST_TAKEN = 1.0;

    private final DataSource source;
    private final DatabaseState database;
    private final DeliveryAttempts attempts;
    private final ObjectProvider<RecurringWork> recurring;
    private final Duration heartbeat;
    private volatile @Nullable Scheduler scheduler;

    DeliveryWorker(
            DataSource source,
            DatabaseState database,
            DeliveryAttempts attempts,
            ObjectProvider<RecurringWork> recurring,
            @Value("${millrace.delivery.heartbeat:5s}") Duration heartbeat) {
        this.source = source;
        this.database = database;
        this.attempts = attempts;
        this.recurring = recurring;
        this.heartbeat = heartbeat;
    }

    /** Something may be due. */
    void wake() {
        Scheduler running = scheduler;
        if (running != null) {
            running.triggerCheckForDueExecutions();
        }
    }

    @Override
    public void start() {
        attempts.begin();
        CustomTask<Void> deliveries = Tasks.custom(DeliveryTasks.TASK, Void.class)
                .onDeadExecutionRevive()
                .execute((instance, _) -> deliver(instance));
        List<RecurringTask<Void>> repeated =
                recurring.orderedStream().map(this::task).toList();
        Scheduler made = Scheduler.create(new PatientConnections(source, database), List.of(deliveries))
                .startTasks(repeated)
                .tableName(DeliveryTasks.TABLE)
                .jdbcCustomization(DeliveryTasks.POSTGRES)
                .schedulerName(new SchedulerName.Fixed("site-" + UUID.randomUUID()))
                .threads(THREADS)
                .pollingInterval(POLL)
                .pollUsingLockAndFetch(LEAST_TAKEN, MOST_TAKEN)
                .heartbeatInterval(heartbeat)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .failureLogging(LogLevel.WARN, true)
                .shutdownMaxWait(STOP_WITHIN)
                .build();
        QuietScheduler.install();
        made.start();
        scheduler = made;
    }

    private CompletionHandler<Void> deliver(TaskInstance<Void> instance) {
        Optional<Instant> next = attempts.attempt(Long.parseLong(instance.getId()));
        return next.<CompletionHandler<Void>>map(at -> (complete, operations) -> operations.reschedule(complete, at))
                .orElseGet(() -> (_, operations) -> operations.remove());
    }

    private RecurringTask<Void> task(RecurringWork work) {
        return Tasks.recurring(work.name(), new Every(work.every())).execute((_, _) -> run(work));
    }

    private static void run(RecurringWork work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            // That the database is away is said once, and elsewhere; the next time comes.
            if (!DatabaseState.causes(e)) {
                throw e;
            }
        }
    }

    @Override
    public void stop() {
        Scheduler running = scheduler;
        scheduler = null;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public boolean isRunning() {
        return scheduler != null;
    }
}
