// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Order in rooms: what those who keep one do, and what everybody sees of it at once. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ModerationRoomTest {
    private static final JsonMapper JSON = new JsonMapper();

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
    private WordLists words;

    @Autowired
    private JdbcClient database;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<OpenedPage> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        open.forEach(page -> page.socket.abort());
        client.shutdownNow();
    }

    private record Person(String name, String session, AccountPrincipal principal, long channelId) {
        String topic() {
            return "chat:" + name;
        }
    }

    private static String name() {
        return "o"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
    }

    private Person person() throws Exception {
        return person(name());
    }

    private Person person(String name) throws Exception {
        Cookie session = site.perform(post("/signup")
                        .with(csrf())
                        .param("username", name)
                        .param("email", name + "@example.org")
                        .param("password", "three quiet herons"))
                .andReturn()
                .getResponse()
                .getCookie("SESSION");
        AccountPrincipal principal = accounts.findForLogin(name).orElseThrow();
        return new Person(
                name,
                Objects.requireNonNull(session).getValue(),
                principal,
                channels.ofAccount(principal.accountId()).id());
    }

    private OpenedPage page(@Nullable Person person, Person in) {
        OpenedPage page = new OpenedPage(client, port, person == null ? null : person.session());
        open.add(page);
        page.join(in.topic());
        page.waitFor(message -> message.path("type").asString("").equals("history"));
        return page;
    }

    /** Says something and waits for its number. */
    private static long say(OpenedPage page, Person in, String text) {
        return page.answer(page.say(in.topic(), text)).path("seq").asLong(-1);
    }

    private static String refusal(OpenedPage page, Person in, String text) {
        return page.answer(page.say(in.topic(), text)).path("reason").asString("");
    }

    private ResultActions act(Person by, Person in, ObjectNode act) throws Exception {
        return site.perform(post("/api/v1/channels/" + in.name() + "/moderation/actions")
                .with(user(by.principal()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(act.toString()));
    }

    private ResultActions command(Person by, Person in, String text) throws Exception {
        return site.perform(post("/api/v1/channels/" + in.name() + "/moderation/commands")
                .with(user(by.principal()))
                .with(csrf())
                .contentType(MediaType.APPLICATION_JSON)
                .content(JSON.createObjectNode().put("text", text).toString()));
    }

    private static ObjectNode kind(String kind) {
        return JSON.createObjectNode().put("kind", kind);
    }

    private static boolean is(JsonNode message, String type) {
        return message.path("type").asString("").equals(type);
    }

    private long done(ResultActions answer) throws Exception {
        return JSON.readTree(answer.andExpect(status().isOk())
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .path("action")
                .path("id")
                .asLong();
    }

    // ---- lines ------------------------------------------------------------------------------------------------

    @Test
    void aDeletedLineIsGoneForEverybodyAndStruckForKeepers() throws Exception {
        Person anna = person();
        Person bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage strangers = page(null, anna);
        long seq = say(bobs, anna, "something bad");
        long action = done(act(anna, anna, kind("delete").put("seq", seq)));
        strangers.waitFor(message ->
                is(message, "removed") && message.path("seqs").path(0).asLong() == seq);
        // Whoever comes now is told nothing of it, but those who keep order.
        assertThat(page(null, anna).messages()).isEmpty();
        JsonNode kept = page(anna, anna).told.stream()
                .filter(message -> is(message, "history"))
                .findFirst()
                .orElseThrow();
        assertThat(kept.path("messages").path(0).path("removed").asBoolean()).isTrue();
        // A page that comes back learns that it shows what is gone.
        OpenedPage back = new OpenedPage(client, port, null);
        open.add(back);
        back.join(anna.topic(), seq);
        assertThat(back.waitFor(message -> is(message, "history"))
                        .path("removed")
                        .path(0)
                        .asLong())
                .isEqualTo(seq);
        // Undone, it is back for all.
        site.perform(post("/api/v1/channels/" + anna.name() + "/moderation/actions/" + action + "/undo")
                        .with(user(anna.principal()))
                        .with(csrf()))
                .andExpect(status().isOk());
        assertThat(strangers
                        .waitFor(message -> is(message, "restored"))
                        .path("messages")
                        .path(0)
                        .path("tokens")
                        .path(0)
                        .path("v")
                        .asString(""))
                .isEqualTo("something bad");
        assertThat(page(null, anna).messages()).hasSize(1);
    }

    @Test
    void anUndoIsForItsAuthorAndForSecondsOnly() throws Exception {
        Person anna = person();
        Person bob = person();
        Person cora = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), ChatRight.USUAL);
        long seq = say(page(bob, anna), anna, "hello");
        long action = done(act(anna, anna, kind("delete").put("seq", seq)));
        String path = "/api/v1/channels/" + anna.name() + "/moderation/actions/" + action + "/undo";
        site.perform(post(path).with(user(cora.principal())).with(csrf())).andExpect(status().isUnprocessableContent());
        database.sql("update chat_action set at = at - interval '20 seconds' where id = ?")
                .param(action)
                .update();
        site.perform(post(path).with(user(anna.principal())).with(csrf())).andExpect(status().isUnprocessableContent());
    }

    @Test
    void aPinnedLineIsToldAndLeavesWhenItIsDeleted() throws Exception {
        Person anna = person();
        OpenedPage page = page(null, anna);
        long seq = say(page(anna, anna), anna, "rules: be kind");
        done(act(anna, anna, kind("pin").put("seq", seq)));
        page.waitFor(message ->
                is(message, "room") && message.path("pinned").path("seq").asLong() == seq);
        done(act(anna, anna, kind("delete").put("seq", seq)));
        OpenedPage.until(() -> page.told.reversed().stream()
                .filter(message -> is(message, "room"))
                .findFirst()
                .orElseThrow()
                .path("pinned")
                .isMissingNode());
    }

    // ---- people -----------------------------------------------------------------------------------------------

    @Test
    void aBanActsOnOpenPagesAtOnceAndSurvivesReloadAndLogin() throws Exception {
        Person anna = person();
        Person bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage strangers = page(null, anna);
        long seq = say(bobs, anna, "buy my things");
        long before = System.nanoTime();
        done(act(anna, anna, kind("ban").put("target", bob.name()).put("reason", "spam")));
        JsonNode you = bobs.waitFor(message -> is(message, "you") && message.has("sanction"));
        assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L * 15);
        assertThat(you.path("sanction").path("kind").asString("")).isEqualTo("BAN");
        assertThat(you.path("sanction").path("reason").asString("")).isEqualTo("spam");
        strangers.waitFor(message ->
                is(message, "removed") && message.path("seqs").path(0).asLong() == seq);
        assertThat(refusal(bobs, anna, "me again")).isEqualTo("banned");
        // A new page, and a new session: still banned.
        OpenedPage again = page(bob, anna);
        assertThat(again.waitFor(message -> is(message, "you")).has("sanction")).isTrue();
        assertThat(refusal(again, anna, "me again")).isEqualTo("banned");
        done(command(anna, anna, "/unban " + bob.name()));
        bobs.waitFor(message -> is(message, "you") && !message.has("sanction"));
        assertThat(say(again, anna, "thank you")).isPositive();
    }

    @Test
    void aTimeOutEndsByItself() throws Exception {
        Person anna = person();
        Person bob = person();
        OpenedPage bobs = page(bob, anna);
        done(command(anna, anna, "/timeout " + bob.name() + " 10m calm down"));
        assertThat(refusal(bobs, anna, "no")).isEqualTo("banned");
        database.sql("update chat_sanction set until = now() - interval '1 second' where username = ?")
                .param(bob.name())
                .update();
        // The room asks the database again when something changes in it.
        done(act(anna, anna, kind("slow").put("seconds", 0)));
        assertThat(say(bobs, anna, "sorry")).isPositive();
    }

    @Test
    void aNameIsBannedBeforeAnybodyHasIt() throws Exception {
        Person anna = person();
        String name = name();
        page(null, anna);
        done(act(anna, anna, kind("ban").put("target", name)));
        Person bob = person(name);
        assertThat(refusal(page(bob, anna), anna, "hello")).isEqualTo("banned");
    }

    @Test
    void moderatorsMayWhatTheyWereGivenAndNothingAgainstTheirLike() throws Exception {
        Person anna = person();
        Person cora = person();
        Person dan = person();
        Person bob = person();
        rooms.putModerator(anna.channelId(), cora.principal().accountId(), Set.of(ChatRight.DELETE));
        rooms.putModerator(anna.channelId(), dan.principal().accountId(), ChatRight.ALL);
        long seq = say(page(bob, anna), anna, "hello");
        act(cora, anna, kind("ban").put("target", bob.name())).andExpect(status().isForbidden());
        act(cora, anna, kind("timeout").put("target", bob.name()).put("seconds", 10))
                .andExpect(status().isForbidden());
        act(cora, anna, kind("slow").put("seconds", 10)).andExpect(status().isForbidden());
        act(cora, anna, kind("delete").put("seq", seq)).andExpect(status().isOk());
        // Not against the owner, another moderator, staff, themselves; and not in another room.
        for (Person target : List.of(anna, cora, dan)) {
            act(dan, anna, kind("ban").put("target", target.name())).andExpect(status().isUnprocessableContent());
        }
        String staff = name();
        accounts.register(staff, staff + "@example.org", "three quiet herons", Role.MODERATOR);
        act(dan, anna, kind("ban").put("target", staff)).andExpect(status().isUnprocessableContent());
        act(dan, bob, kind("ban").put("target", cora.name())).andExpect(status().isForbidden());
        act(anna, anna, kind("ban").put("target", cora.name())).andExpect(status().isOk());
        act(cora, anna, kind("delete").put("seq", seq)).andExpect(status().isForbidden());
    }

    @Test
    void whoRunsTheSiteIsKnownByTheirBadge() throws Exception {
        Person anna = person();
        Person chief = person();
        database.sql("update account set role = 'OWNER' where id = ?")
                .param(chief.principal().accountId())
                .update();
        OpenedPage page = page(null, anna);
        say(page(chief, anna), anna, "hello from the staff");
        JsonNode theirs = page.waitFor(message -> is(message, "messages"))
                .path("messages")
                .path(0);
        assertThat(theirs.path("author").path("badges").path(0).asString("")).isEqualTo("admin");
    }

    @Test
    void commandsAreAnsweredInWords() throws Exception {
        Person anna = person();
        Person bob = person();
        command(anna, anna, "/slow 30").andExpect(jsonPath("$.said", containsString("30")));
        assertThat(rooms.settings(anna.channelId()).slowSeconds()).isEqualTo(30);
        command(anna, anna, "/slow off").andExpect(status().isOk());
        assertThat(rooms.settings(anna.channelId()).slowSeconds()).isZero();
        command(anna, anna, "/followers 2h").andExpect(status().isOk());
        assertThat(rooms.settings(anna.channelId()).followMinutes()).isEqualTo(120);
        command(anna, anna, "/followers off").andExpect(status().isOk());
        command(anna, anna, "/title A new evening").andExpect(status().isOk());
        assertThat(channels.find(anna.name()).orElseThrow().title()).isEqualTo("A new evening");
        command(anna, anna, "/warn " + bob.name()).andExpect(status().isUnprocessableContent());
        act(anna, anna, JSON.createObjectNode()).andExpect(status().isUnprocessableContent());
        act(anna, anna, kind("dance").put("seq", 1)).andExpect(status().isUnprocessableContent());
        command(anna, anna, "/dance").andExpect(jsonPath("$.detail", containsString("no such command")));
        command(anna, anna, "/timeout").andExpect(status().isUnprocessableContent());
        command(bob, anna, "/clear").andExpect(status().isForbidden());
    }

    @Test
    void aWarningReachesWhomItIsMeantForAlone() throws Exception {
        Person anna = person();
        Person bob = person();
        OpenedPage bobs = page(bob, anna);
        OpenedPage strangers = page(null, anna);
        done(command(anna, anna, "/warn " + bob.name() + " please be kind"));
        assertThat(bobs.waitFor(message -> is(message, "warned")).path("reason").asString(""))
                .isEqualTo("please be kind");
        assertThat(strangers.told).noneMatch(message -> is(message, "warned"));
    }

    @Test
    void theCardTellsWhatWasBefore() throws Exception {
        Person anna = person();
        Person bob = person();
        say(page(bob, anna), anna, "hello");
        done(act(anna, anna, kind("note").put("target", bob.name()).put("reason", "friend of Cora")));
        String path = "/api/v1/channels/" + anna.name() + "/moderation/people/" + bob.name();
        site.perform(get(path).with(user(anna.principal())))
                .andExpect(jsonPath("$.messages").value(1))
                .andExpect(jsonPath("$.actions[0].reason").value("friend of Cora"));
        site.perform(get(path).with(user(bob.principal()))).andExpect(status().isForbidden());
    }

    // ---- words and raids --------------------------------------------------------------------------------------

    @Test
    void aListedWordWaitsOrIsRefused() throws Exception {
        Person anna = person();
        Person bob = person();
        words.add(anna.channelId(), List.of("casino"), WordLists.Effect.HOLD);
        words.add(anna.channelId(), List.of("垃圾"), WordLists.Effect.BLOCK);
        OpenedPage bobs = page(bob, anna);
        OpenedPage annas = page(anna, anna);
        annas.join("held:" + anna.name());
        String id = bobs.say(anna.topic(), "come to my CАSINO"); // a Cyrillic A
        assertThat(bobs.answer(id).path("type").asString("")).isEqualTo("waits");
        JsonNode held = annas.waitFor(
                message -> is(message, "held") && !message.path("messages").isEmpty());
        assertThat(held.path("messages").path(0).path("reason").asString("")).isEqualTo("words");
        annas.send(JSON.createObjectNode()
                .put("type", "allow")
                .put("topic", "held:" + anna.name())
                .put("id", held.path("messages").path(0).path("id").asLong())
                .put("trust", true)
                .toString());
        OpenedPage.until(() -> bobs.messages().stream().anyMatch(line -> line.contains("come to my")));
        // Trusted for ten minutes, the next one does not wait; a blocked one is refused all the same.
        assertThat(say(bobs, anna, "the casino is open")).isPositive();
        assertThat(refusal(bobs, anna, "这是垃 圾".replace(" ", "\u2060"))).isEqualTo("words");
    }

    @Test
    void theShieldKeepsNewAccountsOutAndTheSweepBansThem() throws Exception {
        Person anna = person();
        Person old = person();
        database.sql("update account set created_at = created_at - interval '30 days' where id = ?")
                .param(old.principal().accountId())
                .update();
        OpenedPage olds = page(old, anna);
        List<Person> raiders = List.of(person(), person(), person());
        for (Person raider : raiders) {
            say(page(raider, anna), anna, "raid " + raider.name());
        }
        assertThat(say(olds, anna, "what is going on?")).isPositive();
        done(command(anna, anna, "/shield on"));
        olds.waitFor(
                message -> is(message, "room") && message.path("shieldHours").asInt() == 24);
        assertThat(refusal(page(raiders.getFirst(), anna), anna, "more")).isEqualTo("shield");
        act(anna, anna, kind("sweep")).andExpect(jsonPath("$.action.excerpt").value("3"));
        for (Person raider : raiders) {
            assertThat(page(raider, anna).waitFor(message -> is(message, "you")).has("sanction"))
                    .isTrue();
        }
        assertThat(page(null, anna).messages()).hasSize(1);
        done(command(anna, anna, "/shield off"));
        assertThat(page(old, anna).waitFor(message -> is(message, "you")).has("sanction"))
                .isFalse();
    }

    @Test
    void manyWhoSayTheSameRaiseTheShield() throws Exception {
        Person anna = person();
        OpenedPage strangers = page(null, anna);
        for (int i = 0; i < 10; i++) {
            page(person(), anna).say(anna.topic(), "follow my great channel!!");
        }
        strangers.waitFor(
                message -> is(message, "room") && message.path("shieldHours").asInt() > 0);
        assertThat(refusal(page(person(), anna), anna, "something else")).isEqualTo("shield");
    }
}
