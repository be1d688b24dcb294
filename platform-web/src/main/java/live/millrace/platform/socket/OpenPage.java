// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import live.millrace.platform.account.AccountPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page and what it has yet to be sent. Whoever has news leaves it here and goes on; a few writers that all pages share hand the
 * messages to the network, in order and one at a time for each page, and wait for none. A page with too much unread is closed: it
 * comes back and asks for what it missed.
 */
final class OpenPage implements Page {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPage.class);

    /** Half a minute of a busy room. */
    private static final int MAX_UNREAD_CHARS = 512 << 10;

    /** A person types, and a page that returns joins; nothing honest says more. */
    private static final int MESSAGES_AT_ONCE = 40;

    private static final int MESSAGES_PER_SECOND = 10;

    /** A page follows a handful, and asks for them once; each that it asks for is looked up, whether it may join or not. */
    private static final int JOINS_AT_ONCE = 24;

    private static final int JOINS_PER_MINUTE = 30;

    private final String id;
    private final PageWire wire;
    private final @Nullable AccountPrincipal principal;
    private final String remote;
    private final Executor writers;
    private final JsonMapper json;
    private final Map<String, Object> notes;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final Bucket heard = Bucket.builder()
            .addLimit(
                    limit -> limit.capacity(MESSAGES_AT_ONCE).refillGreedy(MESSAGES_PER_SECOND, Duration.ofSeconds(1)))
            .build();

    private final Bucket joins = Bucket.builder()
            .addLimit(limit -> limit.capacity(JOINS_AT_ONCE).refillGreedy(JOINS_PER_MINUTE, Duration.ofMinutes(1)))
            .build();

    // Guarded by unread.
    private final ArrayDeque<TextMessage> unread = new ArrayDeque<>();
    private int unreadChars;
    private boolean writing;
    private @Nullable CloseStatus closing;

    OpenPage(
            String id,
            PageWire wire,
            @Nullable AccountPrincipal principal,
            String remote,
            Executor writers,
            JsonMapper json,
            Map<String, Object> notes) {
        this.id = id;
        this.wire = wire;
        this.principal = principal;
        this.remote = remote;
        this.writers = writers;
        this.json = json;
        this.notes = Map.copyOf(notes);
    }

    /** Of what others left with a handshake, what features noted under the name of a class. */
    static Map<String, Object> notes(Map<String, Object> attributes) {
        Map<String, Object> notes = new HashMap<>();
        attributes.forEach((name, note) -> {
            if (name.equals(note.getClass().getName())) {
                notes.put(name, note);
            }
        });
        return notes;
    }

    String id() {
        return id;
    }

    Set<String> topics() {
        return topics;
    }

    /** Whether it may say one more thing now. */
    boolean mayTalk() {
        return heard.tryConsume(1);
    }

    /** Whether it may ask for one more topic now. */
    boolean mayJoin() {
        return joins.tryConsume(1);
    }

    @Override
    public @Nullable AccountPrincipal principal() {
        return principal;
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public <T> @Nullable T noted(Class<T> kind) {
        return kind.cast(notes.get(kind.getName()));
    }

    @Override
    public void send(String topic, Object event) {
        ObjectNode node = json.valueToTree(event);
        node.put("topic", topic);
        send(new TextMessage(json.writeValueAsString(node)));
    }

    void send(TextMessage message) {
        synchronized (unread) {
            if (closing != null) {
                return;
            }
            // Characters, not bytes: counting bytes would encode the text anew for each page.
            unreadChars += message.getPayload().length();
            if (unreadChars > MAX_UNREAD_CHARS) {
                unread.clear();
                closing = CloseStatus.SERVICE_OVERLOAD;
            } else {
                unread.add(message);
            }
            wake();
        }
    }

    /** Closes when everything said so far is written. */
    void close(CloseStatus status) {
        synchronized (unread) {
            if (closing == null) {
                closing = status;
                wake();
            }
        }
    }

    private void wake() {
        if (!writing) {
            writing = true;
            resume();
        }
    }

    /** Writes until there is nothing more, or until the network takes its time: then whoever hears of its end goes on. */
    private void write() {
        while (true) {
            TextMessage message;
            CloseStatus status;
            synchronized (unread) {
                message = unread.poll();
                status = message == null ? closing : null;
                if (message == null && status == null) {
                    writing = false;
                    return;
                }
                if (message != null) {
                    unreadChars -= message.getPayload().length();
                }
            }
            if (status != null) {
                // Still "writing": nothing comes after a close.
                sayGoodbye(status);
                return;
            }
            Written written = new Written();
            try {
                wire.send(message.getPayload(), written);
            } catch (RuntimeException gone) {
                written.accept(gone);
            }
            if (written.first()) {
                return;
            }
        }
    }

    private void sayGoodbye(CloseStatus status) {
        try {
            wire.close(status);
        } catch (IOException | RuntimeException gone) {
            LOG.debug("A page was gone before its goodbye", gone);
        }
    }

    /** Told of one message. Of the two that meet here, the sender and the network, the second goes on with the next message. */
    private final class Written implements Consumer<@Nullable Throwable> {
        private final AtomicBoolean met = new AtomicBoolean();

        /** Whether the sender came first: then the network goes on. */
        boolean first() {
            return met.compareAndSet(false, true);
        }

        @Override
        public void accept(@Nullable Throwable failure) {
            if (failure != null) {
                LOG.debug("A page did not take its message", failure);
                synchronized (unread) {
                    unread.clear();
                    closing = CloseStatus.SESSION_NOT_RELIABLE;
                }
            }
            if (!first()) {
                resume();
            }
        }
    }

    private void resume() {
        try {
            writers.execute(this::write);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("A page was written to at the end", stopping);
        }
    }
}
