// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes reports to the gate on one thread, in order. While the database is away they wait for it, and none is lost. */
final class GateReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GateReports.class);

    /** An absence of hours on a busy site; what comes after is dropped. */
    private static final int MOST = 10_000;

    private static final long CLOSE_SECONDS = 10;

    /** Each with another connection, or after another absence of the database. */
    private static final int TRIES = 30;

    private final DatabaseState database;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST),
            Thread.ofPlatform().name("publish-reports").daemon().factory());

    GateReports(DatabaseState database) {
        this.database = database;
    }

    void add(Runnable report) {
        try {
            thread.execute(() -> make(report));
        } catch (RejectedExecutionException fullOrClosed) {
            LOG.debug("A report came after the end, or behind too many", fullOrClosed);
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
        } catch (InterruptedException byClose) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RuntimeException e) {
            LOG.warn("An entry of the connection log was lost", e);
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
