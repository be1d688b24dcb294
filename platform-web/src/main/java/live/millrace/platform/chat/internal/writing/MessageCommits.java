// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import live.millrace.platform.chat.internal.room.ChatEvents;
import live.millrace.platform.chat.internal.room.ChatEvents.Refused;
import live.millrace.platform.chat.internal.room.ChatMessage;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.writing.MessageStore.Kept;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Stores the messages of a room, answers their authors and tells the room, whatever the database does meanwhile. The database
 * numbers messages; the room in memory follows it, and reads there what it missed.
 *
 * <p>A message is on one of four ways: <em>stored</em>, and its author knows; <em>refused</em>, and its author has the text back;
 * <em>unsure</em>, when the commit was sent and nobody answered: its author is answered when the database says which of the two it
 * is; or stored and <em>untold</em>, when the room could not be told yet. Confined to the writer's thread.
 */
@Component
class MessageCommits {
    private static final Logger LOG = LoggerFactory.getLogger(MessageCommits.class);

    /** How long whoever is refused for our failures waits before the next attempt. */
    private static final long RETRY_MILLIS = 2_000;

    private static final Duration HEAL_EVERY = Duration.ofMillis(500);

    /** As many as may wait to be stored. Beyond, messages are refused until it is known what became of these. */
    private static final int MAX_UNSURE = 10_000;

    private static final Refused UNAVAILABLE = Refused.until("unavailable", RETRY_MILLIS);

    private final MessageStore store;
    private final LiveRooms rooms;
    private final PageSockets sockets;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Counter written;

    private final Map<Room, List<Draft>> unsure = new LinkedHashMap<>();
    private final Set<Room> untold = new LinkedHashSet<>();
    private long healedNanos = System.nanoTime();

    MessageCommits(
            MessageStore store,
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
        this.written = Counter.builder("millrace.chat.messages")
                .description("Messages that were stored")
                .register(meters);
    }

    /** Answers false when there is no database to ask; then the messages are refused. */
    boolean write(Room room, List<Draft> all) {
        // Banned while the message waited here: it is not told after the ban.
        List<Draft> drafts = new ArrayList<>();
        for (Draft draft : all) {
            if (room.sanction(draft.talker(), clock.instant()).isPresent()) {
                refuse(draft, Refused.because("banned"));
            } else {
                drafts.add(draft);
            }
        }
        if (drafts.isEmpty()) {
            return true;
        }
        if (unsure.containsKey(room)
                || unsure.values().stream().mapToInt(List::size).sum() >= MAX_UNSURE) {
            refuse(drafts);
            return true;
        }
        return store(room, drafts);
    }

    private boolean store(Room room, List<Draft> drafts) {
        AtomicReference<@Nullable Map<Draft.Id, Kept>> sent = new AtomicReference<>();
        try {
            transaction.executeWithoutResult(
                    _ -> sent.set(store.insert(room.channel().id(), drafts)));
        } catch (DataAccessException | TransactionException failure) {
            return failed(room, drafts, sent.get() != null, failure);
        } catch (RuntimeException ours) {
            // One room's trouble is not the others': the writer goes on.
            LOG.error("Messages of {} could not be stored", room.channel().name(), ours);
            refuse(drafts);
            return true;
        }
        settle(room, drafts, Objects.requireNonNull(sent.get()));
        return true;
    }

    private boolean failed(Room room, List<Draft> drafts, boolean sent, RuntimeException failure) {
        if (sent) {
            LOG.warn("It is not known whether {} messages are stored: {}", drafts.size(), failure.getMessage());
            unsure.put(room, drafts);
            return ask(room);
        }
        if (failure instanceof DataIntegrityViolationException && drafts.size() > 1) {
            // One of them cannot be stored, or was stored by somebody else at this moment: that is not the others'
            // trouble.
            drafts.forEach(draft -> store(room, List.of(draft)));
            return true;
        }
        LOG.warn("{} messages could not be stored: {}", drafts.size(), failure.getMessage());
        refuse(drafts);
        return !(failure instanceof CannotCreateTransactionException);
    }

    /** Takes up what earlier failures left; from time to time, so that a database that does not answer costs the others little. */
    void heal() {
        if (System.nanoTime() - healedNanos >= HEAL_EVERY.toNanos()) {
            healNow();
        }
    }

    void healNow() {
        boolean reached = true;
        for (Room room : List.copyOf(unsure.keySet())) {
            reached = reached && ask(room);
        }
        // A room that nobody is in any more is loaded by the next who comes.
        untold.removeIf(room -> !rooms.isCurrent(room));
        for (Room room : List.copyOf(untold)) {
            if (reached) {
                tell(room, fetch(room, () -> rooms.missing(room)));
            }
        }
        healedNanos = System.nanoTime();
    }

    /** Asks which of a room's unsure messages are stored. Answers false when there is no database to ask. */
    private boolean ask(Room room) {
        List<Draft> drafts = Objects.requireNonNull(unsure.get(room));
        Map<Draft.Id, Kept> kept;
        try {
            kept = Objects.requireNonNull(
                    transaction.execute(_ -> store.settled(room.channel().id(), drafts)));
        } catch (DataAccessException | TransactionException failure) {
            LOG.debug("It is still not known whether {} messages are stored", drafts.size(), failure);
            return !(failure instanceof CannotCreateTransactionException);
        }
        unsure.remove(room);
        settle(room, drafts, kept);
        return true;
    }

    /** It is known what became of messages: their authors are told, then the room. */
    private void settle(Room room, List<Draft> drafts, Map<Draft.Id, Kept> kept) {
        NavigableMap<Long, Draft> next = new TreeMap<>();
        long known = room.lastSeq();
        for (Draft draft : drafts) {
            Kept place = kept.get(draft.id());
            if (place != null && place.channelId() == room.channel().id() && place.seq() > known) {
                next.putIfAbsent(place.seq(), draft);
            }
        }
        written.increment(next.size());
        // Before the authors are answered: what they do then finds the message in the room.
        List<ChatMessage> messages = next.isEmpty()
                ? List.of()
                : fetch(room, () -> {
                    // In most cases these are the next messages of the room, and it needs not ask for them.
                    boolean follow = next.firstKey() == known + 1 && next.lastKey() == known + next.size();
                    return follow ? messages(room, next) : rooms.missing(room);
                });
        for (Draft draft : drafts) {
            Kept place = kept.get(draft.id());
            if (place == null) {
                refuse(draft, UNAVAILABLE);
            } else if (place.channelId() != room.channel().id()) {
                refuse(draft, Refused.because("duplicate"));
            } else {
                answer(draft, new ChatEvents.Said(draft.clientId().toString(), place.seq()));
            }
        }
        tell(room, messages);
    }

    private List<ChatMessage> messages(Room room, Map<Long, Draft> next) {
        List<ChatMessage> messages = new ArrayList<>();
        next.forEach((seq, draft) ->
                messages.add(rooms.message(room, seq, draft.talker(), draft.text(), draft.answers(), draft.at())));
        return messages;
    }

    /** Messages that a room has not; none when they cannot be had now, and then they are told later. */
    private List<ChatMessage> fetch(Room room, Supplier<List<ChatMessage>> source) {
        try {
            List<ChatMessage> messages = source.get();
            untold.remove(room);
            return messages;
        } catch (DataAccessException | TransactionException failure) {
            if (untold.add(room)) {
                LOG.warn("Messages of {} are told later: {}", room.channel().name(), failure.getMessage());
            }
        } catch (RuntimeException ours) {
            // One room's trouble is not the others': the writer goes on.
            untold.remove(room);
            LOG.error("Messages of {} were not told", room.channel().name(), ours);
        }
        return List.of();
    }

    private void tell(Room room, List<ChatMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        String topic = LiveRooms.topic(room.channel());
        List<ChatMessage> shown = messages.stream()
                .filter(message -> !message.isGone() && message.seq() > room.floor())
                .toList();
        List<Long> gone = new ArrayList<>();
        sockets.publish(topic, () -> gone.addAll(room.append(messages)), new ChatEvents.Messages(shown));
        if (!gone.isEmpty()) {
            sockets.publish(topic, new ChatEvents.Removed(gone));
        }
    }

    /** The database does not answer: their authors have the text back, and messages that waited wait on. */
    void refuse(List<Draft> drafts) {
        drafts.forEach(draft -> refuse(draft, UNAVAILABLE));
    }

    private static void refuse(Draft draft, Refused why) {
        answer(draft, new ChatEvents.NotSaid(draft.clientId().toString(), why));
    }

    private static void answer(Draft draft, Object message) {
        draft.room().drafts.decrementAndGet();
        Page page = draft.page();
        if (page != null) {
            page.send(LiveRooms.topic(draft.room().channel()), message);
        }
        Runnable allowed = draft.allowed();
        if (allowed != null) {
            try {
                allowed.run();
            } catch (DataAccessException | TransactionException failure) {
                LOG.warn("The messages that wait could not be told: {}", failure.getMessage());
            }
        }
    }
}
