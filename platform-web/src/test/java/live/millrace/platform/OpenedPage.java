// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import live.millrace.media.testing.Wait;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An open page as tests have it: its socket, and what it was told. */
public final class OpenedPage implements WebSocket.Listener {
    private static final JsonMapper JSON = new JsonMapper();

    public final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();
    final WebSocket socket;
    public volatile boolean closed;
    volatile int closedWith;

    public OpenedPage(HttpClient client, int port, @Nullable String session) {
        this(session == null ? null : "SESSION=" + session, client, port);
    }

    /** Of a guest without an account. */
    public static OpenedPage ofGuest(HttpClient client, int port, String secret) {
        return new OpenedPage("guest=" + secret, client, port);
    }

    private OpenedPage(@Nullable String cookie, HttpClient client, int port) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (cookie != null) {
            builder.header("Cookie", cookie);
        }
        socket = builder.buildAsync(URI.create("ws://localhost:" + port + "/api/v1/socket"), this)
                .join();
    }

    public void abort() {
        socket.abort();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            told.add(JSON.readTree(part.toString()));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closedWith = code;
        closed = true;
        return null;
    }

    public OpenedPage join(String topic) {
        send("{\"type\":\"join\",\"topics\":[\"" + topic + "\"]}");
        return this;
    }

    public OpenedPage join(String topic, long since) {
        send("{\"type\":\"join\",\"topics\":[\"%1$s\"],\"since\":{\"%1$s\":%2$d}}".formatted(topic, since));
        return this;
    }

    public String say(String topic, String text) {
        String id = UUID.randomUUID().toString();
        say(topic, text, id);
        return id;
    }

    /** Answers a message. */
    public String reply(String topic, String text, long to) {
        String id = UUID.randomUUID().toString();
        send(JSON.writeValueAsString(JSON.createObjectNode()
                .put("type", "say")
                .put("topic", topic)
                .put("id", id)
                .put("text", text)
                .put("replyTo", to)));
        return id;
    }

    public void say(String topic, String text, String id) {
        send(JSON.writeValueAsString(JSON.createObjectNode()
                .put("type", "say")
                .put("topic", topic)
                .put("id", id)
                .put("text", text)));
    }

    public void send(String text) {
        socket.sendText(text, true).join();
    }

    public JsonNode waitFor(Predicate<JsonNode> wanted) {
        until(() -> told.stream().anyMatch(wanted));
        return told.stream().filter(wanted).findFirst().orElseThrow();
    }

    public JsonNode answer(String id) {
        return waitFor(message -> message.path("id").asString("").equals(id));
    }

    public List<String> messages() {
        return told.stream()
                .filter(message -> message.path("type").asString("").equals("messages")
                        || message.path("type").asString("").equals("history"))
                .flatMap(message -> message.path("messages").valueStream())
                .map(line -> line.path("seq").asLong() + " "
                        + line.path("tokens").path(0).path("v").asString(""))
                .toList();
    }

    public static void until(BooleanSupplier condition) {
        try {
            Wait.until("the page is told", Duration.ofSeconds(15), condition::getAsBoolean);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
