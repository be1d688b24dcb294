// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.ChatSettings;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.LiveRooms;
import live.millrace.platform.chat.internal.room.Room;
import live.millrace.platform.chat.internal.writing.Draft;
import live.millrace.platform.chat.internal.writing.HeldStore;
import live.millrace.platform.chat.internal.writing.MessageStore;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

/** Two who want the same rows of a room do not wait for each other. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ChatLocksTest {
    private static final Executor BESIDE =
            command -> Thread.ofPlatform().daemon().start(command);

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private ExtraChannels extra;

    @Autowired
    private MessageStore store;

    @Autowired
    private HeldStore held;

    @Autowired
    private ChatRooms settings;

    @Autowired
    private ModeratedMessages messages;

    @Autowired
    private LiveRooms rooms;

    @Autowired
    private JdbcClient database;

    @Autowired
    private DataSource connections;

    @Autowired
    private TransactionTemplate transaction;

    private ChannelView channel;

    @BeforeEach
    void channel() {
        String name = "k"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        channel = channels.ofAccount(
                ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                        .principal()
                        .accountId());
    }

    private void message(long seq, String at) {
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                values (?, ?, ?, ?, 'hello', ?::timestamptz)
                """)
                .param(channel.id())
                .param(seq)
                .param(channel.accountId())
                .param(UUID.randomUUID())
                .param(at)
                .update();
    }

    private List<Long> messages() {
        return database.sql("select seq from chat_message where channel_id = ? order by seq")
                .param(channel.id())
                .query(Long.class)
                .list();
    }

    /** A ban holds one of them and wants the others; with both waiting the database would fail one. */
    @Test
    void oldLinesThatSomebodyHoldsAreForgottenTheNextTime() throws Exception {
        message(1, "2020-01-01");
        message(2, "2020-01-01");
        message(3, "2020-01-01");
        Instant before = Instant.parse("2021-01-01T00:00:00Z");
        try (Connection holder = connections.getConnection()) {
            holder.setAutoCommit(false);
            JdbcClient.create(new SingleConnectionDataSource(holder, true))
                    .sql("update chat_message set removed_at = now() where channel_id = ? and seq = 2")
                    .param(channel.id())
                    .update();

            CompletableFuture.runAsync(() -> messages.forgetMessages(before), BESIDE)
                    .get(20, TimeUnit.SECONDS);

            holder.commit();
            holder.setAutoCommit(true);
        }
        assertThat(messages()).containsExactly(2L);
        messages.forgetMessages(before);
        assertThat(messages()).isEmpty();
    }

    /** An act holds the room and then takes what waits of somebody. */
    @Test
    void whoeverStoresAnAllowedLineWaitsForTheRoomBeforeItTakesTheLine() throws Exception {
        Room room = rooms.room(channel);
        Draft draft = new Draft(
                room,
                new Talker.Person(channel.accountId()),
                UUID.randomUUID(),
                "hello",
                null,
                Instant.now(),
                null,
                () -> {});
        held.hold(draft, "LINK");
        settings.change(channel.id(), ChatSettings.DEFAULT); // a row to hold
        CompletableFuture<Boolean> stored;
        try (Connection act = connections.getConnection()) {
            act.setAutoCommit(false);
            JdbcClient acting = JdbcClient.create(new SingleConnectionDataSource(act, true));
            int pid = acting.sql("select pg_backend_pid()").query(Integer.class).single();
            acting.sql("select channel_id from chat_room where channel_id = ? for update")
                    .param(channel.id())
                    .query(Long.class)
                    .single();
            stored = CompletableFuture.supplyAsync(
                    () -> transaction.execute(_ ->
                                    store.insert(channel.id(), List.of(draft)).size())
                            == 1,
                    BESIDE);
            Wait.until(
                    "the writer waits for the act",
                    () -> acting.sql(
                                    "select exists (select from pg_locks where not granted and ? = any(pg_blocking_pids(pid)))")
                            .param(pid)
                            .query(Boolean.class)
                            .single());

            acting.sql("set local lock_timeout = '100ms'").update();
            assertThat(acting.sql("delete from chat_held_message where channel_id = ? and account_id = ?")
                            .param(channel.id())
                            .param(channel.accountId())
                            .update())
                    .isEqualTo(1);

            act.rollback();
            act.setAutoCommit(true);
        }
        assertThat(stored.get(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Who writes holds the room and then the channel, which its message points to; so does who takes the channel away. */
    @Test
    void whoeverTakesAChannelAwayWaitsForTheRoomBeforeItTakesTheChannel() throws Exception {
        extra.allow(channel.accountId(), 1);
        ChannelView second = ((ExtraChannels.Wish.Made) extra.make(
                        channel.accountId(), "c" + UUID.randomUUID().toString().substring(0, 8)))
                .channel();
        settings.change(second.id(), ChatSettings.DEFAULT); // a row to hold
        CompletableFuture<ExtraChannels.Removal> removed;
        try (Connection writer = connections.getConnection()) {
            writer.setAutoCommit(false);
            JdbcClient writing = JdbcClient.create(new SingleConnectionDataSource(writer, true));
            int pid =
                    writing.sql("select pg_backend_pid()").query(Integer.class).single();
            writing.sql("select channel_id from chat_room where channel_id = ? for update")
                    .param(second.id())
                    .query(Long.class)
                    .single();
            removed = CompletableFuture.supplyAsync(() -> extra.remove(second.id()), BESIDE);
            Wait.until(
                    "whoever takes it away waits for the writer",
                    () -> writing.sql(
                                    "select exists (select from pg_locks where not granted and ? = any(pg_blocking_pids(pid)))")
                            .param(pid)
                            .query(Boolean.class)
                            .single());

            writing.sql("set local lock_timeout = '100ms'").update();
            assertThat(writing.sql("""
                            insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                            values (?, 1, ?, gen_random_uuid(), 'hello', now())
                            """)
                            .param(second.id())
                            .param(channel.accountId())
                            .update())
                    .isEqualTo(1);

            writer.commit();
            writer.setAutoCommit(true);
        }
        assertThat(removed.get(20, TimeUnit.SECONDS)).isEqualTo(ExtraChannels.Removal.DONE);
        assertThat(channels.find(second.id())).isEmpty();
    }
}
