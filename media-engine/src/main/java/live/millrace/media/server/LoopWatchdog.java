// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds event loops that do not come round: every publisher and viewer of such a loop waits. Sends each loop a heartbeat and looks
 * whether it ran within {@value #LIMIT_MILLIS} ms. A loop that got no processor is not to blame; one that computed or waited all
 * the time is counted, and what it was doing is logged.
 */
final class LoopWatchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatchdog.class);

    static final long LIMIT_MILLIS = 100;

    /** Of its own processor time, beyond which a task is long and the machine is not merely busy. */
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(80);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int FRAMES = 20;

    private static final class Watched {
        final EventExecutor loop;
        volatile @Nullable Thread thread;
        volatile boolean answered = true;
        long sentNanos;
        long processorNanos;
        boolean reported;

        Watched(EventExecutor loop) {
            this.loop = loop;
        }
    }

    private final List<Watched> loops = new ArrayList<>();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final LongAdder stalls = new LongAdder();
    private final Thread watcher;
    private volatile boolean closed;
    private long lastLogged = System.nanoTime() - QUIET_NANOS;

    LoopWatchdog(EventLoopGroup group) {
        group.forEach(loop -> loops.add(new Watched(loop)));
        watcher = Thread.ofPlatform().name("engine-watchdog").daemon().start(this::watch);
    }

    /** How often a loop was held up since the start. */
    long stalls() {
        return stalls.sum();
    }

    private void watch() {
        while (!closed) {
            for (Watched each : loops) {
                look(each);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void look(Watched watched) {
        long now = System.nanoTime();
        Thread thread = watched.thread;
        if (watched.answered) {
            watched.answered = false;
            watched.reported = false;
            watched.sentNanos = now;
            watched.processorNanos = thread == null ? 0 : threads.getThreadCpuTime(thread.threadId());
            try {
                watched.loop.execute(() -> {
                    watched.thread = Thread.currentThread();
                    watched.answered = true;
                });
            } catch (RejectedExecutionException shuttingDown) {
                closed = true;
            }
        } else if (thread != null
                && !watched.reported
                && now - watched.sentNanos > TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS)
                && toBlame(watched, thread)) {
            watched.reported = true;
            report(thread, now - watched.sentNanos, now);
        }
    }

    private boolean toBlame(Watched watched, Thread thread) {
        long processor = threads.getThreadCpuTime(thread.threadId()) - watched.processorNanos;
        return processor >= BUSY_NANOS
                || switch (thread.getState()) {
                    case BLOCKED, WAITING, TIMED_WAITING -> true;
                    default -> false;
                };
    }

    private void report(Thread thread, long heldNanos, long now) {
        StackTraceElement[] stack = thread.getStackTrace();
        stalls.increment();
        if (now - lastLogged < QUIET_NANOS) {
            return;
        }
        lastLogged = now;
        LOG.warn(
                "Event loop {} has been held up for {} ms, at\n\t{}",
                thread.getName(),
                TimeUnit.NANOSECONDS.toMillis(heldNanos),
                Arrays.stream(stack)
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining("\n\t")));
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
    }
}
