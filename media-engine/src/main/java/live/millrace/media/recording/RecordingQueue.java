// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes recordings, and what waits for it: bounded in bytes, of all streams and of each. Nothing here blocks but
 * {@link #close}.
 */
final class RecordingQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingQueue.class);
    private static final long CLOSE_MILLIS = 10_000;
    private static final long LONGEST_POLL = TimeUnit.MILLISECONDS.toNanos(200);

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long most;
    private final long tick;
    private final Runnable onTick;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Does nothing yet.
     *
     * @param most bytes that may wait
     * @param tick how often about {@code onTick} is done, between tasks
     */
    RecordingQueue(long most, Duration tick, Runnable onTick) {
        this.most = most;
        this.tick = tick.toNanos();
        this.onTick = onTick;
        this.thread = Thread.ofPlatform().name("recording-files").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What one stream has waiting. */
    static final class Share {
        private final AtomicLong bytes = new AtomicLong();
        private final long most;

        Share(long most) {
            this.most = most;
        }
    }

    /** Takes bytes into account, if there is room for them: {@link #give} gives them back. */
    boolean take(Share share, int length) {
        if (closed || bytes.get() + length > most || share.bytes.get() + length > share.most) {
            return false;
        }
        bytes.addAndGet(length);
        share.bytes.addAndGet(length);
        return true;
    }

    void give(Share share, int length) {
        bytes.addAndGet(-length);
        share.bytes.addAndGet(-length);
    }

    /** Adds a task behind all others. */
    void add(Runnable task) {
        tasks.add(task);
    }

    /** Bytes that wait. */
    long waiting() {
        return bytes.get();
    }

    private void run() {
        long next = System.nanoTime();
        while (!closed || !tasks.isEmpty()) {
            try {
                Runnable task = tasks.poll(Math.min(tick, LONGEST_POLL), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
                if (System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + tick;
                    onTick.run();
                }
            } catch (InterruptedException e) {
                closed = true;
            } catch (RuntimeException e) {
                LOG.error("A step of recording failed; the others go on", e);
            }
        }
    }

    /** Does what waits, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The disk of the recordings does not answer; what waits for it is lost");
        }
    }
}
