// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.EngineStarted;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** What one process leaves, the next goes on with or closes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class BroadcastBookTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private BroadcastBook book;

    @Autowired
    private Thumbnails thumbnails;

    @Autowired
    private PublishAuthorization authorization;

    @Autowired
    private Engine engine;

    @Autowired
    private Channels channels;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private ChannelView channel;
    private NewStreamKey key;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
        key = people.key(anna);
    }

    /** As another process left it, which noted it so long ago. */
    private UUID left(Duration ago) {
        UUID broadcast = UUID.randomUUID();
        Instant alive = Instant.now().minus(ago).truncatedTo(ChronoUnit.MICROS);
        database.sql("""
                insert into live_broadcast (channel_id, engine_id, title, started_at, live_at, alive_at, media_sequence,
                    discontinuity_sequence, picture_withheld)
                values (?, ?, '', ?, ?, ?, 1900000000, 7, true)
                """)
                .param(channel.id())
                .param(broadcast)
                .param(Timestamp.from(alive.minus(Duration.ofMinutes(30))))
                .param(Timestamp.from(alive.minus(Duration.ofMinutes(29))))
                .param(Timestamp.from(alive))
                .update();
        database.sql("""
                insert into recording (public_id, channel_id, engine_id, folder, state, started_at)
                values (?, ?, ?, '2026-11/x', 'RECORDING', now())
                """)
                .param(recording(broadcast))
                .param(channel.id())
                .param(broadcast)
                .update();
        return broadcast;
    }

    private static String recording(UUID broadcast) {
        return broadcast.toString().substring(0, 8) + "abc";
    }

    private Instant time(UUID broadcast, String column) {
        return database.sql("select " + column + " from live_broadcast where engine_id = ?")
                .param(broadcast)
                .query(Timestamp.class)
                .single()
                .toInstant();
    }

    private boolean open(UUID broadcast) {
        return database.sql("select ended_at is null from live_broadcast where engine_id = ?")
                .param(broadcast)
                .query(Boolean.class)
                .single();
    }

    private PublishAnswer.Yes ask() {
        return (PublishAnswer.Yes) authorization.mayPublish(new PublishQuestion(
                UUID.randomUUID(), "192.0.2.7", "OBS", Optional.empty(), Optional.of(key.secret())));
    }

    @Test
    void whoComesBackInTimeGoesOn() throws Exception {
        UUID broadcast = left(Duration.ofSeconds(20));
        book.afterPropertiesSet();
        book.on(new EngineStarted(Duration.ofSeconds(30)));
        book.note();
        PublishAnswer.Yes yes = ask();
        assertThat(yes.recording()).contains(recording(broadcast));
        assertThat(yes.resumption()).hasValueSatisfying(before -> {
            assertThat(before.broadcast()).isEqualTo(broadcast);
            assertThat(before.startedAt()).isEqualTo(time(broadcast, "started_at"));
            assertThat(before.firstMedia()).isGreaterThan(1_900_000_000L);
            assertThat(before.firstDiscontinuity()).isGreaterThan(7);
        });
        try (RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live")) {
            assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            new MediaScript(encoder).headers().both(8);
            encoder.sync();
            Wait.until(
                    "it is live",
                    () -> engine.live(channel.name()).map(LiveView::liveSince).isPresent());
            LiveView live = engine.live(channel.name()).orElseThrow();
            assertThat(live.broadcastId()).isEqualTo(broadcast);
            assertThat(live.startedAt()).isEqualTo(time(broadcast, "started_at"));
            assertThat(live.liveSince()).as("pages count from the start").isEqualTo(time(broadcast, "started_at"));
            Wait.until(
                    "it is written down",
                    () -> database.sql("select epoch from live_broadcast where engine_id = ? and resume_until is null")
                            .param(broadcast)
                            .query(Long.class)
                            .optional()
                            .equals(Optional.of(2L)));
            assertThat(ask().resumption())
                    .as("what is on air goes on by itself")
                    .isEmpty();
            assertThat(thumbnails.newestOrLast(broadcast))
                    .as("staff took its picture down")
                    .isEmpty();
            Instant alive = time(broadcast, "alive_at");
            book.note();
            assertThat(time(broadcast, "alive_at")).isAfter(alive);
            assertThat(database.sql("select key_id from live_broadcast where engine_id = ?")
                            .param(broadcast)
                            .query(Long.class)
                            .single())
                    .isEqualTo(key.key().id());
        }
        assertThat(rows()).containsExactly(broadcast);
        engine.end(channel.name());
        Wait.until("it is over", () -> !open(broadcast));
    }

    private List<UUID> rows() {
        return database.sql("select engine_id from live_broadcast where channel_id = ?")
                .param(channel.id())
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    @Test
    void whatNobodyComesBackToWasOverWhenItWasLastOnAir() {
        UUID broadcast = left(Duration.ofSeconds(20));
        book.afterPropertiesSet();
        book.note();
        assertThat(open(broadcast)).as("encoders cannot come yet").isTrue();
        book.on(new EngineStarted(Duration.ZERO));
        assertThat(ask().resumption()).isEmpty();
        book.note();
        assertThat(open(broadcast)).isFalse();
        assertThat(time(broadcast, "ended_at")).isEqualTo(time(broadcast, "alive_at"));
        assertThat(database.sql("select state, ended_at from recording where engine_id = ?")
                        .param(broadcast)
                        .query((row, _) ->
                                row.getString(1) + row.getTimestamp(2).toInstant())
                        .single())
                .isEqualTo("READY" + time(broadcast, "alive_at"));
    }

    @Test
    void nobodyWaitsForWhatWasOnAirLongAgo() {
        UUID broadcast = left(BroadcastBook.MOST_AWAY.plusMinutes(1));
        book.afterPropertiesSet();
        assertThat(open(broadcast)).isFalse();
        PublishAnswer.Yes yes = ask();
        assertThat(yes.resumption()).isEmpty();
        assertThat(yes.recording()).isPresent().isNotEqualTo(Optional.of(recording(broadcast)));
    }

    /** A camera begins anew; and nobody was shown more for the sake of a glance. */
    @Test
    void whatWasFetchedIsOverAtOnceAndIsNobodysBroadcast() {
        UUID broadcast = left(Duration.ofSeconds(20));
        fetched(broadcast);
        channels.showOnce(channel.id(), Visibility.PRIVATE);
        book.afterPropertiesSet();
        assertThat(open(broadcast)).isFalse();
        assertThat(time(broadcast, "ended_at")).isEqualTo(time(broadcast, "alive_at"));
        ChannelView after = channels.find(channel.id()).orElseThrow();
        assertThat(after.visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(after.lastLiveAt()).isNull();
        channels.show(channel.id(), Visibility.UNLISTED);
        assertThat(channels.find(channel.id()).orElseThrow().lastLiveAt()).isNull();
    }

    @Test
    void anEncoderDoesNotGoOnWithWhatWasFetched() {
        UUID broadcast = left(Duration.ofSeconds(20));
        fetched(broadcast);
        database.sql("update live_broadcast set resume_until = now() + interval '1 minute' where engine_id = ?")
                .param(broadcast)
                .update();
        assertThat(ask().resumption()).isEmpty();
    }

    private void fetched(UUID broadcast) {
        database.sql("update live_broadcast set fetched = true where engine_id = ?")
                .param(broadcast)
                .update();
    }

    @Test
    void whoSaidYesToKeepsTheBroadcastOpenForAMinute() {
        UUID broadcast = left(Duration.ofSeconds(20));
        book.afterPropertiesSet();
        book.on(new EngineStarted(Duration.ofSeconds(5)));
        assertThat(ask().resumption()).isPresent();
        assertThat(time(broadcast, "resume_until")).isAfter(Instant.now().plusSeconds(30));
    }
}
