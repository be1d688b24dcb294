// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import live.millrace.media.recording.Recording;
import live.millrace.media.recording.RecordingIndex;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.RecordingStorage;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

/** What goes, what stays, and that bytes, rows and sums go together. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class RecordingRetentionTest {
    private static final long GIGABYTE = 1_000_000_000;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private TestPeople people;

    @Autowired
    private RecordingIndex index;

    @Autowired
    private RecordingRules rules;

    @Autowired
    private RecordingRetention retention;

    @Autowired
    private RetentionRows rows;

    @Autowired
    private RecordingStore store;

    @Autowired
    private RecordingStorage storage;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private Notices notices;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal anna;
    private ChannelView channel;

    @BeforeEach
    void somebody() {
        anna = people.user();
        channel = people.channel(anna);
    }

    @AfterEach
    void nothingIsLeft() {
        settings.change(Setting.RECORDING_CHANNEL_QUOTA, "", Actor.SITE);
        settings.change(Setting.RECORDING_DAYS, "", Actor.SITE);
        database.sql("update recording set removing = true, deleted_at = now(), state = 'READY'")
                .update();
        retention.remove();
        assertThat(database.sql("select count(*) from recording_garbage")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** One that ended so long ago, of two spans with their files. */
    private Recording ended(Duration ago) throws IOException {
        Recording recording = running();
        index.ended(recording.id(), Instant.now().minus(ago));
        return recording;
    }

    private Recording running() throws IOException {
        Recording recording = Recorded.begun(channel.name());
        index.begun(recording);
        for (String track : List.of("v0", "a0")) {
            index.span(recording.id(), Recorded.span(track, 0, 10, true));
            Path file = file(recording, track);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[10_100]);
        }
        return recording;
    }

    /** For a quarter of a year. */
    private void onAir(Recording recording) {
        set(recording, "started_at = now() - interval '90 days'");
        database.sql("insert into live_broadcast (channel_id, engine_id, title, started_at) values (?, ?, '', now())")
                .param(channel.id())
                .param(recording.broadcast())
                .update();
    }

    private Path file(Recording recording, String track) {
        return store.directory().resolve(Recording.object(recording.folder(), track, 0));
    }

    private boolean there(Recording recording) {
        boolean row = database.sql("select exists (select from recording where public_id = ?)")
                .param(recording.id())
                .query(Boolean.class)
                .single();
        assertThat(Files.exists(file(recording, "v0"))).isEqualTo(row);
        assertThat(Files.exists(file(recording, "a0"))).isEqualTo(row);
        return row;
    }

    private void set(Recording recording, String what) {
        database.sql("update recording set " + what + " where public_id = ?")
                .param(recording.id())
                .update();
    }

    private long used() {
        return database.sql("select coalesce(sum(bytes), 0) from recording_usage where channel_id = ?")
                .param(channel.id())
                .query(Long.class)
                .single();
    }

    private List<String> told() {
        return notices.of(anna.accountId(), Long.MAX_VALUE, 50).stream()
                .map(NoticeView::kind)
                .filter(kind -> kind.startsWith("VIDEO"))
                .toList();
    }

    @Test
    void whatIsExpiredGoesAndWhatIsPinnedOrRunsStays() throws Exception {
        Recording old = ended(Duration.ofDays(31));
        Recording young = ended(Duration.ofDays(5));
        Recording pinned = ended(Duration.ofDays(31));
        Recording runs = running();
        set(pinned, "pinned = true");
        onAir(runs);
        Files.createFile(file(old, "v0").resolveSibling("v0-0.idx"));
        assertThat(used()).isEqualTo(4 * 20_200);
        retention.run();
        assertThat(there(old)).as("its owner was not told of it").isTrue();
        assertThat(told()).containsExactly("VIDEO_EXPIRES");
        set(old, "warned_at = now() - interval '3 days'");
        retention.run();
        assertThat(there(old)).isFalse();
        assertThat(file(old, "v0").getParent()).doesNotExist();
        assertThat(there(young)).isTrue();
        assertThat(there(pinned)).isTrue();
        assertThat(there(runs)).isTrue();
        assertThat(used()).isEqualTo(3 * 20_200);
        assertThat(told()).hasSize(1);
    }

    @Test
    void whatWasDeletedStaysForAWeek() throws Exception {
        Recording now = ended(Duration.ofDays(1));
        Recording before = ended(Duration.ofDays(1));
        set(now, "deleted_at = now()");
        set(before, "deleted_at = now() - interval '8 days', pinned = true");
        retention.run();
        assertThat(there(now)).isTrue();
        assertThat(there(before)).isFalse();
    }

    @Test
    void itsOwnerHearsThreeDaysBeforeOnce() throws Exception {
        ended(Duration.ofDays(28));
        retention.run();
        retention.run();
        assertThat(told()).containsExactly("VIDEO_EXPIRES");
        ended(Duration.ofDays(28));
        ended(Duration.ofDays(28));
        retention.run();
        assertThat(told()).containsExactly("VIDEOS_EXPIRE", "VIDEO_EXPIRES");
    }

    @Test
    void aShorterTimeTakesNothingAtOnceAndALongerOneHoldsAtOnce() throws Exception {
        Recording recording = ended(Duration.ofDays(20));
        settings.change(Setting.RECORDING_DAYS, "10", Actor.SITE);
        retention.run();
        retention.run();
        assertThat(there(recording)).isTrue();
        assertThat(daysLeft(recording)).isEqualTo(3);
        assertThat(told()).containsExactly("VIDEO_EXPIRES");
        settings.change(Setting.RECORDING_DAYS, "60", Actor.SITE);
        retention.run();
        assertThat(daysLeft(recording)).isEqualTo(40);
        rules.choose(channel.id(), new RecordingRules.Choice(null, 21, null, null, null, null));
        retention.run();
        assertThat(daysLeft(recording))
                .as("tomorrow, but not before it was told")
                .isEqualTo(3);
        rules.choose(channel.id(), new RecordingRules.Choice(null, null, null, null, null, null));
        settings.change(Setting.RECORDING_DAYS, "0", Actor.SITE);
        retention.run();
        assertThat(database.sql("select expires_at is null from recording where public_id = ?")
                        .param(recording.id())
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    private long daysLeft(Recording recording) {
        return database.sql(
                        "select round(extract(epoch from expires_at - now()) / 86400) from recording where public_id = ?")
                .param(recording.id())
                .query(Long.class)
                .single();
    }

    @Test
    void howLongThereIsRoomIsToldOnceThereIsADayOfRecordings() throws Exception {
        grow(running(), GIGABYTE);
        database.sql("update recording set started_at = now() - interval '20 hours'")
                .update();
        assertThat(storage.overview().perDay()).isPositive();
        assertThat(storage.overview().daysLeft()).isNull();
        database.sql("update recording set started_at = now() - interval '25 hours'")
                .update();
        assertThat(storage.overview().daysLeft()).isNotNull();
    }

    @Test
    void beyondItsQuotaAChannelLosesTheOldestThatIsNotPinned() throws Exception {
        Recording oldest = ended(Duration.ofDays(9));
        Recording old = ended(Duration.ofDays(8));
        Recording fresh = ended(Duration.ofDays(7));
        Recording runs = running();
        set(oldest, "pinned = true, started_at = now() - interval '9 days'");
        set(old, "started_at = now() - interval '8 days'");
        set(fresh, "started_at = now() - interval '7 days'");
        settings.change(Setting.RECORDING_CHANNEL_QUOTA, "1", Actor.SITE);
        grow(fresh, GIGABYTE / 2);
        grow(old, GIGABYTE * 45 / 100);
        retention.run();
        assertThat(told()).containsExactly("VIDEO_SPACE");
        assertThat(there(old)).isTrue();
        grow(runs, GIGABYTE * 45 / 100);
        retention.run();
        assertThat(there(old)).isFalse();
        assertThat(List.of(oldest, fresh, runs)).allMatch(this::there);
        assertThat(told()).as("told once").containsExactly("VIDEO_SPACE");
    }

    /** As if its first span were so large. */
    private void grow(Recording recording, long bytes) {
        database.sql("""
                update recording_span set bytes = bytes + ? where track = 'v0'
                and recording_id = (select id from recording where public_id = ?)
                """).param(bytes).param(recording.id()).update();
        set(recording, "bytes = bytes + " + bytes);
        database.sql("update recording_usage set bytes = bytes + ? where channel_id = ?")
                .param(bytes)
                .param(channel.id())
                .update();
    }

    @Test
    void theSiteLosesTheOldestOfAll() throws Exception {
        Recording deleted = ended(Duration.ofHours(1));
        Recording old = ended(Duration.ofDays(8));
        Recording fresh = ended(Duration.ofDays(7));
        set(deleted, "deleted_at = now()");
        set(old, "started_at = now() - interval '8 days'");
        set(fresh, "started_at = now() - interval '7 days'");
        long all = database.sql("select sum(bytes) from recording")
                .query(Long.class)
                .single();
        assertThat(rows.markBeyond(RetentionRows.Within.SITE, all, Instant.now()))
                .isEmpty();
        assertThat(rows.markBeyond(RetentionRows.Within.SITE, all - 1, Instant.now()))
                .extracting(RetentionRows.Going::id)
                .containsExactly(deleted.id());
        assertThat(rows.markBeyond(RetentionRows.Within.SITE, all - 20_201, Instant.now()))
                .extracting(RetentionRows.Going::id)
                .containsExactly(old.id());
        assertThat(there(fresh)).isTrue();
    }

    @Test
    void whatHasNoChannelOrNoPictureGoes() throws Exception {
        Recording gone = ended(Duration.ofDays(1));
        Recording empty = Recorded.begun(channel.name());
        index.begun(empty);
        index.ended(empty.id(), Instant.now().minus(Duration.ofHours(2)));
        set(gone, "channel_id = null");
        retention.run();
        assertThat(there(gone)).isFalse();
        assertThat(database.sql("select exists (select from recording where public_id = ?)")
                        .param(empty.id())
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    /** By one process, beside whatever else it does; how long it took is printed. */
    @Test
    void twentyThousandSpansGoInSets() throws Exception {
        // At once: whoever else lets recordings go finds all of it, or nothing.
        transaction.executeWithoutResult(_ -> {
            database.sql("""
                insert into recording (public_id, channel_id, engine_id, folder, state, started_at, ended_at, expires_at, warned_at,
                    duration_ms, bytes)
                select 'mass' || lpad(n::text, 7, '0'), :channel, gen_random_uuid(), '2025-01/mass' || lpad(n::text, 7, '0'), 'READY',
                    now() - interval '40 days', now() - interval '40 days', now() - interval '10 days', now() - interval '13 days', 1, 5000
                from generate_series(1, 40) n
                """).param("channel", channel.id()).update();
            database.sql("""
                insert into recording_span (recording_id, track, ordinal, format, discontinuity, start_ms, base_decode_time, duration_ms,
                    bytes, segments, closed)
                select r.id, 'v0', n, 0, false, n * 300000, 0, 300000, 10, decode(repeat('00', 1200), 'hex'), true
                from recording r cross join generate_series(0, 499) n where r.public_id like 'mass%'
                """).update();
        });
        database.sql("insert into recording_usage (channel_id, bytes) values (?, 200000)")
                .param(channel.id())
                .update();
        for (int recording = 1; recording <= 40; recording++) {
            Path folder = store.directory().resolve("2025-01/mass%07d".formatted(recording));
            Files.createDirectories(folder);
            for (int span = 0; span < 500; span++) {
                Files.createFile(folder.resolve("v0-" + span + ".mp4"));
            }
        }
        long before = System.nanoTime();
        retention.run();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        System.out.println("20,000 spans were removed in " + took.toMillis() + " ms");
        assertThat(database.sql("select count(*) from recording where public_id like 'mass%'")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(store.directory().resolve("2025-01")).doesNotExist();
        assertThat(used()).isZero();
    }
}
