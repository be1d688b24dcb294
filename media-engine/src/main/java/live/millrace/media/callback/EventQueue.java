// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.callback;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events in order: the next leaves when the one before was taken. One that is not taken is tried again with growing
 * pauses, and given up after {@value #TRIES} tries. A thread of its own does the waiting.
 */
final class EventQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);

    static final int TRIES = 10;
    private static final int MAX_WAITING = 10_000;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** @param id the same for each try, so that a receiver can tell a repetition */
    record Event(URI address, String contentType, String body, UUID id) {}

    /** Sends an event and waits; answers whether it was taken. */
    @FunctionalInterface
    interface Sender {
        boolean send(Event event) throws InterruptedException;
    }

    private final Sender sender;
    private final LongAdder lost = new LongAdder();
    private final Deque<Event> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean closing;

    EventQueue(Sender sender) {
        this.sender = sender;
        this.thread = Thread.ofPlatform().name("callback-events").daemon().start(this::run);
    }

    /** Events that nobody took. */
    long lost() {
        return lost.sum();
    }

    void add(Event event) {
        lock.lock();
        try {
            if (waiting.size() >= MAX_WAITING) {
                lost.increment();
                LOG.warn(
                        "Too many callbacks wait for {}; one is lost",
                        event.address().getHost());
                return;
            }
            waiting.add(event);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Event next = next();
                if (next == null) {
                    return;
                }
                deliver(next);
                lock.lock();
                try {
                    waiting.poll();
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the first in the queue, which stays there; null when there will be none. */
    private @Nullable Event next() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (closing) {
                    return null;
                }
                changed.await();
            }
            return waiting.peek();
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Event event) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int i = 1; !sender.send(event); i++) {
            if (i == TRIES) {
                lost.increment();
                LOG.warn(
                        "A callback to {} was not taken in {} tries and is lost",
                        event.address().getHost(),
                        TRIES);
                return;
            }
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** Between two tries; a closing queue waits a second at most. */
    private void pause(Duration time) throws InterruptedException {
        long left = time.toNanos();
        lock.lock();
        try {
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            if (closing) {
                left = Math.min(left, FIRST_PAUSE.toNanos());
                while (left > 0) {
                    left = changed.awaitNanos(left);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Delivers what waits, for {@code time} at most. */
    void close(Duration time) {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            long left = time.toNanos();
            while (!waiting.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (!waiting.isEmpty()) {
                LOG.warn("{} callbacks are lost: nobody took them before the end", waiting.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    @Override
    public void close() {
        close(LONGEST_CLOSE);
    }
}
