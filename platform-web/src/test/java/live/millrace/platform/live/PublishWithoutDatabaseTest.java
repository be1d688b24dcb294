// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.MortalDatabase;
import live.millrace.platform.database.MortalSite;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Encoders that come, return and end while the database is away. */
@Import(PublishWithoutDatabaseTest.Ear.class)
class PublishWithoutDatabaseTest extends MortalSite {
    private static final Executor ENCODER =
            command -> Thread.ofPlatform().daemon().start(command);

    @Autowired
    private Accounts accounts;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Broadcasting broadcasting;

    /** Hears what the site is told, behind whoever writes it down. */
    @TestConfiguration
    static class Ear {
        private final Set<UUID> ended = ConcurrentHashMap.newKeySet();

        @EventListener
        @Order(3)
        void on(LiveChanged event) {
            if (event.view().state() == LiveState.ENDED) {
                ended.add(event.view().broadcastId());
            }
        }
    }

    @Autowired
    private Ear ear;

    @Autowired
    private DataSource connections;

    private RtmpScript encoder() throws IOException {
        return new RtmpScript(engine.rtmpPort()).handshake().connect("live");
    }

    private static CompletableFuture<String> publish(RtmpScript encoder, String secret) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return encoder.publish(secret);
                    } catch (IOException e) {
                        return String.valueOf(e.getMessage());
                    }
                },
                ENCODER);
    }

    private long inLog(long channelId, String outcome) {
        return broadcasting.attempts(channelId, "127.0.0.1").stream()
                .filter(attempt -> attempt.outcome().equals(outcome))
                .count();
    }

    private boolean awaitingReturn(AccountPrincipal principal) {
        return engine.live(principal.getUsername())
                .filter(view -> view.state() == LiveState.RECONNECTING)
                .isPresent();
    }

    private void awaitRow(AccountPrincipal principal) throws Exception {
        UUID broadcast = engine.live(principal.getUsername()).orElseThrow().broadcastId();
        Wait.until(
                "its row is there and says live",
                () -> database.sql("select count(*) from live_broadcast where engine_id = ? and live_at is not null")
                                .param(broadcast)
                                .query(Integer.class)
                                .single()
                        == 1);
        assertThat(browser.get("/" + principal.getUsername()).statusCode()).isEqualTo(200);
    }

    @Test
    void anEndThatIsLostWithOneConnectionIsToldAgain() throws Exception {
        AccountPrincipal anna = people.user();
        try (RtmpScript encoder = encoder()) {
            assertThat(encoder.publish(people.key(anna).secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            awaitRow(anna);
            UUID broadcast = engine.live(anna.getUsername()).orElseThrow().broadcastId();
            try (Connection holder = connections.getConnection()) {
                holder.setAutoCommit(false);
                JdbcClient holding = JdbcClient.create(new SingleConnectionDataSource(holder, true));
                holding.sql("select id from live_broadcast where engine_id = ? for update")
                        .param(broadcast)
                        .query(Long.class)
                        .single();
                int pid = holding.sql("select pg_backend_pid()")
                        .query(Integer.class)
                        .single();
                engine.end(anna.getUsername());
                Wait.until(
                        "whoever writes the end down has lost its connection",
                        () -> !database.sql(
                                        "select pg_terminate_backend(pid) from pg_stat_activity where ? = any(pg_blocking_pids(pid))")
                                .param(pid)
                                .query(Boolean.class)
                                .list()
                                .isEmpty());
                holder.rollback();
                holder.setAutoCommit(true);
            }
            assertThat(state.away()).isFalse();
            Wait.until(
                    "its row has an end",
                    () -> database.sql(
                                            "select count(*) from live_broadcast where engine_id = ? and ended_at is not null")
                                    .param(broadcast)
                                    .query(Integer.class)
                                    .single()
                            == 1);
            Wait.until("the others were told", () -> ear.ended.contains(broadcast));
        }
    }

    @Test
    void aPublishWaitsForTheDatabaseAndItsBroadcastHasARow() throws Exception {
        AccountPrincipal anna = people.user();
        String secret = people.key(anna).secret();
        MortalDatabase.kill();
        try (RtmpScript encoder = encoder()) {
            CompletableFuture<String> answer = publish(encoder, secret);
            Wait.until("the question finds no database", state::away);
            assertThat(answer).isNotDone();
            MortalDatabase.revive();
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            awaitRow(anna);
        }
    }

    @Test
    void aKeyThatWasAcceptedReturnsAtOnceAndItsBroadcastIsWrittenDownAfter() throws Exception {
        AccountPrincipal anna = people.user();
        NewStreamKey key = people.key(anna);
        try (RtmpScript first = encoder()) {
            assertThat(first.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
        }
        Wait.until("it has ended", () -> engine.live(anna.getUsername()).isEmpty() || awaitingReturn(anna));
        engine.end(anna.getUsername());
        Wait.until("it is over", () -> engine.live(anna.getUsername()).isEmpty());
        long channel = people.channel(anna).id();
        // An entry whose commit is cut off may stand, and is written once more: the next one is behind it.
        Wait.until("the first and its end are in the log", () -> inLog(channel, "ENDED") == 1);
        MortalDatabase.kill();
        try (RtmpScript second = encoder()) {
            assertThat(publish(second, key.secret()).get(6, TimeUnit.SECONDS)).isEqualTo("NetStream.Publish.Start");
            new MediaScript(second).headers().both(8);
            second.sync();
            Wait.until(
                    "it is live",
                    () -> engine.live(anna.getUsername())
                            .filter(view -> view.state() == LiveState.LIVE)
                            .isPresent());
            MortalDatabase.revive();
            awaitDatabase();
            awaitRow(anna);
            Wait.until("both are in the log", () -> inLog(channel, "PUBLISHED") == 2);
        }
    }

    @Test
    void aKeyThatLostItsRightDoesNotReturn() throws Exception {
        AccountPrincipal anna = people.user();
        NewStreamKey revoked = people.key(anna);
        NewStreamKey blocked = people.key(anna);
        AccountPrincipal bob = people.user();
        NewStreamKey suspended = people.key(bob);
        for (NewStreamKey key : new NewStreamKey[] {revoked, blocked, suspended}) {
            try (RtmpScript encoder = encoder()) {
                assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            }
            AccountPrincipal owner = key.equals(suspended) ? bob : anna;
            engine.end(owner.getUsername());
            Wait.until("it is over", () -> engine.live(owner.getUsername()).isEmpty());
        }
        keys.revoke(revoked.key().channelId(), revoked.key().id());
        keys.block(blocked.key().id(), Instant.now().plusSeconds(600));
        accounts.suspend(bob.accountId(), "spam", null);
        MortalDatabase.kill();
        try (RtmpScript one = encoder();
                RtmpScript two = encoder();
                RtmpScript three = encoder()) {
            // Nobody can say no either: the connection ends without a word about the key.
            for (CompletableFuture<String> answer : List.of(
                    publish(one, revoked.secret()),
                    publish(two, blocked.secret()),
                    publish(three, suspended.secret()))) {
                assertThat(answer.get(30, TimeUnit.SECONDS)).startsWith("closed");
            }
        }
    }

    @Test
    void aQuestionThatStaysOpenEndsWithoutAWordAboutTheKey(CapturedOutput log) throws Exception {
        String secret = people.key(people.user()).secret();
        MortalDatabase.kill();
        long start = System.nanoTime();
        try (RtmpScript encoder = encoder()) {
            assertThat(publish(encoder, secret).get(30, TimeUnit.SECONDS)).startsWith("closed");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));
        Wait.until(
                "it is said once",
                () -> log.getOut()
                                .lines()
                                .filter(line -> line.contains("Refused a publisher") && line.contains("NO_ANSWER"))
                                .count()
                        == 1);
        MortalDatabase.revive();
        awaitDatabase();
        try (RtmpScript encoder = encoder()) {
            assertThat(encoder.publish(secret)).isEqualTo("NetStream.Publish.Start");
        }
    }
}
