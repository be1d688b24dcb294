// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import live.millrace.platform.chat.internal.room.Room;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Stores messages, then tells them. What comes within a few hundredths of a second goes to the database in one transaction and to
 * each page in one frame: a busy room costs as many writes as a quiet one. One thread, so that numbers and frames are in one order.
 */
@Component
class MessageWriter implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MessageWriter.class);

    /** A frame holds the messages of so long. With the time to store them it stays below a tenth of a second. */
    private static final long GATHER_MILLIS = 50;

    private static final int MAX_WAITING = 10_000;
    private static final int MAX_BATCH = 500;
    private static final int STOP_SECONDS = 5;

    private final MessageCommits commits;
    private final BlockingQueue<Draft> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    MessageWriter(MessageCommits commits) {
        this.commits = commits;
    }

    /** Takes a message to be stored; answers false when there are too many. Never blocks. */
    boolean offer(Draft draft) {
        return running && waiting.offer(draft);
    }

    private void run() {
        List<Draft> batch = new ArrayList<>();
        while (running || !waiting.isEmpty()) {
            gather(batch);
            // Rooms of earlier failures first: what became of their messages is before these.
            guarded(commits::heal);
            write(batch);
            batch.clear();
        }
        guarded(commits::healNow);
    }

    /** One room's trouble is not the others': the writer goes on. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException ours) {
            LOG.error("Messages of a room were not written or not told", ours);
        }
    }

    private void gather(List<Draft> batch) {
        try {
            Draft first = waiting.poll(200, TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            batch.add(first);
            if (running) {
                Thread.sleep(GATHER_MILLIS);
            }
        } catch (InterruptedException stopping) {
            LOG.debug("Interrupted; what waits is written first", stopping);
        }
        waiting.drainTo(batch, MAX_BATCH - batch.size());
    }

    private void write(List<Draft> batch) {
        Map<Room, List<Draft>> rooms = new LinkedHashMap<>();
        batch.forEach(draft ->
                rooms.computeIfAbsent(draft.room(), _ -> new ArrayList<>()).add(draft));
        AtomicBoolean reached = new AtomicBoolean(true);
        rooms.forEach((room, drafts) -> guarded(() -> {
            if (reached.get()) {
                reached.set(commits.write(room, drafts));
            } else {
                // Nobody waits once for each room until it is clear that there is no database.
                commits.refuse(drafts);
            }
        }));
    }

    // ---- life -------------------------------------------------------------------------------------------------

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("chat-writer").daemon().start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        Thread writer = thread;
        if (writer != null) {
            // Not interrupted: it may be in the middle of a transaction, and looks often enough.
            try {
                writer.join(Duration.ofSeconds(STOP_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped before the sockets are: what was accepted is stored and told. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
