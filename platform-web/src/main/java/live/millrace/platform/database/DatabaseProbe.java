// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.DatabaseState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Learns that the database went from whoever misses it, and that it is back by asking. Says each once, so that the log holds two lines
 * for an absence and not one for each request.
 *
 * <pre>
 * HERE → AWAY → HERE …, until CLOSED
 * </pre>
 */
final class DatabaseProbe implements DatabaseState, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseProbe.class);

    /** Between two tries. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private static final int ANSWER_SECONDS = 2;

    /** A machine that is busy for some seconds answers within it; people who wait for a page hear of it within a little more. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    /** What a pool whose tries come further and further apart needs after an absence; an absence that follows at once is noticed later by this. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(3);

    private final ApplicationEventPublisher events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile CompletableFuture<Void> here = CompletableFuture.completedFuture(null);
    private volatile @Nullable DataSource pool;
    private volatile Runnable renewal = () -> {};
    private volatile Runnable cut = () -> {};
    private final AtomicBoolean doubting = new AtomicBoolean();
    private volatile boolean closed;

    /** When it was last back, of {@link System#nanoTime}. */
    private volatile OptionalLong back = OptionalLong.empty();

    DatabaseProbe(ApplicationEventPublisher events) {
        this.events = events;
    }

    /**
     * What is asked whether the database is back.
     *
     * @param renew drops connections from before an absence: one that was used just before it is handed out unasked, and whoever gets it
     *     would say that the database is away again
     * @param breakOff ends the waiting of those who have asked and are not answered
     */
    void asks(DataSource source, Runnable renew, Runnable breakOff) {
        cut = breakOff;
        renewal = renew;
        pool = source;
    }

    @Override
    public boolean away() {
        return !here.isDone();
    }

    @Override
    public CompletionStage<Void> here() {
        return here.minimalCompletionStage();
    }

    /**
     * Whether it was away a moment ago. The pool's next try may still be to come then, and the reason that it gives is one from before.
     */
    boolean justBack() {
        OptionalLong since = back;
        return since.isPresent() && System.nanoTime() - since.getAsLong() < SETTLES_WITHIN.toNanos();
    }

    /**
     * A pool has no connection to give and no reason: it is busy, or its server is frozen, which refuses nobody and answers nobody. That is told
     * apart by a connection beside the pool. One look at a time.
     */
    void doubt() {
        DataSource asked = pool;
        if (asked != null && !away() && !closed && doubting.compareAndSet(false, true)) {
            Thread.ofPlatform().name("database-doubt").daemon().start(() -> {
                try {
                    if (silent(asked)) {
                        gone("it takes connections and answers nobody");
                        cut.run();
                    }
                } finally {
                    doubting.set(false);
                }
            });
        }
    }

    /** A refusal is an answer; the pool hears it as well. */
    private static boolean silent(DataSource asked) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        // Ends by itself, when the driver's patience does.
        Thread.ofPlatform().name("database-look").daemon().start(() -> {
            try (Connection connection = asked.getConnection()) {
                answer.complete(connection.isValid(ANSWER_SECONDS));
            } catch (SQLException refused) {
                answer.complete(true);
            }
        });
        return !answer.completeOnTimeout(false, SILENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Somebody missed the database. */
    void gone(String what) {
        DataSource asked = pool;
        lock.lock();
        try {
            if (away() || closed || asked == null) {
                LOG.debug("The database is away: {}", what);
                return;
            }
            here = new CompletableFuture<>();
            LOG.warn("The database is away; pages say so, broadcasts go on: {}", what);
            Thread.ofPlatform().name("database-probe").daemon().start(() -> ask(asked, System.nanoTime()));
        } finally {
            lock.unlock();
        }
    }

    private void ask(DataSource asked, long sinceNanos) {
        // Whoever was refused knows; whoever asked one that says nothing would wait for ever.
        if (silent(asked)) {
            cut.run();
        }
        try {
            while (!answers(asked)) {
                if (closedWithin(PAUSE)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        LOG.info(
                "The database is back after {} ms",
                Duration.ofNanos(System.nanoTime() - sinceNanos).toMillis());
        renewal.run();
        back = OptionalLong.of(System.nanoTime());
        here.complete(null);
        events.publishEvent(new DatabaseBack());
    }

    private static boolean answers(DataSource asked) {
        try (Connection connection = asked.getConnection()) {
            return connection.isValid(ANSWER_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    private boolean closedWithin(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** From here on an absence is meant: nothing is said, nothing asked. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
