// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import live.millrace.platform.shared.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a server again that ended by itself. The first time at once; a server that does not start, or does not live for a minute,
 * gets growing pauses. The server belongs to a session of its own and is no child of ours, so nothing wakes us when it ends: a
 * thread looks twice a second, which costs one small read.
 */
final class PostgresSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSupervisor.class);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration SOUND = Duration.ofMinutes(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    /** What is watched. Called on the supervisor's thread alone. */
    interface Server {
        boolean running();

        void startAgain() throws IOException, InterruptedException;
    }

    private final Server server;
    private final ServerWatch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final Thread thread;
    private boolean closing;
    private Duration pause = Duration.ZERO;
    private long startedNanos = System.nanoTime();

    PostgresSupervisor(Server server, ServerWatch watch) {
        this.server = server;
        this.watch = watch;
        this.thread = Thread.ofPlatform().name("postgres-supervisor").daemon().start(this::run);
    }

    private void run() {
        try {
            while (!closedWithin(LOOK)) {
                if (!server.running()) {
                    watch.gone("PostgreSQL has ended by itself and is started again");
                    if (!revive()) {
                        return;
                    }
                    watch.back();
                }
            }
        } catch (InterruptedException byClose) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tries until the server runs; answers false when there is no more need. */
    private boolean revive() throws InterruptedException {
        if (System.nanoTime() - startedNanos > SOUND.toNanos()) {
            pause = Duration.ZERO;
        }
        boolean told = false;
        while (!closedWithin(pause)) {
            pause = longer(pause);
            try {
                server.startAgain();
                startedNanos = System.nanoTime();
                return true;
            } catch (StartupException | IOException e) {
                if (told) {
                    LOG.debug("PostgreSQL does not start: {}", e.getMessage());
                } else {
                    told = true;
                    LOG.warn("PostgreSQL does not start, and is tried again and again: {}", e.getMessage());
                }
            }
        }
        return false;
    }

    private static Duration longer(Duration pause) {
        if (pause.isZero()) {
            return FIRST_PAUSE;
        }
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private boolean closedWithin(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!closing && left > 0) {
                left = closed.awaitNanos(left);
            }
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** From here on an end is meant. Returns at once. */
    void expectEnd() {
        lock.lock();
        try {
            closing = true;
            closed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }

    /** Starts nothing any more once this has returned. */
    @Override
    public void close() {
        expectEnd();
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                LOG.warn("A start of PostgreSQL did not end within {}", CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
