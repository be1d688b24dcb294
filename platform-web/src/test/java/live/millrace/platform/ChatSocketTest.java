// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import jakarta.servlet.http.Cookie;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import tools.jackson.databind.JsonNode;

/** Rooms over the page socket, as pages use them. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ChatSocketTest {

    @LocalServerPort
    private int port;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private ChatRooms rooms;

    @Autowired
    private JdbcClient database;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<OpenedPage> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        open.forEach(page -> page.socket.abort());
        client.shutdownNow();
    }

    /** Somebody with an account. */
    private record Person(String name, String session, long accountId, long channelId) {}

    private Person person() throws Exception {
        String name = "c"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        Cookie session = site.perform(post("/signup")
                        .with(csrf())
                        .param("username", name)
                        .param("email", name + "@example.org")
                        .param("password", "three quiet herons"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");
        long id = accounts.findByUsername(name).orElseThrow().id();
        return new Person(
                name,
                Objects.requireNonNull(session).getValue(),
                id,
                channels.ofAccount(id).id());
    }

    private OpenedPage page(@Nullable Person person) {
        OpenedPage page = new OpenedPage(client, port, person == null ? null : person.session());
        open.add(page);
        return page;
    }

    private static Predicate<JsonNode> type(String type) {
        return message -> message.path("type").asString("").equals(type);
    }

    @Test
    void everybodyHearsWhatASignedInPersonSays() throws Exception {
        Person anna = person();
        Person bob = person();
        String topic = "chat:" + anna.name();
        OpenedPage listener = page(null).join(topic);
        OpenedPage speaker = page(bob).join(topic);
        listener.waitFor(type("history"));
        speaker.waitFor(type("history"));
        JsonNode answer = speaker.answer(speaker.say(topic, "hello @" + anna.name()));
        assertThat(answer.path("type").asString()).isEqualTo("said");
        JsonNode message = listener.waitFor(type("messages")).path("messages").path(0);
        assertThat(message.path("seq").asLong()).isEqualTo(answer.path("seq").asLong());
        assertThat(message.path("author").path("name").asString()).isEqualTo(bob.name());
        assertThat(message.path("tokens").path(1).path("t").asString()).isEqualTo("mention");
        assertThat(listener.answer(listener.say(topic, "let me")).path("reason").asString())
                .isEqualTo("signed-out");
        assertThat(database.sql("select count(*) from chat_message where channel_id = ?")
                        .param(anna.channelId())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void aLineThatIsSentAgainIsOneLine() throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        OpenedPage page = page(anna).join(topic);
        page.waitFor(type("history"));
        String id = page.say(topic, "once");
        long seq = page.answer(id).path("seq").asLong();
        OpenedPage again = page(anna).join(topic, 0);
        again.waitFor(type("history"));
        again.say(topic, "once", id);
        assertThat(again.answer(id).path("seq").asLong()).isEqualTo(seq);
        assertThat(again.messages()).containsExactly(seq + " once");
    }

    @Test
    void aPageGoesOnWhereItWas() throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        database.sql("insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)"
                        + " select ?, i, ?, gen_random_uuid(), 'line ' || i, now() from generate_series(1, 700) i")
                .param(anna.channelId())
                .param(anna.accountId())
                .update();
        OpenedPage fresh = page(null).join(topic);
        JsonNode first = fresh.waitFor(type("history"));
        assertThat(first.path("resumed").asBoolean()).isFalse();
        assertThat(fresh.messages()).hasSize(50).startsWith("651 line 651").endsWith("700 line 700");
        OpenedPage back = page(null).join(topic, 690);
        assertThat(back.waitFor(type("history")).path("resumed").asBoolean()).isTrue();
        assertThat(back.messages()).hasSize(10).startsWith("691 line 691");
        OpenedPage long_ = page(null).join(topic, 100);
        JsonNode summary = long_.waitFor(type("history"));
        assertThat(summary.path("resumed").asBoolean()).isFalse();
        assertThat(summary.path("missed").asLong()).isEqualTo(550);
        assertThat(long_.messages()).hasSize(50);
    }

    @Test
    void whatCannotBeSaidIsAnswered() throws Exception {
        Person anna = person();
        Person bob = person();
        String topic = "chat:" + anna.name();
        OpenedPage page = page(bob).join(topic);
        page.waitFor(type("history"));
        assertThat(page.answer(page.say(topic, "x".repeat(301))).path("reason").asString())
                .isEqualTo("long");
        assertThat(page.answer(page.say(topic, " \u202E ")).path("reason").asString())
                .isEqualTo("empty");
        page.answer(page.say(topic, "same"));
        assertThat(page.answer(page.say(topic, "SAME")).path("reason").asString())
                .isEqualTo("duplicate");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.NOBODY, 0, 0, ChatSettings.Links.ALLOWED, false));
        assertThat(page.answer(page.say(topic, "closed")).path("reason").asString())
                .isEqualTo("off");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.FOLLOWERS, 5, 0, ChatSettings.Links.ALLOWED, false));
        assertThat(page.answer(page.say(topic, "follower")).path("reason").asString())
                .isEqualTo("followers");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.VERIFIED, 0, 0, ChatSettings.Links.ALLOWED, false));
        assertThat(page.answer(page.say(topic, "verified")).path("reason").asString())
                .isEqualTo("verified");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 60, ChatSettings.Links.BLOCKED, false));
        JsonNode slow = page.answer(page.say(topic, "slow"));
        assertThat(slow.path("reason").asString()).isEqualTo("slow");
        assertThat(slow.path("retryMillis").asLong()).isBetween(1L, 60_000L);
        assertThat(page.answer(page.say(topic, "see http://a.b")).path("reason").asString())
                .isEqualTo("links");
        rooms.change(anna.channelId(), ChatSettings.DEFAULT);
        List<String> answers = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> page.answer(page.say(topic, "quick " + i))
                        .path("reason")
                        .asString(""))
                .toList();
        assertThat(answers).contains("fast");
    }

    @Test
    void aLineThatWaitsIsAllowedByTheChannelsPeopleAlone() throws Exception {
        Person anna = person();
        Person bob = person();
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 0, ChatSettings.Links.HELD, false));
        String topic = "chat:" + anna.name();
        String held = "held:" + anna.name();
        OpenedPage speaker = page(bob).join(topic).join(held);
        speaker.waitFor(type("history"));
        speaker.waitFor(type("refused"));
        assertThat(speaker.answer(speaker.say(topic, "http://example.org/x"))
                        .path("type")
                        .asString())
                .isEqualTo("waits");
        OpenedPage owner = page(anna).join(held).join(topic);
        long id =
                owner.waitFor(type("held")).path("messages").path(0).path("id").asLong();
        speaker.send("{\"type\":\"allow\",\"topic\":\"" + held + "\",\"id\":" + id + "}");
        owner.send("{\"type\":\"allow\",\"topic\":\"" + held + "\",\"id\":" + id + "}");
        assertThat(speaker.waitFor(type("messages"))
                        .path("messages")
                        .path(0)
                        .path("tokens")
                        .path(0)
                        .path("t")
                        .asString())
                .isEqualTo("link");
        owner.waitFor(message ->
                type("held").test(message) && message.path("messages").isEmpty());
    }

    @Test
    void aFullQueueHasWordsOfItsOwn() throws Exception {
        Person anna = person();
        Person bob = person();
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 0, ChatSettings.Links.HELD, false));
        database.sql("insert into chat_held_message (channel_id, account_id, client_id, text, held_at, reason)"
                        + " select ?, ?, gen_random_uuid(), 'http://a.b', now(), 'links' from generate_series(1, 200)")
                .param(anna.channelId())
                .param(bob.accountId())
                .update();
        String topic = "chat:" + anna.name();
        OpenedPage page = page(bob).join(topic);
        page.waitFor(type("history"));
        assertThat(page.answer(page.say(topic, "see http://c.d")).path("reason").asString())
                .isEqualTo("full");
    }

    @Test
    void aLineThatWasAllowedAndIsSentAgainWaitsNoMore() throws Exception {
        Person anna = person();
        Person bob = person();
        String topic = "chat:" + anna.name();
        OpenedPage page = page(bob).join(topic);
        page.waitFor(type("history"));
        String id = page.say(topic, "see http://c.d");
        assertThat(page.answer(id).path("type").asString()).isEqualTo("said");
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 0, ChatSettings.Links.HELD, false));
        OpenedPage again = page(bob).join(topic);
        again.waitFor(type("history"));
        again.say(topic, "see http://c.d", id);
        assertThat(again.answer(id).path("type").asString()).isEqualTo("said");
    }

    @Test
    void whoIsSuspendedIsCutOff() throws Exception {
        Person anna = person();
        Person bob = person();
        OpenedPage page = page(bob).join("chat:" + anna.name());
        page.waitFor(type("history"));
        accounts.suspend(bob.accountId(), "spam", null);
        OpenedPage.until(() -> page.closed);
    }

    @Test
    void aPageThatDoesNotReadDelaysNobody() throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        OpenedPage reader = page(null).join(topic);
        reader.waitFor(type("history"));
        try (java.net.Socket deaf = new java.net.Socket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.connect(new java.net.InetSocketAddress("localhost", port));
            deaf.getOutputStream()
                    .write(("GET /api/v1/socket HTTP/1.1\r\nHost: localhost:" + port
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http://localhost:"
                                    + port
                                    + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(deaf.getInputStream().read()).isEqualTo('H');
            byte[] join = ("{\"type\":\"join\",\"topics\":[\"" + topic + "\"]}")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] frame = new byte[6 + join.length];
            frame[0] = (byte) 0x81;
            frame[1] = (byte) (0x80 | join.length);
            System.arraycopy(join, 0, frame, 6, join.length);
            deaf.getOutputStream().write(frame);
            // Rules are told to everybody in the room; large ones, because of the emotes in them.
            long longest = 0;
            for (int i = 0; i < 1_500; i++) {
                long start = System.nanoTime();
                rooms.change(
                        anna.channelId(),
                        new ChatSettings(ChatSettings.Writers.EVERYONE, 0, i % 300, ChatSettings.Links.ALLOWED, false));
                longest = Math.max(longest, System.nanoTime() - start);
            }
            assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(5));
            OpenedPage.until(() -> reader.told.stream().filter(type("room")).count() >= 1_500);
        }
    }
}
