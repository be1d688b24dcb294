// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.chat.ChatRight;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.Sanction;
import live.millrace.platform.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What an undo gives back: all that the act took, and nothing that somebody did after it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class UndoTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private ChatRooms rooms;

    @Autowired
    private ChatModeration moderation;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private AccountPrincipal bob;
    private ChannelView channel;
    private long nextSeq = 1;

    @BeforeEach
    void people() {
        anna = account();
        bob = account();
        channel = channels.ofAccount(anna.accountId());
    }

    private AccountPrincipal account() {
        String name = "u"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                .principal();
    }

    private long line(AccountPrincipal by) {
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                values (?, ?, ?, ?, 'hello', now())
                """)
                .param(channel.id())
                .param(nextSeq)
                .param(by.accountId())
                .param(UUID.randomUUID())
                .update();
        return nextSeq++;
    }

    private static ObjectNode kind(String kind) {
        return JSON.createObjectNode().put("kind", kind);
    }

    private ObjectNode against(String kind, AccountPrincipal whom) {
        return kind(kind)
                .put("target", whom.getUsername())
                .put("reason", "because")
                .put("seconds", 600);
    }

    private JsonNode act(AccountPrincipal by, ObjectNode act) throws Exception {
        return JSON.readTree(site.perform(post("/api/v1/channels/" + channel.name() + "/moderation/actions")
                        .with(user(by))
                        .with(csrf())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(act.toString()))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString());
    }

    private ResultActions undo(AccountPrincipal by, JsonNode done) throws Exception {
        long id = done.path("action").path("id").asLong();
        return site.perform(post("/api/v1/channels/" + channel.name() + "/moderation/actions/" + id + "/undo")
                .with(user(by))
                .with(csrf()));
    }

    private boolean removed(long seq) {
        return moderation.message(channel, seq, null).orElseThrow().removed();
    }

    private @Nullable Long pinned() {
        return database.sql("select coalesce((select pinned_seq from chat_room where channel_id = ?), 0)")
                .param(channel.id())
                .query(Long.class)
                .single();
    }

    private List<Sanction.Kind> sanctions() {
        return moderation.sanctions(channel.id(), 10).stream()
                .map(Sanction::kind)
                .toList();
    }

    private Set<ChatRight> rightsOf(AccountPrincipal somebody) {
        return moderation.rights(channel, somebody);
    }

    // ---- only what can be ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"warn", "note", "slow", "followers", "shield", "title"})
    void whatCannotBeTakenBackOffersNoUndo(String kind) throws Exception {
        JsonNode done = act(anna, against(kind, bob).put("on", true));

        assertThat(done.path("undoable").asBoolean()).isFalse();
        undo(anna, done).andExpect(status().isUnprocessableContent());
        assertThat(database.sql("select undone_at is null from chat_action where id = ?")
                        .param(done.path("action").path("id").asLong())
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void anUndoneUnbanBansAgain() throws Exception {
        act(anna, against("ban", bob));
        JsonNode unban = act(anna, against("unban", bob));
        assertThat(sanctions()).isEmpty();

        assertThat(unban.path("undoable").asBoolean()).isTrue();
        undo(anna, unban).andExpect(status().isOk());

        assertThat(sanctions()).containsExactly(Sanction.Kind.BAN);
    }

    // ---- people -------------------------------------------------------------------------------------------------

    @Test
    void anUndoneBanGivesAModeratorTheirRightsBack() throws Exception {
        rooms.putModerator(channel.id(), bob.accountId(), Set.of(ChatRight.DELETE, ChatRight.SETTINGS));
        long seq = line(bob);
        JsonNode ban = act(anna, against("ban", bob));
        assertThat(rightsOf(bob)).isEmpty();
        assertThat(removed(seq)).isTrue();

        undo(anna, ban).andExpect(status().isOk());

        assertThat(rightsOf(bob)).containsExactlyInAnyOrder(ChatRight.DELETE, ChatRight.SETTINGS);
        assertThat(sanctions()).isEmpty();
        assertThat(removed(seq)).isFalse();
    }

    @Test
    void anUndoneBanLeavesTheTimeOutThatItReplaced() throws Exception {
        act(anna, against("timeout", bob));
        JsonNode ban = act(anna, against("ban", bob));
        assertThat(sanctions()).containsExactly(Sanction.Kind.BAN);

        undo(anna, ban).andExpect(status().isOk());

        assertThat(sanctions()).containsExactly(Sanction.Kind.TIMEOUT);
    }

    @Test
    void anUndoneTimeOutLeavesTheBanThatCameAfterIt() throws Exception {
        JsonNode timeOut = act(anna, against("timeout", bob));
        JsonNode ban = act(anna, against("ban", bob));

        undo(anna, timeOut).andExpect(status().isOk());
        assertThat(sanctions()).containsExactly(Sanction.Kind.BAN);

        undo(anna, ban).andExpect(status().isOk());
        assertThat(sanctions()).isEmpty();
    }

    // ---- lines --------------------------------------------------------------------------------------------------

    @Test
    void aLineThatALaterActHitAsWellStaysGone() throws Exception {
        long seq = line(bob);
        JsonNode delete = act(anna, kind("delete").put("seq", seq));
        JsonNode purge = act(anna, against("purge", bob));

        undo(anna, delete).andExpect(status().isOk());
        assertThat(removed(seq)).isTrue();

        undo(anna, purge).andExpect(status().isOk());
        assertThat(removed(seq)).isFalse();
    }

    @Test
    void aLaterClearKeepsWhatItReachedAndNothingOlder() throws Exception {
        long old = line(bob);
        JsonNode purge = act(anna, against("purge", bob));
        line(anna);
        long deleted = line(anna);
        JsonNode delete = act(anna, kind("delete").put("seq", deleted));
        act(anna, kind("clear"));

        undo(anna, purge).andExpect(status().isOk());
        undo(anna, delete).andExpect(status().isOk());

        assertThat(removed(old)).isFalse();
        assertThat(removed(deleted)).isTrue();
    }

    @Test
    void linesThatWaitedWaitAgain() throws Exception {
        database.sql(
                        "insert into chat_held_message (channel_id, account_id, client_id, text, held_at) values (?, ?, ?, 'a', now())")
                .param(channel.id())
                .param(bob.accountId())
                .param(UUID.randomUUID())
                .update();
        String waiting = "select count(*) from chat_held_message where channel_id = ?";
        JsonNode purge = act(anna, against("purge", bob));
        assertThat(database.sql(waiting).param(channel.id()).query(Long.class).single())
                .isZero();

        undo(anna, purge).andExpect(status().isOk());

        assertThat(database.sql(waiting).param(channel.id()).query(Long.class).single())
                .isOne();
    }

    // ---- the pinned line ----------------------------------------------------------------------------------------

    @Test
    void anUndonePinLeavesANewerOne() throws Exception {
        long first = line(bob);
        long second = line(bob);
        long third = line(bob);
        act(anna, kind("pin").put("seq", first));
        JsonNode older = act(anna, kind("pin").put("seq", second));
        JsonNode newer = act(anna, kind("pin").put("seq", third));

        undo(anna, older).andExpect(status().isOk());
        assertThat(pinned()).isEqualTo(third);

        // What comes back is what was there before both.
        undo(anna, newer).andExpect(status().isOk());
        assertThat(pinned()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "purge", "ban", "unpin", "clear"})
    void whateverUnpinnedALineItIsPinnedAgain(String kind) throws Exception {
        long seq = line(bob);
        act(anna, kind("pin").put("seq", seq));
        JsonNode done = act(
                anna, kind.equals("unpin") ? kind("unpin") : against(kind, bob).put("seq", seq));
        assertThat(pinned()).isZero();

        undo(anna, done).andExpect(status().isOk());

        assertThat(pinned()).isEqualTo(seq);
    }

    // ---- whole or not at all ------------------------------------------------------------------------------------

    @Test
    void anActOrAnUndoThatFailsChangesNothing() throws Exception {
        rooms.putModerator(channel.id(), bob.accountId(), ChatRight.USUAL);
        long seq = line(bob);
        JsonNode ban = act(anna, against("ban", bob));
        database.sql("alter table chat_moderator add constraint none check (false) not valid")
                .update();
        try {
            assertThatThrownBy(() -> undo(anna, ban).andExpect(status().isOk())).isInstanceOf(Throwable.class);
        } finally {
            database.sql("alter table chat_moderator drop constraint none").update();
        }
        assertThat(sanctions()).containsExactly(Sanction.Kind.BAN);
        assertThat(removed(seq)).isTrue();

        // It is not marked as undone, so that it can be tried again.
        undo(anna, ban).andExpect(status().isOk());
        assertThat(sanctions()).isEmpty();
        assertThat(rightsOf(bob)).isEqualTo(ChatRight.USUAL);

        database.sql("alter table chat_sanction add constraint none check (false) not valid")
                .update();
        try {
            assertThatThrownBy(() -> act(anna, against("ban", bob))).isInstanceOf(Throwable.class);
        } finally {
            database.sql("alter table chat_sanction drop constraint none").update();
        }
        assertThat(removed(seq)).isFalse();
        assertThat(rightsOf(bob)).isEqualTo(ChatRight.USUAL);
        assertThat(moderation.actions(channel.id(), Long.MAX_VALUE, 10)).hasSize(1);
    }
}
