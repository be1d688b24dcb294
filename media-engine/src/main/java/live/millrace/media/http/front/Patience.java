// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long one thing at a time is waited for. Confined to its executor. */
final class Patience {
    private final EventExecutor executor;
    private @Nullable ScheduledFuture<?> running;

    Patience(EventExecutor executor) {
        this.executor = executor;
    }

    /** Waits anew. */
    void begin(long seconds, Runnable end) {
        stop();
        running = executor.schedule(end, seconds, TimeUnit.SECONDS);
    }

    void stop() {
        if (running != null) {
            running.cancel(false);
            running = null;
        }
    }
}
