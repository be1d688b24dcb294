// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import io.github.bucket4j.Bucket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import live.millrace.platform.account.AccountPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page and what it has yet to be sent. Whoever has news leaves it here and goes on; a virtual thread of the page writes, in order,
 * and waits for a slow network alone. A page with too much unread is closed: it comes back and asks for what it missed.
 */
final class OpenPage implements Page {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPage.class);

    /** Half a minute of a busy room. */
    private static final int MAX_UNREAD_CHARS = 512 << 10;

    /** A person types, and a page that returns joins; nothing honest says more. */
    private static final int MESSAGES_AT_ONCE = 40;

    private static final int MESSAGES_PER_SECOND = 10;

    private final WebSocketSession session;
    private final @Nullable AccountPrincipal principal;
    private final String remote;
    private final Executor writers;
    private final JsonMapper json;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final Bucket heard = Bucket.builder()
            .addLimit(
                    limit -> limit.capacity(MESSAGES_AT_ONCE).refillGreedy(MESSAGES_PER_SECOND, Duration.ofSeconds(1)))
            .build();

    // Guarded by unread.
    private final ArrayDeque<TextMessage> unread = new ArrayDeque<>();
    private int unreadChars;
    private boolean writing;
    private @Nullable CloseStatus closing;

    OpenPage(
            WebSocketSession session,
            @Nullable AccountPrincipal principal,
            String remote,
            Executor writers,
            JsonMapper json) {
        this.session = session;
        this.principal = principal;
        this.remote = remote;
        this.writers = writers;
        this.json = json;
    }

    String id() {
        return session.getId();
    }

    Set<String> topics() {
        return topics;
    }

    /** Whether it may say one more thing now. */
    boolean mayTalk() {
        return heard.tryConsume(1);
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
    public void send(String topic, Object message) {
        ObjectNode node = json.valueToTree(message);
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
            try {
                writers.execute(this::write);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("A page was told something after the end", stopping);
            }
        }
    }

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
            try {
                if (message != null) {
                    session.sendMessage(message);
                } else if (status != null) {
                    // Still "writing": nothing comes after a close.
                    session.close(status);
                    return;
                }
            } catch (IOException | RuntimeException gone) {
                LOG.debug("A page did not take its message", gone);
                synchronized (unread) {
                    unread.clear();
                    closing = CloseStatus.SESSION_NOT_RELIABLE;
                }
            }
            if (!session.isOpen()) {
                return;
            }
        }
    }
}
