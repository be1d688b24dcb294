// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the reports for {@link live.millrace.platform.engine.PublishAuthorization} on one thread, in order. While the database is away
 * they wait for it, those of a key that was accepted before any flood of others. What has no room is left out, and the log says
 * afterwards how much that was. Thread-safe.
 */
final class PublishReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishReports.class);

    /** An absence of hours on a busy site. */
    private static final int MOST = 10_000;

    /**
     * Of keys that nobody knows to be good: as many as the connection log keeps of strangers. Anybody can send as many as he likes.
     */
    static final int MOST_STRANGERS = 500;

    private static final long CLOSE_SECONDS = 10;

    /** Each with another connection, or after another absence of the database. */
    private static final int TRIES = 30;

    private static final long BETWEEN_WORDS_NANOS = TimeUnit.MINUTES.toNanos(1);

    private boolean told;
    private long toldAt;
    private final DatabaseState database;
    private final Semaphore strangers = new Semaphore(MOST_STRANGERS);
    private final AtomicLong leftOut = new AtomicLong();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            Thread.ofPlatform().name("publish-reports").daemon().factory());

    PublishReports(DatabaseState database) {
        this.database = database;
    }

    /** One of a key that was accepted. */
    void add(Runnable report) {
        if (!waits(() -> make(report))) {
            leftOut.incrementAndGet();
        }
    }

    /** One of a key that nobody knows to be good. */
    void addOfStranger(Runnable report) {
        if (!strangers.tryAcquire()) {
            leftOut.incrementAndGet();
            return;
        }
        boolean waits = waits(() -> {
            try {
                make(report);
            } finally {
                strangers.release();
            }
        });
        if (!waits) {
            strangers.release();
            leftOut.incrementAndGet();
        }
    }

    private boolean waits(Runnable work) {
        try {
            thread.execute(work);
            return true;
        } catch (RejectedExecutionException fullOrClosed) {
            return false;
        }
    }

    private void make(Runnable report) {
        try {
            for (int tries = 1; !made(report); tries++) {
                if (tries == TRIES) {
                    LOG.warn("An entry of the connection log was lost: {} connections in a row failed with it", TRIES);
                    return;
                }
                // Where only a connection died the database is here, and the next one is as good as any.
                database.here().toCompletableFuture().get();
            }
            tellWhatWasLeftOut();
        } catch (InterruptedException byClose) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) {
            LOG.warn("An entry of the connection log was lost", e);
        }
    }

    /** Once a minute at most: whoever sends many must not fill another log in place of this one. On the thread alone. */
    private void tellWhatWasLeftOut() {
        long now = System.nanoTime();
        if (leftOut.get() == 0 || (told && now - toldAt < BETWEEN_WORDS_NANOS)) {
            return;
        }
        told = true;
        toldAt = now;
        long missing = leftOut.getAndSet(0);
        if (missing > 0) {
            LOG.warn("The connection log is without {} entries: too many waited for the database", missing);
        }
    }

    private static boolean made(Runnable report) {
        try {
            report.run();
            return true;
        } catch (RuntimeException e) {
            if (DatabaseState.causes(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Makes those that wait, for ten seconds at most; without a database there is nothing to wait for. */
    @Override
    public void close() {
        thread.shutdown();
        if (database.away()) {
            thread.shutdownNow();
        }
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The last entries of the connection log were lost: the database is too slow");
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
