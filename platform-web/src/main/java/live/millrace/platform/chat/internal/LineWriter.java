// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores lines, then tells them. What comes within a few hundredths of a second goes to the database in one transaction and to each
 * page in one frame: a busy room costs as many writes as a quiet one. One thread, so that numbers and frames are in one order.
 */
@Component
class LineWriter implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);

    /** A frame holds the lines of so long. With the time to store them it stays below a tenth of a second. */
    private static final long GATHER_MILLIS = 50;

    private static final int MAX_WAITING = 10_000;
    private static final int MAX_BATCH = 500;
    private static final int STOP_SECONDS = 5;

    private final ChatStore store;
    private final LiveRooms rooms;
    private final PageSockets sockets;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Counter written;
    private final BlockingQueue<Draft> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile boolean running;
    private volatile @Nullable Thread thread;

    LineWriter(
            ChatStore store,
            LiveRooms rooms,
            PageSockets sockets,
            TransactionTemplate transaction,
            Clock clock,
            MeterRegistry meters) {
        this.store = store;
        this.rooms = rooms;
        this.sockets = sockets;
        this.transaction = transaction;
        this.clock = clock;
        this.written = Counter.builder("millrace.chat.lines")
                .description("Comments that were stored")
                .register(meters);
    }

    /** Takes a line to be stored; answers false when there are too many. Never blocks. */
    boolean offer(Draft draft) {
        return running && waiting.offer(draft);
    }

    private void run() {
        List<Draft> batch = new ArrayList<>();
        while (running || !waiting.isEmpty()) {
            try {
                Draft first = waiting.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                if (running) {
                    Thread.sleep(GATHER_MILLIS);
                }
            } catch (InterruptedException stopping) {
                LOG.debug("Told to stop; what waits is written first");
            }
            waiting.drainTo(batch, MAX_BATCH - batch.size());
            byRoom(batch).forEach(this::write);
            batch.clear();
        }
    }

    private static Map<Room, List<Draft>> byRoom(List<Draft> batch) {
        Map<Room, List<Draft>> rooms = new LinkedHashMap<>();
        batch.forEach(draft ->
                rooms.computeIfAbsent(draft.room(), _ -> new ArrayList<>()).add(draft));
        return rooms;
    }

    private void write(Room room, List<Draft> all) {
        // Banned while the line waited here: it is not told after the ban.
        List<Draft> drafts = new ArrayList<>();
        for (Draft draft : all) {
            if (room.sanction(draft.accountId(), clock.instant()).isPresent()) {
                refuse(draft, "banned");
                room.drafts.decrementAndGet();
            } else {
                drafts.add(draft);
            }
        }
        if (drafts.isEmpty()) {
            return;
        }
        try {
            store(room, drafts);
        } catch (DuplicateKeyException again) {
            // One of them is stored already: a page that lost its answer sent it again. One by one, then.
            drafts.forEach(draft -> writeAlone(room, draft));
        } catch (DataAccessException | TransactionException failure) {
            LOG.warn("{} comments could not be stored: {}", drafts.size(), failure.getMessage());
            drafts.forEach(draft -> refuse(draft, "unavailable"));
        } catch (RuntimeException ours) {
            // One room's trouble is not the others': the writer goes on.
            LOG.error("Comments of {} were not told", room.channel().name(), ours);
            drafts.forEach(draft -> refuse(draft, "unavailable"));
        } finally {
            room.drafts.addAndGet(-drafts.size());
        }
    }

    private void writeAlone(Room room, Draft draft) {
        try {
            store(room, List.of(draft));
        } catch (DuplicateKeyException stored) {
            OptionalLong seq = store.find(draft.accountId(), draft.clientId());
            seq.ifPresent(
                    number -> tell(draft, new ChatMessages.Said(draft.clientId().toString(), number)));
        } catch (DataAccessException | TransactionException failure) {
            LOG.warn("A comment could not be stored: {}", failure.getMessage());
            refuse(draft, "unavailable");
        }
    }

    private void store(Room room, List<Draft> drafts) {
        List<Long> seqs = new ArrayList<>();
        long last = room.lastSeq();
        for (int i = 0; i < drafts.size(); i++) {
            seqs.add(++last);
        }
        transaction.executeWithoutResult(_ -> store.insert(drafts, seqs));
        written.increment(drafts.size());
        List<ChatLine> lines = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            ChatLine line = rooms.line(room, seqs.get(i), draft.accountId(), draft.text(), draft.replyTo(), draft.at());
            lines.add(line);
            tell(draft, new ChatMessages.Said(draft.clientId().toString(), seqs.get(i)));
        }
        sockets.publish(LiveRooms.topic(room.channel()), () -> room.append(lines), new ChatMessages.Lines(lines));
    }

    private static void tell(Draft draft, Object message) {
        Page page = draft.page();
        if (page != null) {
            page.send(LiveRooms.topic(draft.room().channel()), message);
        }
    }

    private static void refuse(Draft draft, String reason) {
        tell(draft, new ChatMessages.NotSaid(draft.clientId().toString(), ChatMessages.Refused.until(reason, 2_000)));
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
            writer.interrupt();
            try {
                writer.join(java.time.Duration.ofSeconds(STOP_SECONDS));
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
