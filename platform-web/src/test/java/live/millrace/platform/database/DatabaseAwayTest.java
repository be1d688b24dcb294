// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.testing.Wait;
import live.millrace.platform.OpenedPage;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.site.Announcements;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The database is away: everybody is told so at once, and what is kept in memory is read again after. */
@Import(DatabaseAwayTest.Ear.class)
class DatabaseAwayTest extends MortalSite {
    /** Whoever waits for a connection, as pools have it by default, waits for six times as long. */
    private static final Duration WITHIN = Duration.ofSeconds(5);

    /** 1 s for the pool, 2.5 s to be sure, 1 s for those who came last, and what a busy machine adds. */
    private static final Duration FROZEN = Duration.ofSeconds(20);

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

    /** A listener that fails once. */
    @TestConfiguration
    static class Ear {
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
    }

    @Autowired
    private Ear ear;

    @Autowired
    private Deliveries deliveries;

    private void awayWithin(HttpResponse<String> answer, long startNanos, String type) {
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(WITHIN);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type);
    }

    @Test
    void pagesSayItInWordsAtOnceToEverybodyAndAreBackAfter(CapturedOutput log) throws Exception {
        AccountPrincipal anna = people.user();
        String form = browser.loginForm(anna);
        String style = browser.get("/login").body().replaceAll("(?s).*href=\"(/assets/[^\"]+css)\".*", "$1");
        assertThat(browser.post("/login", form).statusCode()).isEqualTo(302);
        HttpResponse<String> studio = browser.get("/studio");
        assertThat(studio.statusCode()).isEqualTo(200);
        MortalDatabase.kill();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            HttpResponse<String> page = browser.get("/studio");
            awayWithin(page, start, "text/html");
            assertThat(page.body()).contains("We’ll be right back").contains("http-equiv=\"refresh\"");
        }
        long start = System.nanoTime();
        HttpResponse<String> chinese = browser.get("/" + anna.getUsername() + "?lang=zh-CN");
        awayWithin(chinese, start, "text/html");
        assertThat(chinese.body()).contains("马上回来");
        start = System.nanoTime();
        HttpResponse<String> read = browser.get("/api/v1/channels/" + anna.getUsername());
        awayWithin(read, start, "application/problem+json");
        assertThat(read.body()).contains("Try again in a moment").doesNotContain("don’t know yet");
        start = System.nanoTime();
        HttpResponse<String> write = browser.post(
                "/api/v1/channels/" + anna.getUsername() + "/moderation/actions",
                "_csrf=" + TestBrowser.token(studio.body()));
        awayWithin(write, start, "application/problem+json");
        // In English alone, as all of the API.
        assertThat(write.body())
                .contains("It is not known whether this was done; look before you try again.")
                .doesNotContain("in a moment");
        start = System.nanoTime();
        HttpResponse<String> sent = browser.post("/login", form);
        awayWithin(sent, start, "text/html");
        // In the language that was chosen last, and not sent again by itself.
        assertThat(sent.body()).contains("尚不确定是否已保存").doesNotContain("http-equiv=\"refresh\"");
        assertThat(style).startsWith("/assets/");
        assertThat(browser.get(style).statusCode()).isEqualTo(200);
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
        assertThat(browser.get("/studio").statusCode()).isEqualTo(200);
        assertThat(browser.get("/actuator/health").body()).contains("UP");
        assertThat(log.getOut().lines().filter(line -> line.contains("The database is away;")))
                .hasSize(1);
        assertThat(log.getOut().lines().filter(line -> line.contains("The database is back")))
                .hasSize(1);
        assertThat(log.getOut()).as("no trace of each request").doesNotContain("\tat ");
    }

    /** Also to those who had asked already, and not to work that may take long. */
    @Test
    void pagesSayItOfADatabaseThatIsFrozen() throws Exception {
        AccountPrincipal anna = people.user();
        assertThat(browser.get("/" + anna.getUsername()).statusCode()).isEqualTo(200);
        try (ExecutorService visitors = Executors.newCachedThreadPool();
                HttpClient client = HttpClient.newHttpClient()) {
            Future<?> work = visitors.submit(
                    () -> database.sql("select 1 from pg_sleep(2)").query().listOfRows());
            Wait.until(
                    "the work has begun",
                    () -> database.sql(
                                            "select count(*) from pg_stat_activity where query like '%pg_sleep(2)' and state = 'active'")
                                    .query(Integer.class)
                                    .single()
                            == 1);
            MortalDatabase.freeze();
            try {
                List<Future<HttpResponse<String>>> asked = Stream.of(
                                "/login",
                                "/" + anna.getUsername(),
                                "/search?q=x",
                                "/api/v1/channels/" + anna.getUsername())
                        .map(path -> HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .build())
                        .map(request ->
                                visitors.submit(() -> client.send(request, HttpResponse.BodyHandlers.ofString())))
                        .toList();
                for (Future<HttpResponse<String>> each : asked) {
                    assertThat(each.get(FROZEN.toSeconds(), TimeUnit.SECONDS).statusCode())
                            .isEqualTo(503);
                }
                long start = System.nanoTime();
                awayWithin(browser.get("/" + anna.getUsername()), start, "text/html");
                assertThat(work.isDone()).isFalse();
            } finally {
                MortalDatabase.thaw();
            }
            awaitDatabase();
            assertThat(work.get(FROZEN.toSeconds(), TimeUnit.SECONDS)).isNotNull();
            assertThat(browser.get("/" + anna.getUsername()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsKeptInMemoryIsReadAgainWhateverOneOfThemDoes(CapturedOutput log) throws Exception {
        AccountPrincipal anna = people.user();
        String room = "chat:" + anna.getUsername();
        OpenedPage page = new OpenedPage(browser.client(), port, null).join(room);
        page.waitFor(message -> message.path("type").asString("").equals("history"));
        categories.all();
        long channel = people.channel(anna).id();
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
            browser.get("/" + anna.getUsername());
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
        page.abort();
        assertThat(log.getOut().lines().filter(line -> line.contains("What waited for the database failed")))
                .hasSize(1);
    }

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
}
