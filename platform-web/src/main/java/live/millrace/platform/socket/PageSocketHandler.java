// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.shared.RemoteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedRuntimeException;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One socket for each open page. A page joins topics by name, gets what there is to know, then every change, in order. It may say
 * things to the topics that it joined.
 */
@Component
class PageSocketHandler extends TextWebSocketHandler implements PageSockets, SmartLifecycle {
    private static final int MAX_TOPICS = 8;
    private static final int MAX_SOCKETS = 20_000;

    /** What is looked up is a name; whatever else a page asks for is refused unseen. */
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-z]{1,20}(?:[:/][A-Za-z0-9_.-]{1,40}){0,2}");

    private static final int RECONNECT_WITHIN_MILLIS = 5_000;
    private static final int LAST_WORDS_SECONDS = 3;

    /** How long the network may take for one message; the socket ends then. */
    private static final long SEND_MILLIS = 15_000;

    /** How long a thread waits for the network with a pong or a goodbye. */
    private static final long CONTROL_MILLIS = 2_000;

    private final ObjectProvider<Topic> topics;
    private final JsonMapper json;
    private volatile ExecutorService threads = PageWriters.start();
    private final SocketShare share = new SocketShare();
    private final Map<String, OpenPage> pages = new ConcurrentHashMap<>();
    private final Map<String, TopicMembers> members = new ConcurrentHashMap<>();
    private final ProgramPages programs = new ProgramPages();
    private volatile boolean running;

    PageSocketHandler(ObjectProvider<Topic> topics, JsonMapper json, MeterRegistry meters) {
        this.topics = topics;
        this.json = json;
        Gauge.builder("millrace.socket.pages", pages, Map::size)
                .description("Pages with an open socket")
                .register(meters);
    }

    @Override
    public void afterConnectionEstablished(WebSocketSession session) throws IOException {
        if (!running || pages.size() >= MAX_SOCKETS) {
            session.close(CloseStatus.SERVICE_OVERLOAD);
            return;
        }
        InetSocketAddress address = session.getRemoteAddress();
        String remote = address == null || address.getAddress() == null
                ? "unknown"
                : RemoteAddress.ofMachine(address.getAddress().getHostAddress());
        AccountPrincipal principal = principal(session);
        if (!share.enter(principal, remote)) {
            session.close(CloseStatus.SERVICE_OVERLOAD);
            return;
        }
        PageWire wire = PageWire.of(session, SEND_MILLIS, CONTROL_MILLIS);
        programs.opened(session);
        pages.put(
                session.getId(),
                new OpenPage(
                        session.getId(),
                        wire,
                        principal,
                        remote,
                        threads,
                        json,
                        OpenPage.notes(session.getAttributes())));
    }

    private static @Nullable AccountPrincipal principal(WebSocketSession session) {
        Principal principal = session.getPrincipal();
        return principal instanceof Authentication authentication
                        && authentication.getPrincipal() instanceof AccountPrincipal account
                ? account
                : null;
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
        OpenPage page = pages.get(session.getId());
        if (page == null) {
            return;
        }
        if (!page.mayTalk()) {
            page.close(CloseStatus.POLICY_VIOLATION);
            return;
        }
        JsonNode said;
        try {
            said = json.readTree(message.getPayload());
        } catch (JacksonException e) {
            page.close(CloseStatus.BAD_DATA);
            return;
        }
        if (!SaidText.wellFormed(said)) {
            page.close(CloseStatus.BAD_DATA);
            return;
        }
        try {
            handle(page, said);
        } catch (NestedRuntimeException e) {
            if (!DatabaseState.causes(e)) {
                throw e;
            }
            // It comes back by itself, and then there may be an answer.
            page.close(CloseStatus.SERVICE_RESTARTED);
        }
    }

    private void handle(OpenPage page, JsonNode said) {
        switch (said.path("type").asString("")) {
            case "join" -> {
                if (said.path("topics").size() > MAX_TOPICS) {
                    page.close(CloseStatus.POLICY_VIOLATION);
                    return;
                }
                for (JsonNode name : said.path("topics")) {
                    if (!page.mayJoin()) {
                        page.close(CloseStatus.POLICY_VIOLATION);
                        return;
                    }
                    JsonNode since = said.path("since").path(name.asString(""));
                    join(
                            page,
                            name.asString(""),
                            since.isIntegralNumber() && since.canConvertToLong() ? since.asLong() : Topic.FROM_NOW);
                }
            }
            case "ping" ->
                page.send(new TextMessage(
                        json.writeValueAsString(json.createObjectNode().put("type", "pong"))));
            default -> {
                String topic = said.path("topic").asString("");
                if (page.topics().contains(topic)) {
                    topic(topic).ifPresent(found -> found.receive(topic, page, said));
                }
            }
        }
    }

    private Optional<Topic> topic(String name) {
        return topics.stream().filter(candidate -> candidate.owns(name)).findFirst();
    }

    private void join(OpenPage page, String name, long since) {
        Optional<Topic> topic = !TOPIC_NAME.matcher(name).matches()
                        || (page.topics().size() >= MAX_TOPICS && !page.topics().contains(name))
                ? Optional.empty()
                : topic(name).filter(found -> programs.mayFollow(page.id(), found));
        if (topic.isEmpty() || !join(page, name, topic.get(), since)) {
            page.send(name, json.createObjectNode().put("type", "refused"));
        }
    }

    private boolean join(OpenPage page, String name, Topic topic, long since) {
        topic.prepare(name);
        while (true) {
            TopicMembers joined = members.computeIfAbsent(name, _ -> new TopicMembers());
            joined.lock.lock();
            try {
                // There is one such object at a time for each name; this one may have been the last one's.
                if (members.get(name) == joined) {
                    return join(page, name, topic, since, joined);
                }
            } finally {
                joined.lock.unlock();
            }
        }
    }

    private boolean join(OpenPage page, String name, Topic topic, long since, TopicMembers joined) {
        try {
            Optional<List<?>> first = topic.join(name, page, since);
            if (first.isPresent()) {
                page.topics().add(name);
                joined.remove(page);
                (topic.tells(name, page) ? joined.pages : joined.untold).add(page);
                first.get().forEach(event -> page.send(name, event));
                if (!pages.containsKey(page.id())) {
                    // It left while it joined.
                    joined.remove(page);
                }
            }
            return first.isPresent();
        } finally {
            if (joined.isEmpty()) {
                members.remove(name, joined);
            }
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        programs.closed(session.getId());
        OpenPage page = pages.remove(session.getId());
        if (page == null) {
            return;
        }
        share.leave(page.principal(), page.remote());
        for (String topic : page.topics()) {
            TopicMembers joined = members.get(topic);
            if (joined != null) {
                joined.lock.lock();
                try {
                    joined.remove(page);
                    if (joined.isEmpty()) {
                        members.remove(topic, joined);
                    }
                } finally {
                    joined.lock.unlock();
                }
            }
        }
    }

    // ---- sending ----------------------------------------------------------------------------------------------

    @Override
    public boolean anybody(String topic) {
        return members.containsKey(topic);
    }

    @Override
    public Set<String> topics(String prefix) {
        return members.keySet().stream()
                .filter(topic -> topic.startsWith(prefix))
                .collect(Collectors.toSet());
    }

    @Override
    public Followers followers(String topic) {
        TopicMembers joined = members.get(topic);
        if (joined == null) {
            return new Followers(Set.of(), Set.of(), List.of());
        }
        Set<Long> accounts = new HashSet<>();
        Set<Long> staff = new HashSet<>();
        List<Page> strangers = new ArrayList<>();
        joined.lock.lock();
        try {
            for (OpenPage page : joined.pages) {
                AccountPrincipal principal = page.principal();
                if (principal == null) {
                    strangers.add(page);
                } else {
                    accounts.add(principal.accountId());
                    if (principal.staff()) {
                        staff.add(principal.accountId());
                    }
                }
            }
        } finally {
            joined.lock.unlock();
        }
        return new Followers(Set.copyOf(accounts), Set.copyOf(staff), List.copyOf(strangers));
    }

    @Override
    public void publish(String topic, Object event) {
        TopicMembers joined = members.get(topic);
        if (joined == null) {
            return;
        }
        ObjectNode node = json.valueToTree(event);
        node.put("topic", topic);
        TextMessage text = new TextMessage(json.writeValueAsString(node));
        joined.lock.lock();
        try {
            joined.pages.forEach(page -> page.send(text));
        } finally {
            joined.lock.unlock();
        }
    }

    @Override
    public void publish(String topic, Runnable first, Object event) {
        ObjectNode node = json.valueToTree(event);
        node.put("topic", topic);
        TextMessage text = new TextMessage(json.writeValueAsString(node));
        while (true) {
            TopicMembers joined = members.computeIfAbsent(topic, _ -> new TopicMembers());
            joined.lock.lock();
            try {
                if (members.get(topic) == joined) {
                    first.run();
                    joined.pages.forEach(page -> page.send(text));
                    if (joined.isEmpty()) {
                        members.remove(topic, joined);
                    }
                    return;
                }
            } finally {
                joined.lock.unlock();
            }
        }
    }

    @Override
    public void tell(String topic, Predicate<Page> which, Object event) {
        TopicMembers joined = members.get(topic);
        if (joined == null) {
            return;
        }
        joined.lock.lock();
        try {
            joined.pages.stream().filter(which).forEach(page -> page.send(topic, event));
        } finally {
            joined.lock.unlock();
        }
    }

    @Override
    public void publishAt(String topicPrefix, String remote, Object event) {
        for (OpenPage page : pages.values()) {
            if (page.remote().equals(remote)) {
                page.topics().stream()
                        .filter(topic -> topic.startsWith(topicPrefix))
                        .forEach(topic -> page.send(topic, event));
            }
        }
    }

    @Override
    public void renew(String topic, Predicate<Page> which) {
        TopicMembers joined = members.get(topic);
        if (joined == null) {
            return;
        }
        joined.lock.lock();
        try {
            Stream.concat(joined.pages.stream(), joined.untold.stream())
                    .filter(which)
                    .forEach(page -> page.close(CloseStatus.SERVICE_RESTARTED));
        } finally {
            joined.lock.unlock();
        }
    }

    @Override
    public void disconnect(long accountId) {
        for (OpenPage page : pages.values()) {
            AccountPrincipal principal = page.principal();
            if (principal != null && principal.accountId() == accountId) {
                page.close(CloseStatus.SERVICE_RESTARTED);
            }
        }
    }

    /** Whoever is signed in on a page by a session; somebody with several comes several times. */
    List<AccountPrincipal> signedIn() {
        return pages.values().stream()
                .filter(page -> !programs.contains(page.id()))
                .map(OpenPage::principal)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Closes the sockets of programs whose token is not good any more. */
    void closePrograms(Predicate<String> good) {
        programs.lost(good).stream()
                .map(pages::get)
                .filter(Objects::nonNull)
                .forEach(page -> page.close(CloseStatus.POLICY_VIOLATION));
    }

    // ---- shutdown ---------------------------------------------------------------------------------------------

    @Override
    public void start() {
        if (threads.isShutdown()) {
            threads = PageWriters.start();
        }
        running = true;
    }

    /** Tells every page when to come back, each at another moment. */
    @Override
    public void stop() {
        running = false;
        for (OpenPage page : new ArrayList<>(pages.values())) {
            int millis = ThreadLocalRandom.current().nextInt(500, RECONNECT_WITHIN_MILLIS);
            page.send(new TextMessage(json.writeValueAsString(
                    json.createObjectNode().put("type", "reconnect-after").put("millis", millis))));
            page.close(CloseStatus.SERVICE_RESTARTED);
        }
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
