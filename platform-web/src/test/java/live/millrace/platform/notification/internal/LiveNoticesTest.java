// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.notification.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

/** That a channel is live is told a minute later, by whichever process is there then. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class LiveNoticesTest {
    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private Follows follows;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Engine engine;

    @Autowired
    private JdbcClient database;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private TransactionTemplate transaction;

    private AccountPrincipal account() {
        String name = "l"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.USER))
                .principal();
    }

    private static LiveView live(ChannelView channel, UUID id) {
        return new LiveView(
                channel.name(),
                id,
                LiveState.LIVE,
                Instant.now(),
                Instant.now(),
                null,
                null,
                null,
                null,
                0,
                0,
                0,
                0,
                null,
                1,
                List.of(),
                Map.of(),
                null);
    }

    private void putDown(ChannelView channel, UUID id) {
        events.publishEvent(new LiveChanged(live(channel, id), true));
        // Heard again, as after an absence of the database.
        events.publishEvent(new LiveChanged(live(channel, id), false));
    }

    private String state(ChannelView channel) {
        return database.sql("select state from delivery where kind = 'notice.live' and target = ?")
                .param(channel.name())
                .query(String.class)
                .single();
    }

    private void due(ChannelView channel) {
        database.sql("""
                update delivery_task set execution_time = now() where task_name = 'delivery'
                and task_instance in (select id::text from delivery where target = ?)
                """).param(channel.name()).update();
    }

    private int notices(AccountPrincipal who) {
        return database.sql(
                        "select count(*) from notification_notice where account_id = ? and broadcast_id is not null")
                .param(who.accountId())
                .query(Integer.class)
                .single();
    }

    @Test
    void itIsPutDownOnceWithTheBroadcastForAMinuteLater() {
        ChannelView channel = channels.ofAccount(account().accountId());
        putDown(channel, UUID.randomUUID());
        Instant next = database.sql("select next_at from delivery where kind = 'notice.live' and target = ?")
                .param(channel.name())
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .single();
        assertThat(Duration.between(Instant.now(), next)).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(61));
    }

    @Test
    void ofABroadcastThatWasNotWrittenDownNothingIsTold() {
        ChannelView channel = channels.ofAccount(account().accountId());
        transaction.executeWithoutResult(status -> {
            putDown(channel, UUID.randomUUID());
            status.setRollbackOnly();
        });
        assertThat(database.sql("select count(*) from delivery where target = ?")
                        .param(channel.name())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void whoeverIsNoLongerLiveCallsNobody() throws Exception {
        AccountPrincipal follower = account();
        ChannelView channel = channels.ofAccount(account().accountId());
        follows.follow(follower.accountId(), channel.id());
        UUID id = UUID.randomUUID();
        putDown(channel, id);
        database.sql("update live_broadcast set ended_at = now() where engine_id = ?")
                .param(id)
                .update();
        due(channel);
        Wait.until("it is dropped", () -> state(channel).equals("DROPPED"));
        assertThat(notices(follower)).isZero();
    }

    @Test
    void aBroadcastThatIsNotOverMayBeOnAirElsewhereAndIsAskedAboutAgain() throws Exception {
        ChannelView channel = channels.ofAccount(account().accountId());
        putDown(channel, UUID.randomUUID());
        due(channel);
        Wait.until(
                "it was tried",
                () -> database.sql("select attempts from delivery where target = ?")
                                .param(channel.name())
                                .query(Integer.class)
                                .single()
                        >= 1);
        assertThat(state(channel)).isEqualTo("WAITING");
    }

    @Test
    void followersAreToldOnceAlsoOfOneThatWentOnInAnotherProcess() throws Exception {
        AccountPrincipal follower = account();
        ChannelView channel = channels.ofAccount(account().accountId());
        follows.follow(follower.accountId(), channel.id());
        String secret = keys.create(channel.id(), "home PC").orElseThrow().secret();
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(secret)).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until(
                    "it is live",
                    () -> engine.live(channel.name())
                            .filter(view -> view.state() == LiveState.LIVE)
                            .isPresent());
            Wait.until(
                    "it is written down",
                    () -> database.sql("select count(*) from delivery where target = ?")
                                    .param(channel.name())
                                    .query(Integer.class)
                                    .single()
                            == 1);
            // As an earlier process left it, which knew the broadcast by another name.
            database.sql("""
                    update delivery set made_at = now() - interval '1 day',
                        body = jsonb_set(body, '{engineId}', '"00000000-0000-0000-0000-000000000000"')
                    where target = ?
                    """).param(channel.name()).update();
            due(channel);
            Wait.until("it is told", () -> state(channel).equals("DONE"));
            assertThat(notices(follower)).isEqualTo(1);
        } finally {
            engine.end(channel.name());
        }
    }
}
