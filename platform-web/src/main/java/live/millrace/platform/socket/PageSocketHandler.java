// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import live.millrace.platform.account.AccountPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One socket for each open page. A page joins topics by name, gets what there is to know, then every change. Sequence numbers grow by
 * one in each topic.
 */
@Component
class PageSocketHandler extends TextWebSocketHandler implements PageSockets, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PageSocketHandler.class);

    private static final int MAX_TOPICS = 4;
    private static final int MAX_SOCKETS = 20_000;
    private static final int MAX_TOPIC_NAME = 64;

    /** A page that takes longer than this for one message, or leaves so much unread, is closed; it comes back by itself. */
    private static final int SEND_MILLIS = 10_000;

    private static final int SEND_BUFFER = 64 << 10;
    private static final int RECONNECT_WITHIN_MILLIS = 5_000;

    private record Page(WebSocketSession session, String remote, Set<String> topics) {}

    private final ObjectProvider<Topic> topics;
    private final JsonMapper json;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Map<String, Set<Page>> members = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> sequences = new ConcurrentHashMap<>();
    private volatile boolean running;

    PageSocketHandler(ObjectProvider<Topic> topics, JsonMapper json) {
        this.topics = topics;
        this.json = json;
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws IOException {
        if (pages.size() >= MAX_SOCKETS) {
            session.close(CloseStatus.SERVICE_OVERLOAD);
            return;
        }
        InetSocketAddress address = session.getRemoteAddress();
        String remote = address == null || address.getAddress() == null
                ? "unknown"
                : address.getAddress().getHostAddress();
        pages.put(
                session.getId(),
                new Page(
                        new ConcurrentWebSocketSessionDecorator(session, SEND_MILLIS, SEND_BUFFER),
                        remote,
                        ConcurrentHashMap.newKeySet()));
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
        Page page = pages.get(session.getId());
        if (page == null) {
            return;
        }
        JsonNode said;
        try {
            said = json.readTree(message.getPayload());
        } catch (JacksonException e) {
            session.close(CloseStatus.BAD_DATA);
            return;
        }
        switch (said.path("type").asString("")) {
            case "join" -> {
                for (JsonNode name : said.path("topics")) {
                    join(page, name.asString(""), principal(session));
                }
            }
            case "ping" -> send(page, json.createObjectNode().put("type", "pong"));
            default -> {
                // a newer page may know more than we do
            }
        }
    }

    private static @Nullable AccountPrincipal principal(WebSocketSession session) {
        Principal principal = session.getPrincipal();
        return principal instanceof Authentication authentication
                        && authentication.getPrincipal() instanceof AccountPrincipal account
                ? account
                : null;
    }

    private void join(Page page, String name, @Nullable AccountPrincipal principal) {
        Optional<Topic> topic = name.length() > MAX_TOPIC_NAME || page.topics().size() >= MAX_TOPICS
                ? Optional.empty()
                : topics.stream().filter(candidate -> candidate.owns(name)).findFirst();
        Optional<List<?>> first = topic.flatMap(found -> found.join(name, principal, page.remote()));
        if (first.isEmpty()) {
            send(page, json.createObjectNode().put("type", "refused").put("topic", name));
            return;
        }
        page.topics().add(name);
        members.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet()).add(page);
        // Joined first, told second: a change in between is told twice, never lost.
        for (Object message : first.get()) {
            send(page, envelope(name, message));
        }
    }

    private ObjectNode envelope(String topic, Object message) {
        ObjectNode node = json.valueToTree(message);
        node.put("topic", topic);
        node.put("seq", sequences.computeIfAbsent(topic, _ -> new AtomicLong()).incrementAndGet());
        return node;
    }

    private void send(Page page, ObjectNode message) {
        send(page, new TextMessage(json.writeValueAsString(message)));
    }

    private void send(Page page, TextMessage message) {
        try {
            page.session().sendMessage(message);
        } catch (IOException | RuntimeException e) {
            LOG.debug("A page did not take its message", e);
            leave(page);
            try {
                page.session().close(CloseStatus.SESSION_NOT_RELIABLE);
            } catch (IOException | RuntimeException closing) {
                LOG.debug("Nor its close", closing);
            }
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        Page page = pages.get(session.getId());
        if (page != null) {
            leave(page);
        }
    }

    private void leave(Page page) {
        pages.remove(page.session().getId());
        for (String topic : page.topics()) {
            members.computeIfPresent(topic, (name, joined) -> {
                joined.remove(page);
                if (joined.isEmpty()) {
                    sequences.remove(name);
                    return null;
                }
                return joined;
            });
        }
    }

    // ---- sending ----------------------------------------------------------------------------------------------

    @Override
    public boolean anybody(String topic) {
        return members.containsKey(topic);
    }

    @Override
    public void publish(String topic, Object message) {
        Set<Page> joined = members.get(topic);
        if (joined != null) {
            TextMessage text = new TextMessage(json.writeValueAsString(envelope(topic, message)));
            joined.forEach(page -> send(page, text));
        }
    }

    @Override
    public void publishAt(String topicPrefix, String remote, Object message) {
        members.forEach((topic, joined) -> {
            if (topic.startsWith(topicPrefix)) {
                joined.stream()
                        .filter(page -> page.remote().equals(remote))
                        .forEach(page -> send(page, envelope(topic, message)));
            }
        });
    }

    // ---- shutdown ---------------------------------------------------------------------------------------------

    @Override
    public void start() {
        running = true;
    }

    /** Tells every page when to come back, each at another moment. */
    @Override
    public void stop() {
        running = false;
        for (Page page : pages.values()) {
            int millis = ThreadLocalRandom.current().nextInt(500, RECONNECT_WITHIN_MILLIS);
            send(page, json.createObjectNode().put("type", "reconnect-after").put("millis", millis));
            try {
                page.session().close(CloseStatus.SERVICE_RESTARTED);
            } catch (IOException | RuntimeException e) {
                LOG.debug("A page was gone already", e);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped before the web server is. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
