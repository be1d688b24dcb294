// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.RtmpScript;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.database.MortalDatabase;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveChanged;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.DatabaseState;
import live.millrace.platform.site.Announcements;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

/** A site whose PostgreSQL is killed under it: what each of those who are there sees, and that it is all well again after. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "millrace.rtmp.answer-timeout=8s")
@ContextConfiguration(initializers = MortalDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
class DatabaseAwayTest {
    private static final String PASSWORD = "three quiet herons";
    /** Whoever waits for a connection, as pools have it by default, waits for six times as long. */
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private static final Executor ENCODER =
            command -> Thread.ofPlatform().daemon().start(command);
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    @LocalServerPort
    private int port;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Engine engine;

    @Autowired
    private Broadcasting broadcasting;

    @Autowired
    private JdbcClient database;

    @Autowired
    private DatabaseState state;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private Announcements announcements;

    @Autowired
    private Categories categories;

    @Autowired
    private WordLists words;

    @Autowired
    private AddressBans addresses;

    @Autowired
    private Deliveries deliveries;

    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    /** Whatever a test left. */
    @AfterEach
    void back() throws Exception {
        try {
            database.sql("select 1").query(Integer.class).single();
        } catch (org.springframework.dao.DataAccessException away) {
            MortalDatabase.revive();
        }
        awaitDatabase();
        browser.close();
    }

    private void awaitDatabase() throws Exception {
        Wait.until("the database is back", () -> !state.away());
    }

    private AccountPrincipal account() {
        String name = "d" + UUID.randomUUID().toString().replaceAll("[-01]", "").substring(0, 12);
        return ((Registration.Done) accounts.register(name, name + "@example.org", PASSWORD, Role.USER)).principal();
    }

    private NewStreamKey key(AccountPrincipal principal) {
        return keys.create(channels.ofAccount(principal.accountId()).id(), "home PC")
                .orElseThrow();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    private HttpResponse<String> post(String path, String form) throws Exception {
        return send(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)),
                path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
        return browser.send(
                request.uri(URI.create("http://localhost:" + port + path))
                        .header("Accept-Language", path.contains("lang=zh") ? "zh" : "en")
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String loginForm(AccountPrincipal who) throws Exception {
        return "username=" + who.getUsername() + "&password=" + PASSWORD.replace(' ', '+') + "&_csrf="
                + token(get("/login").body());
    }

    private static String token(String page) {
        Matcher token = TOKEN.matcher(page);
        assertThat(token.find()).isTrue();
        return URLEncoder.encode(token.group(1), StandardCharsets.UTF_8);
    }

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

    private void awayWithin(HttpResponse<String> answer, long startNanos, String type) {
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(WITHIN);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type);
    }

    // ---- pages ------------------------------------------------------------------------------------------------

    @Test
    void pagesSayItInWordsAtOnceToEverybodyAndAreBackAfter(CapturedOutput log) throws Exception {
        AccountPrincipal anna = account();
        String form = loginForm(anna);
        String style = get("/login").body().replaceAll("(?s).*href=\"(/assets/[^\"]+css)\".*", "$1");
        assertThat(post("/login", form).statusCode()).isEqualTo(302);
        HttpResponse<String> studio = get("/studio");
        assertThat(studio.statusCode()).isEqualTo(200);
        MortalDatabase.kill();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            HttpResponse<String> page = get("/studio");
            awayWithin(page, start, "text/html");
            assertThat(page.body()).contains("Back in a moment").contains("http-equiv=\"refresh\"");
        }
        long start = System.nanoTime();
        HttpResponse<String> chinese = get("/" + anna.getUsername() + "?lang=zh-CN");
        awayWithin(chinese, start, "text/html");
        assertThat(chinese.body()).contains("马上回来");
        start = System.nanoTime();
        HttpResponse<String> read = get("/api/v1/channels/" + anna.getUsername());
        awayWithin(read, start, "application/problem+json");
        assertThat(read.body()).contains("Try again in a moment").doesNotContain("not known");
        start = System.nanoTime();
        HttpResponse<String> write =
                post("/api/v1/channels/" + anna.getUsername() + "/moderation/actions", "_csrf=" + token(studio.body()));
        awayWithin(write, start, "application/problem+json");
        // In English alone, as all of the API.
        assertThat(write.body())
                .contains("It is not known whether this was done; look before you try again.")
                .doesNotContain("in a moment");
        start = System.nanoTime();
        HttpResponse<String> sent = post("/login", form);
        awayWithin(sent, start, "text/html");
        // In the language that was chosen last, and not sent again by itself.
        assertThat(sent.body()).contains("尚不确定是否已保存").doesNotContain("http-equiv=\"refresh\"");
        assertThat(style).startsWith("/assets/");
        assertThat(get(style).statusCode()).isEqualTo(200);
        start = System.nanoTime();
        assertThat(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body())
                .contains("DOWN");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(WITHIN);

        MortalDatabase.revive();
        awaitDatabase();
        assertThat(get("/studio").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health").body()).contains("UP");
        assertThat(log.getOut().lines().filter(line -> line.contains("The database is away;")))
                .hasSize(1);
        assertThat(log.getOut().lines().filter(line -> line.contains("The database is back")))
                .hasSize(1);
        assertThat(log.getOut()).as("no trace of each request").doesNotContain("\tat ");
    }

    // ---- memory -----------------------------------------------------------------------------------------------

    @Test
    void whatIsKeptInMemoryIsReadAgainWhateverOneOfThemDoes(CapturedOutput log) throws Exception {
        AccountPrincipal anna = account();
        String room = "chat:" + anna.getUsername();
        OpenedPage page = new OpenedPage(browser, port, null).join(room);
        page.waitFor(message -> message.path("type").asString("").equals("history"));
        categories.all();
        long channel = channels.ofAccount(anna.accountId()).id();
        assertThat(words.verdict(channel, "a heron")).isEmpty();
        ear.breaks = true;
        // As by a commit that nobody heard of.
        database.sql("insert into site_setting (name, value, changed_at) values ('strike-days', '77', now())")
                .update();
        database.sql("insert into site_announcement (text_en, text_zh, made_at) values ('Hello', '你好', now())")
                .update();
        database.sql("insert into channel_category (slug, name_en, name_zh) values ('herons', 'Herons', '苍鹭')")
                .update();
        database.sql("insert into chat_word (channel_id, word, effect, made_at) values (null, 'heron', 'BLOCK', now())")
                .update();
        database.sql("insert into account_address_ban (network, made_by, made_at) values ('203.0.113.7/32', '', now())")
                .update();
        database.sql("insert into chat_room (channel_id, slow_seconds) values (?, 33)"
                        + " on conflict (channel_id) do update set slow_seconds = 33")
                .param(channel)
                .update();
        MortalDatabase.kill();
        Wait.until("somebody misses it", () -> {
            get("/" + anna.getUsername());
            return state.away();
        });

        MortalDatabase.revive();
        awaitDatabase();

        Wait.until("settings are read again", () -> settings.number(Setting.STRIKE_DAYS) == 77);
        Wait.until("so are announcements", () -> announcements.current().isPresent());
        Wait.until("categories", () -> categories.find("herons").isPresent());
        Wait.until("words", () -> words.verdict(channel, "a heron").isPresent());
        Wait.until("bans", () -> addresses.banned("203.0.113.7"));
        page.waitFor(message -> message.toString().contains("33")
                && message.path("type").asString("").equals("room"));
        page.socket.abort();
        assertThat(log.getOut().lines().filter(line -> line.contains("What waited for the database failed")))
                .hasSize(1);
    }

    // ---- one connection ---------------------------------------------------------------------------------------

    /** Hears what the site is told, behind whoever writes it down. */
    @TestConfiguration
    static class Ear {
        private final Set<UUID> ended = ConcurrentHashMap.newKeySet();
        private volatile boolean breaks;

        /** Before all others. */
        @EventListener
        @Order(Ordered.HIGHEST_PRECEDENCE)
        void on(DatabaseBack back) {
            if (breaks) {
                breaks = false;
                throw new IllegalStateException("a fault of one listener");
            }
        }

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

    @Test
    void anEndThatIsLostWithOneConnectionIsToldAgain() throws Exception {
        AccountPrincipal anna = account();
        try (RtmpScript encoder = encoder()) {
            assertThat(encoder.publish(key(anna).secret())).isEqualTo("NetStream.Publish.Start");
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

    // ---- deliveries -------------------------------------------------------------------------------------------

    @Test
    void whatIsStillToBeDoneWaitsForTheDatabaseWithoutAWord(CapturedOutput log) throws Exception {
        String target = "away" + UUID.randomUUID();
        // An account that nobody has: nothing is sent.
        deliveries.enqueue(
                "mail",
                target,
                Map.of("account", 0, "purpose", "RESET", "language", "en"),
                null,
                Instant.now().plus(Duration.ofSeconds(3)));
        MortalDatabase.kill();
        Wait.until("somebody misses it", state::away);
        Instant due = Instant.now().plus(Duration.ofSeconds(4));
        Wait.until("it was due, and nobody could tell", () -> Instant.now().isAfter(due));
        assertThat(log.getOut().lines().filter(line -> line.contains("kagkarlsson") || line.contains("c.g.k.")))
                .isEmpty();

        MortalDatabase.revive();
        awaitDatabase();

        Wait.until(
                "it is done with",
                Duration.ofSeconds(40),
                () -> database.sql("select state, attempts from delivery where target = ?")
                        .param(target)
                        .query((row, _) -> row.getString(1) + row.getInt(2))
                        .single()
                        .equals("DROPPED0"));
    }

    // ---- publishing -------------------------------------------------------------------------------------------

    @Test
    void aPublishWaitsForTheDatabaseAndItsBroadcastHasARow() throws Exception {
        AccountPrincipal anna = account();
        String secret = key(anna).secret();
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
        AccountPrincipal anna = account();
        NewStreamKey key = key(anna);
        try (RtmpScript first = encoder()) {
            assertThat(first.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
        }
        Wait.until("it has ended", () -> engine.live(anna.getUsername()).isEmpty() || awaitingReturn(anna));
        engine.end(anna.getUsername());
        Wait.until("it is over", () -> engine.live(anna.getUsername()).isEmpty());
        long channel = channels.ofAccount(anna.accountId()).id();
        // An entry whose commit is cut off may stand, and is written once more.
        Wait.until("the first is in the log", () -> published(channel) == 1);
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
            Wait.until("both are in the log", () -> published(channel) == 2);
        }
    }

    private long published(long channelId) {
        return broadcasting.attempts(channelId, "127.0.0.1").stream()
                .filter(attempt -> attempt.outcome().equals("PUBLISHED"))
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
        assertThat(get("/" + principal.getUsername()).statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyThatLostItsRightDoesNotReturn() throws Exception {
        AccountPrincipal anna = account();
        NewStreamKey revoked = key(anna);
        NewStreamKey blocked = key(anna);
        AccountPrincipal bob = account();
        NewStreamKey suspended = key(bob);
        for (NewStreamKey key : new NewStreamKey[] {revoked, blocked, suspended}) {
            try (RtmpScript encoder = encoder()) {
                assertThat(encoder.publish(key.secret())).isEqualTo("NetStream.Publish.Start");
            }
            AccountPrincipal owner = key.equals(suspended) ? bob : anna;
            engine.end(owner.getUsername());
            Wait.until("it is over", () -> engine.live(owner.getUsername()).isEmpty());
        }
        keys.revoke(revoked.key().channelId(), revoked.key().id());
        keys.block(blocked.key().id(), java.time.Instant.now().plusSeconds(600));
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
        String secret = key(account()).secret();
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
