// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import jakarta.servlet.http.Cookie;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import tools.jackson.databind.JsonNode;

/** The database fails while a room talks: every author is answered, every line is told once, and the room goes on. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class RoomHealsTest {
    @TestConfiguration
    static class Broken {
        @Bean
        static BrokenCommits commits(ObjectProvider<DataSource> database) {
            return new BrokenCommits("chat-writer", database);
        }
    }

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

    @Autowired
    private BrokenCommits commits;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<OpenedPage> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        open.forEach(page -> page.socket.abort());
        client.shutdownNow();
    }

    private record Person(String name, String session, long accountId, long channelId) {}

    private Person person() throws Exception {
        String name = "h"
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

    private OpenedPage page(@Nullable Person person, String topic) {
        OpenedPage page = new OpenedPage(client, port, person == null ? null : person.session());
        open.add(page);
        page.join(topic);
        page.waitFor(type("history"));
        return page;
    }

    private static Predicate<JsonNode> type(String type) {
        return message -> message.path("type").asString("").equals(type);
    }

    private static String answered(OpenedPage page, String id) {
        JsonNode answer = page.answer(id);
        return answer.path("type").asString() + answer.path("reason").asString("");
    }

    private List<String> stored(Person owner) {
        return database.sql("select seq || ' ' || text from chat_message where channel_id = ? order by seq")
                .param(owner.channelId())
                .query(String.class)
                .list();
    }

    @ParameterizedTest
    @EnumSource(BrokenCommits.Fate.class)
    void aCommitOfUnknownOutcomeCostsNoLineAndTellsNoneTwice(BrokenCommits.Fate fate) throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        OpenedPage speaker = page(anna, topic);
        OpenedPage listener = page(null, topic);
        assertThat(answered(speaker, speaker.say(topic, "before"))).isEqualTo("said");
        OpenedPage.until(() -> listener.messages().size() == 1);
        commits.next(fate, 0);
        String id = speaker.say(topic, "broken");
        boolean made = fate == BrokenCommits.Fate.MADE_UNHEARD || fate == BrokenCommits.Fate.KILLED_AFTER;
        assertThat(answered(speaker, id)).isEqualTo(made ? "said" : "not-saidunavailable");
        assertThat(answered(speaker, speaker.say(topic, "after"))).isEqualTo("said");
        List<String> wanted = made ? List.of("1 before", "2 broken", "3 after") : List.of("1 before", "2 after");
        OpenedPage.until(() -> listener.messages().size() >= wanted.size()
                && speaker.messages().size() >= wanted.size());
        assertThat(listener.messages()).isEqualTo(wanted);
        assertThat(speaker.messages()).isEqualTo(wanted);
        assertThat(stored(anna)).isEqualTo(wanted);
        assertThat(page(null, topic).messages()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @EnumSource(BrokenCommits.Fate.class)
    void whileNobodyCanSayWhatBecameOfALineItsAuthorIsNotAnswered(BrokenCommits.Fate fate) throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        OpenedPage speaker = page(anna, topic);
        OpenedPage listener = page(null, topic);
        commits.next(fate, 3);
        String id = speaker.say(topic, "broken");
        OpenedPage.until(() -> commits.refused() >= 1);
        String meanwhile = speaker.say(topic, "meanwhile");
        boolean made = fate == BrokenCommits.Fate.MADE_UNHEARD || fate == BrokenCommits.Fate.KILLED_AFTER;
        assertThat(answered(speaker, id)).isEqualTo(made ? "said" : "not-saidunavailable");
        assertThat(commits.refused()).isEqualTo(3);
        String answer = answered(speaker, meanwhile);
        assertThat(answer).isIn("said", "not-saidunavailable");
        assertThat(answered(speaker, speaker.say(topic, "after"))).isEqualTo("said");
        OpenedPage.until(() -> listener.messages().stream().anyMatch(line -> line.endsWith(" after")));
        assertThat(listener.messages()).isEqualTo(stored(anna));
        assertThat(stored(anna).stream().anyMatch(line -> line.endsWith(" broken")))
                .isEqualTo(made);
        assertThat(stored(anna).stream().anyMatch(line -> line.endsWith(" meanwhile")))
                .isEqualTo(answer.equals("said"));
    }

    @Test
    void aLineThatIsStoredAndNotToldIsToldWithTheNext() throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        OpenedPage speaker = page(anna, topic);
        OpenedPage listener = page(null, topic);
        assertThat(answered(speaker, speaker.say(topic, "one"))).isEqualTo("said");
        // As by a process that died before it told the room.
        store(anna, anna, 2, "two");
        assertThat(answered(speaker, speaker.say(topic, "three"))).isEqualTo("said");
        OpenedPage.until(() -> listener.messages().size() >= 3);
        assertThat(listener.messages()).containsExactly("1 one", "2 two", "3 three");
    }

    private void store(Person owner, Person author, long seq, String text) {
        database.sql("update chat_room set last_seq = ? where channel_id = ?")
                .param(seq)
                .param(owner.channelId())
                .update();
        database.sql("insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)"
                        + " values (?, ?, ?, gen_random_uuid(), ?, now())")
                .param(owner.channelId())
                .param(seq)
                .param(author.accountId())
                .param(text)
                .update();
    }

    @Test
    void numbersThatTheRoomDoesNotKnowOfAreNoReasonToBeSilent() throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        OpenedPage speaker = page(anna, topic);
        assertThat(answered(speaker, speaker.say(topic, "one"))).isEqualTo("said");
        // Messages that were brought in by hand, past the room's count.
        store(anna, anna, 2, "two");
        database.sql("update chat_room set last_seq = 1 where channel_id = ?")
                .param(anna.channelId())
                .update();
        assertThat(answered(speaker, speaker.say(topic, "three"))).isEqualTo("said");
        OpenedPage.until(() -> speaker.messages().size() >= 3);
        assertThat(speaker.messages()).containsExactly("1 one", "2 two", "3 three");
    }

    @Test
    void aLineThatCannotBeStoredCostsNoneOfTheOthers() throws Exception {
        Person anna = person();
        Person bob = person();
        String one = "chat:" + anna.name();
        String other = "chat:" + bob.name();
        OpenedPage speaker = page(anna, one);
        speaker.join(other);
        OpenedPage.until(() -> speaker.told.stream().filter(type("history")).count() == 2);
        OpenedPage good = page(bob, other);
        // The same id in two rooms, as no honest page has it.
        String id = UUID.randomUUID().toString();
        speaker.say(one, "mine", id);
        assertThat(answered(speaker, id)).isEqualTo("said");
        String said = good.say(other, "good");
        speaker.say(other, "bad", id);
        assertThat(answered(good, said)).isEqualTo("said");
        OpenedPage.until(() -> speaker.told.stream().filter(type("not-said")).count() == 1);
        assertThat(stored(bob)).containsExactly("1 good");
    }

    @Test
    void aLineThatIsSentTwiceAtOnceIsOneLine() throws Exception {
        Person anna = person();
        String topic = "chat:" + anna.name();
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 0, ChatSettings.Links.ALLOWED, true));
        OpenedPage page = page(anna, topic);
        OpenedPage again = page(anna, topic);
        String id = UUID.randomUUID().toString();
        page.say(topic, "once", id);
        again.say(topic, "once", id);
        assertThat(answered(page, id)).isEqualTo("said");
        assertThat(answered(again, id)).isEqualTo("said");
        assertThat(answered(page, page.say(topic, "next"))).isEqualTo("said");
        OpenedPage.until(() -> again.messages().size() >= 2);
        assertThat(again.messages()).containsExactly("1 once", "2 next");
    }

    @Test
    void aLineThatWaitedIsNotLostWhenItCannotBeStored() throws Exception {
        Person anna = person();
        Person bob = person();
        rooms.change(
                anna.channelId(),
                new ChatSettings(ChatSettings.Writers.EVERYONE, 0, 0, ChatSettings.Links.HELD, false));
        String topic = "chat:" + anna.name();
        String held = "held:" + anna.name();
        OpenedPage speaker = page(bob, topic);
        OpenedPage owner = page(anna, topic);
        owner.join(held);
        owner.waitFor(type("held"));
        assertThat(answered(speaker, speaker.say(topic, "http://example.org/x")))
                .isEqualTo("waits");
        long id = owner.waitFor(message ->
                        type("held").test(message) && !message.path("messages").isEmpty())
                .path("messages")
                .path(0)
                .path("id")
                .asLong();
        commits.next(BrokenCommits.Fate.UNMADE_UNHEARD, 0);
        int told = owner.told.size();
        owner.send("{\"type\":\"allow\",\"topic\":\"" + held + "\",\"id\":" + id + "}");
        OpenedPage.until(() -> owner.told.stream().skip(told).anyMatch(type("held")));
        assertThat(owner.told.stream()
                        .skip(told)
                        .filter(type("held"))
                        .findFirst()
                        .orElseThrow()
                        .path("messages"))
                .hasSize(1);
        assertThat(stored(anna)).isEmpty();
        owner.send("{\"type\":\"allow\",\"topic\":\"" + held + "\",\"id\":" + id + "}");
        OpenedPage.until(() -> speaker.messages().size() == 1);
        OpenedPage.until(() -> owner.told.stream()
                .skip(told)
                .anyMatch(message ->
                        type("held").test(message) && message.path("messages").isEmpty()));
        assertThat(stored(anna)).hasSize(1);
    }

    @Test
    void everyChannelHasARoomThatCountsFromItsHighestLine() throws Exception {
        Person anna = person();
        Person bob = person();
        store(anna, anna, 7, "seven");
        database.sql("delete from chat_room where channel_id in (?, ?)")
                .param(anna.channelId())
                .param(bob.channelId())
                .update();
        try (InputStream migration = Objects.requireNonNull(
                getClass().getResourceAsStream("/db/migration/V202611252110__chat_numbers.sql"))) {
            database.sql(new String(migration.readAllBytes(), StandardCharsets.UTF_8))
                    .update();
        }
        assertThat(lastSeq(anna)).isEqualTo(7);
        assertThat(lastSeq(bob)).isZero();
    }

    private long lastSeq(Person owner) {
        return database.sql("select last_seq from chat_room where channel_id = ?")
                .param(owner.channelId())
                .query(Long.class)
                .single();
    }
}
