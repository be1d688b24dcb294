// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Joining;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.engine.LiveView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two who change one row at once: whichever comes first, what both did stands. One acts in a transaction that stays open, the other
 * beside it, in the way of the first's commit where the database makes it wait.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class LostUpdateTest {
    private static final String PASSWORD = "three quiet herons";
    private static final String ANOTHER = "four louder herons";
    private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");

    private static @Nullable AccountPrincipal shared;
    private static long otherId;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Joining joining;

    @Autowired
    private Channels channels;

    @Autowired
    private Categories categories;

    @Autowired
    private Follows follows;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private JdbcClient database;

    private static String name() {
        return "l"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
    }

    private AccountPrincipal account() {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", PASSWORD, Role.USER)).principal();
    }

    /** One for all pairs, given back its first state before each: to make one takes its time. */
    private AccountPrincipal fresh() {
        AccountPrincipal account = shared;
        if (account == null) {
            account = account();
            shared = account;
            otherId = account().accountId();
        }
        database.sql("""
                update account set password_hash = ?, suspended_at = null, suspended_reason = null, suspended_until = null,
                    stream_suspended_at = null, stream_suspended_until = null, role = 'USER', language = null, theme = null,
                    delete_after = null, verified_at = null, standing = 'WAITING' where id = ?
                """)
                .param(account.getPassword())
                .param(account.accountId())
                .update();
        database.sql("delete from channel_follow where account_id = ?")
                .param(otherId)
                .update();
        database.sql("""
                update channel set title = '', tags = '{}', language = '', mature = false, description = '',
                    display_name = '', display_skeleton = null, avatar = null, banner = null, hidden_at = null,
                    last_live_at = null where account_id = ?
                """).param(account.accountId()).update();
        return account;
    }

    /** The first has acted and not committed when the second acts. */
    private void interleave(Runnable first, Runnable second) throws Exception {
        Thread other = Thread.ofPlatform().daemon().unstarted(second);
        Throwable[] failed = new Throwable[1];
        other.setUncaughtExceptionHandler((_, failure) -> failed[0] = failure);
        transaction.executeWithoutResult(_ -> {
            first.run();
            other.start();
            waitUntilDoneOrBlocked(other);
        });
        assertThat(other.join(Duration.ofSeconds(20))).isTrue();
        assertThat(failed[0]).isNull();
    }

    private void waitUntilDoneOrBlocked(Thread other) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (other.isAlive() && !anybodyWaitsForALock()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private boolean anybodyWaitsForALock() {
        return database.sql("""
                select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')
                """).query(Boolean.class).single();
    }

    // ---- accounts ---------------------------------------------------------------------------------------------

    /** What can be done to an account, and how it shows. */
    private Map<String, LongConsumer> accountActs() {
        Map<String, LongConsumer> acts = new LinkedHashMap<>();
        acts.put(
                "password",
                id -> assertThat(accounts.changePassword(id, PASSWORD, ANOTHER)).isTrue());
        acts.put("suspend", id -> accounts.suspend(id, "spam", LATER));
        acts.put("suspendStreaming", id -> accounts.suspendStreaming(id, LATER));
        acts.put(
                "role", id -> assertThat(accounts.changeRole(id, Role.STREAMER)).isTrue());
        acts.put("prefer", id -> accounts.prefer(id, "zh-CN", "dark"));
        acts.put("delete", id -> assertThat(accounts.deleteSoon(id, PASSWORD)).isEqualTo(Accounts.Leaving.AGREED));
        acts.put(
                "verify",
                id -> database.sql("update account set verified_at = now() where id = ?")
                        .param(id)
                        .update());
        acts.put("accept", id -> assertThat(joining.accept(id)).isTrue());
        return acts;
    }

    private static final Map<String, String> ACCOUNT_SHOWS = Map.of(
            "password", "password_hash <> :hash",
            "suspend", "suspended_at is not null and suspended_reason = 'spam' and suspended_until is not null",
            "suspendStreaming", "stream_suspended_at is not null and stream_suspended_until is not null",
            "role", "role = 'STREAMER'",
            "prefer", "language = 'zh-CN' and theme = 'dark'",
            "delete", "delete_after is not null",
            "verify", "verified_at is not null",
            "accept", "standing = 'ACTIVE'");

    static Stream<List<String>> accountPairs() {
        return pairs(ACCOUNT_SHOWS.keySet().stream().sorted().toList())
                // The password that says that it is the owner is another then.
                .filter(pair -> !pair.equals(List.of("password", "delete")));
    }

    private static Stream<List<String>> pairs(List<String> names) {
        return names.stream()
                .flatMap(one -> names.stream().filter(two -> !two.equals(one)).map(two -> List.of(one, two)));
    }

    @ParameterizedTest
    @MethodSource("accountPairs")
    void whatTwoDoToAnAccountStands(List<String> pair) throws Exception {
        AccountPrincipal account = fresh();
        long id = account.accountId();
        LongConsumer one = Objects.requireNonNull(accountActs().get(pair.get(0)));
        LongConsumer two = Objects.requireNonNull(accountActs().get(pair.get(1)));

        interleave(() -> one.accept(id), () -> two.accept(id));

        for (String act : pair) {
            assertThat(database.sql("select " + ACCOUNT_SHOWS.get(act) + " from account where id = :id")
                            .param("hash", account.getPassword())
                            .param("id", id)
                            .query(Boolean.class)
                            .single())
                    .as(act + " of " + pair)
                    .isTrue();
        }
    }

    /** Of two suspensions one stands, whole: not the words of one with the end of the other. */
    @Test
    void twoSuspensionsAreNeverMixed() throws Exception {
        long id = fresh().accountId();

        interleave(() -> accounts.suspend(id, "for a while", LATER), () -> accounts.suspend(id, "for ever", null));

        assertThat(database.sql("select suspended_reason, suspended_until from account where id = ?")
                        .param(id)
                        .query((row, _) -> row.getString(1) + " " + (row.getTimestamp(2) == null))
                        .single())
                .isIn("for a while false", "for ever true");
    }

    /** Whoever knew the old password and is late does not overwrite the one that the owner has just set. */
    @Test
    void anOldPasswordSetsNoNewOne() throws Exception {
        AccountPrincipal owner = account();
        boolean[] second = new boolean[1];

        interleave(
                () -> assertThat(accounts.changePassword(owner.accountId(), PASSWORD, ANOTHER))
                        .isTrue(),
                () -> second[0] = accounts.changePassword(owner.accountId(), PASSWORD, "five thieving herons"));

        assertThat(second[0]).isFalse();
        assertThat(accounts.changePassword(owner.accountId(), ANOTHER, PASSWORD))
                .isTrue();
    }

    // ---- keys -------------------------------------------------------------------------------------------------

    private static final Map<String, String> KEY_SHOWS = Map.of(
            "used", "last_encoder is not distinct from 'OBS'",
            "revoke", "revoked_at is not null",
            "block", "blocked_until is not null");

    static Stream<List<String>> keyPairs() {
        return pairs(KEY_SHOWS.keySet().stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("keyPairs")
    void whatTwoDoToAKeyStands(List<String> pair) throws Exception {
        long channelId = channels.ofAccount(fresh().accountId()).id();
        long id = keys.create(channelId, "laptop").orElseThrow().key().id();
        Map<String, Runnable> acts = Map.of(
                "used", () -> keys.used(id, "OBS"),
                "revoke", () -> assertThat(keys.revoke(channelId, id)).isTrue(),
                "block", () -> keys.block(id, LATER));

        interleave(Objects.requireNonNull(acts.get(pair.get(0))), Objects.requireNonNull(acts.get(pair.get(1))));

        for (String act : pair) {
            assertThat(database.sql("select " + KEY_SHOWS.get(act) + " from channel_stream_key where id = ?")
                            .param(id)
                            .query(Boolean.class)
                            .single())
                    .as(act + " of " + pair)
                    .isTrue();
        }
    }

    @Test
    void aShorterBlockDoesNotEndALongerOne() throws Exception {
        long channelId = channels.ofAccount(fresh().accountId()).id();
        long id = keys.create(channelId, "laptop").orElseThrow().key().id();

        interleave(
                () -> keys.block(id, LATER), () -> keys.block(id, Instant.now().plusSeconds(60)));

        assertThat(keys.find(id).orElseThrow().blockedUntil()).isEqualTo(LATER);
    }

    // ---- channels ---------------------------------------------------------------------------------------------

    private static final Map<String, String> CHANNEL_SHOWS = Map.of(
            "describe", "title = 'a' and tags = '{x}' and language = 'en' and mature",
            "edit", "description = 'words'",
            "rename", "display_name <> '' and display_skeleton is not null",
            "avatar", "avatar is not null",
            "banner", "banner is not null",
            "hide", "hidden_at is not null",
            "wasLive", "last_live_at is not null",
            "follow", "followers = 1");

    static Stream<List<String>> channelPairs() {
        return pairs(CHANNEL_SHOWS.keySet().stream().sorted().toList());
    }

    private String picture() {
        String name = UUID.randomUUID().toString().replace("-", "");
        database.sql("insert into picture_file (name, kind, content_type, bytes) values (?, 'AVATAR', 'image/png', '')")
                .param(name)
                .update();
        return name;
    }

    private static BroadcastInfo info(String title, String tag, String language, boolean mature) {
        return new BroadcastInfo(title, null, List.of(tag), language, mature);
    }

    @ParameterizedTest
    @MethodSource("channelPairs")
    void whatTwoDoToAChannelStands(List<String> pair) throws Exception {
        long id = channels.ofAccount(fresh().accountId()).id();
        long follower = otherId;
        String picture = picture();
        Map<String, Runnable> acts = Map.of(
                "describe", () -> channels.describe(id, info("a", "x", "en", true)),
                "edit", () -> channels.edit(id, "words"),
                "rename",
                        () -> assertThat(channels.rename(id, "Heron " + name())).isTrue(),
                "avatar", () -> channels.setAvatar(id, picture, 4),
                "banner", () -> channels.setBanner(id, picture),
                "hide", () -> channels.hide(id, true),
                "wasLive", () -> channels.wasLive(id, Instant.now()),
                "follow", () -> follows.follow(follower, id));

        interleave(Objects.requireNonNull(acts.get(pair.get(0))), Objects.requireNonNull(acts.get(pair.get(1))));

        for (String act : pair) {
            assertThat(database.sql("select " + CHANNEL_SHOWS.get(act) + " from channel where id = ?")
                            .param(id)
                            .query(Boolean.class)
                            .single())
                    .as(act + " of " + pair)
                    .isTrue();
        }
    }

    @Test
    void twoDescriptionsAreNeverMixed() throws Exception {
        long id = channels.ofAccount(fresh().accountId()).id();

        interleave(
                () -> channels.describe(id, info("", "x", "en", true)),
                () -> channels.describe(id, info("b", "y", "", false)));

        assertThat(channels.find(id).map(found -> found.title() + found.tags() + found.language() + found.mature()))
                .get()
                .isIn("[x]entrue", "b[y]false");
    }

    /** Two pictures in a row: each one that is replaced is told to exactly one, who deletes it. */
    @Test
    void aReplacedPictureIsToldOnce() throws Exception {
        long id = channels.ofAccount(fresh().accountId()).id();
        String one = picture();
        String two = picture();
        String[] before = new String[2];

        interleave(
                () -> before[0] = channels.setAvatar(id, one, 1).orElse(""),
                () -> before[1] = channels.setAvatar(id, two, null).orElse(""));

        assertThat(before).containsExactly("", one);
    }

    @Test
    void twoAddOneCategory() throws Exception {
        String slug = name();

        interleave(
                () -> categories.put(slug, "One", "One", 1, null), () -> categories.put(slug, "Two", "Two", 2, null));

        assertThat(categories.find(slug).map(CategoryView::nameEn)).contains("Two");
    }

    // ---- broadcasts -------------------------------------------------------------------------------------------

    private static LiveView view(
            ChannelView channel, UUID id, LiveState state, @Nullable Instant liveSince, int viewers) {
        return new LiveView(
                channel.name(),
                id,
                state,
                Instant.now(),
                liveSince,
                null,
                null,
                null,
                null,
                0,
                0,
                0,
                0,
                null,
                viewers,
                List.of(),
                Map.of(),
                null);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theEndOfABroadcastAndItsPeakBothStand(boolean endFirst) throws Exception {
        ChannelView channel = channels.ofAccount(fresh().accountId());
        UUID id = UUID.randomUUID();
        events.publishEvent(new LiveChanged(view(channel, id, LiveState.STARTING, null, 0), true));
        Runnable end =
                () -> events.publishEvent(new LiveChanged(view(channel, id, LiveState.ENDED, Instant.now(), 3), false));
        Runnable peak =
                () -> events.publishEvent(new LiveChanged(view(channel, id, LiveState.LIVE, Instant.now(), 7), false));

        interleave(endFirst ? end : peak, endFirst ? peak : end);

        assertThat(database.sql("select peak_viewers, ended_at, live_at from live_broadcast where engine_id = ?")
                        .param(id)
                        .query((row, _) ->
                                row.getInt(1) + " " + ended(row.getTimestamp(2)) + ended(row.getTimestamp(3)))
                        .single())
                .isEqualTo("7 yesyes");
    }

    static Stream<Boolean> ends() {
        return Stream.of(true, false);
    }

    private static String ended(@Nullable Timestamp at) {
        return at == null ? "no" : "yes";
    }
}
