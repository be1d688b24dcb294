// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.hls;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is due in a while: segments, playlists and streams that nobody can ask for any more. One thread; its tasks return at once. */
final class HlsTimers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HlsTimers.class);

    private static final long CLOSE_SECONDS = 5;

    private final ScheduledThreadPoolExecutor thread;

    HlsTimers() {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("hls-timers").daemon().factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs something after a time, unless all is closed by then. From any thread. */
    void later(Runnable task, long millis) {
        try {
            var _ = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.trace("closing", closing);
        }
    }

    /** Waits for what runs, and forgets the rest. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
