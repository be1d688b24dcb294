// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.media.hub.Latency;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how long frames are gathered before they are written, and rings when they are due. A write costs a system call for
 * each viewer, so the time grows with the viewers of the whole engine: none at all for a few, the cap for hundreds. All feeds of an
 * event loop share one timer.
 *
 * <p>Thread-safe; {@link #schedule} is called on the loop it names.
 */
public final class FlushClock {
    private static final Logger LOG = LoggerFactory.getLogger(FlushClock.class);

    /** So many viewers are served frame by frame: their system calls are not worth a delay. */
    static final int FEW = 25;

    /** Each further viewer adds a fifth of a millisecond: at a hundred about one video frame's time is halved, at 500 the cap is met. */
    private static final int VIEWERS_PER_MILLI = 5;

    /** {@link Latency#LOW} gathers for at most a fifth of the cap. */
    private static final int LOW_SHARE = 5;

    private final FanoutConfig config;
    private final AtomicInteger viewers = new AtomicInteger();
    private final ConcurrentHashMap<ScheduledExecutorService, Timer> timers = new ConcurrentHashMap<>();

    public FlushClock(FanoutConfig config) {
        this.config = config;
    }

    void viewerJoined() {
        viewers.incrementAndGet();
    }

    void viewerLeft() {
        viewers.decrementAndGet();
    }

    /** All viewers of all feeds. */
    int viewers() {
        return viewers.get();
    }

    /** For how long a stream's frames are gathered now, in ms; 0 means each goes at once. */
    long gatheringMillis(Latency wanted) {
        if (config.flush() == Latency.REALTIME || wanted == Latency.REALTIME) {
            return 0;
        }
        int count = viewers.get();
        if (count <= FEW) {
            return 0;
        }
        long cap = config.maxGathering().toMillis();
        boolean low = config.flush() == Latency.LOW || wanted == Latency.LOW;
        return Math.min(low ? cap / LOW_SHARE : cap, Math.max(1, count / VIEWERS_PER_MILLI));
    }

    /** Runs a flush on the loop after at most so many milliseconds, together with the others that wait there. */
    void schedule(ScheduledExecutorService loop, Runnable flush, long millis) {
        timers.computeIfAbsent(loop, Timer::new).add(flush, millis);
    }

    /** Confined to its loop. */
    private static final class Timer implements Runnable {
        private final ScheduledExecutorService loop;
        private List<Runnable> due = new ArrayList<>();
        private List<Runnable> running = new ArrayList<>();

        Timer(ScheduledExecutorService loop) {
            this.loop = loop;
        }

        void add(Runnable flush, long millis) {
            if (due.isEmpty()) {
                var _ = loop.schedule(this, millis, TimeUnit.MILLISECONDS);
            }
            due.add(flush);
        }

        @Override
        public void run() {
            List<Runnable> now = due;
            due = running;
            running = now;
            for (int i = 0; i < now.size(); i++) {
                flush(now.get(i));
            }
            now.clear();
        }

        /** One that fails costs none of the others: with what it left behind the timer would never be set again. */
        private static void flush(Runnable feed) {
            try {
                feed.run();
            } catch (RuntimeException e) {
                LOG.error("A feed could not be flushed", e);
            }
        }
    }
}
