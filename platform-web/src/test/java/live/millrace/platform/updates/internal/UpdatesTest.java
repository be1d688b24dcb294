// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.updates.internal;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.shared.SiteMessages;
import live.millrace.platform.updates.Trouble;
import live.millrace.platform.updates.Updates;
import live.millrace.platform.updates.UpdatesSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Where the operator names an address, admins hear of a newer version, until one of them puts the notice away. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@ExtendWith(OutputCaptureExtension.class)
class UpdatesTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    /** What the page asks: as the tests want it. */
    private static Updates shown = new Silent();

    /** In place of the site's own, which compares with no version when it runs from classes. */
    @TestBean(methodName = "updates")
    @SuppressWarnings("UnusedVariable")
    private Updates updates;

    static Updates updates() {
        return new Updates() {
            @Override
            public Optional<News> news() {
                return shown.news();
            }

            @Override
            public boolean dismiss(String version, live.millrace.platform.audit.Actor actor) {
                return shown.dismiss(version, actor);
            }
        };
    }

    private static final class Silent implements Updates {
        @Override
        public Optional<News> news() {
            return Optional.empty();
        }

        @Override
        public boolean dismiss(String version, live.millrace.platform.audit.Actor actor) {
            return false;
        }
    }

    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private UpdateRows rows;

    @Autowired
    private Audit audit;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private JdbcClient database;

    @Autowired
    private JsonMapper json;

    private final AtomicInteger asked = new AtomicInteger();
    private volatile String body = "{\"version\": \"0.2.0\", \"notes\": \"https://example.org/notes\"}";
    private HttpServer server;
    private UpdatesSettings settings;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        settings = address("?token=secret");
        shown = updates("0.1.0");
    }

    @AfterEach
    void back() {
        server.stop(0);
        shown = new Silent();
        database.sql("delete from updates_site").update();
        database.sql("insert into updates_site default values").update();
    }

    private UpdatesSettings address(String end) {
        return new UpdatesSettings("http://127.0.0.1:" + server.getAddress().getPort() + "/newest" + end);
    }

    private Updates updates(String running) {
        return new StoredUpdates(settings, rows, audit, transaction, Optional.ofNullable(running));
    }

    private void work(Instant now) {
        new UpdateWork(settings, new UpdateCall(), rows, json, Clock.fixed(now, ZoneOffset.UTC)).run();
    }

    @Test
    void adminsAreToldUntilOneOfThemPutsItAway() throws Exception {
        work(NOON);
        AccountPrincipal admin = people.account(Role.ADMIN);
        site.perform(get("/admin").with(user(admin)).locale(Locale.ENGLISH))
                .andExpect(content().string(containsString("Millrace 0.2.0 is available")))
                .andExpect(content().string(containsString("href=\"https://example.org/notes\"")))
                .andExpect(content().string(containsString("rel=\"noopener noreferrer\"")))
                .andExpect(content().string(containsString("apt install ./millrace_0.2.0_amd64.deb")));
        site.perform(get("/admin").with(user(admin)).locale(Locale.SIMPLIFIED_CHINESE))
                .andExpect(content().string(containsString("Millrace 0.2.0 已发布")));
        site.perform(get("/admin").with(user(people.account(Role.MODERATOR))).locale(Locale.ENGLISH))
                .andExpect(content().string(not(containsString("is available"))));
        site.perform(post("/admin/updates/dismiss")
                        .param("version", "0.1.9")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin"));
        assertThat(shown.news()).describedAs("another one was meant").isPresent();
        site.perform(post("/admin/updates/dismiss")
                        .param("version", "0.2.0")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(redirectedUrl("/admin"));
        site.perform(get("/admin").with(user(people.account(Role.ADMIN))).locale(Locale.ENGLISH))
                .andExpect(content().string(not(containsString("is available"))));
        body = "{\"tag_name\": \"v0.2.1\"}";
        work(NOON.plus(Duration.ofDays(2)));
        assertThat(shown.news()).contains(new Updates.News("0.2.1", null));
    }

    @Test
    void whatIsNotNewerIsNoNews() {
        work(NOON);
        for (String running : new String[] {"0.2.0", "0.3.0-SNAPSHOT", "1.0.0", null}) {
            assertThat(updates(running).news()).describedAs("%s", running).isEmpty();
        }
        assertThat(updates("0.2.0-rc.1").news()).isPresent();
        settings = new UpdatesSettings(null);
        assertThat(updates("0.1.0").news()).describedAs("switched off").isEmpty();
    }

    @Test
    void itIsAskedOnceADay() {
        work(NOON);
        work(NOON.plus(Duration.ofMinutes(5)));
        work(NOON.plus(Duration.ofHours(23)));
        assertThat(asked).hasValue(1);
        work(NOON.plus(Duration.ofHours(26)));
        assertThat(asked).hasValue(2);
        settings = address("?token=other");
        work(NOON.plus(Duration.ofHours(26)));
        assertThat(asked).describedAs("another address").hasValue(3);
        settings = new UpdatesSettings("");
        work(NOON.plus(Duration.ofDays(9)));
        assertThat(asked).describedAs("nobody is named").hasValue(3);
    }

    @Test
    void aBadAnswerIsSaidOnceAndTakesNothingAway(CapturedOutput log) {
        work(NOON);
        body = "<html>";
        for (int day = 2; day < 6; day++) {
            work(NOON.plus(Duration.ofDays(2L * day)));
        }
        assertThat(asked).hasValue(5);
        assertThat(shown.news()).contains(new Updates.News("0.2.0", "https://example.org/notes"));
        assertThat(rows.state().trouble()).isEqualTo(Trouble.MALFORMED);
        assertThat(log.getAll().lines().filter(line -> line.contains("millrace.updates.url")))
                .singleElement()
                .asString()
                .contains("/newest,", "MALFORMED")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource
    void everyTroubleHasItsWords(Trouble trouble) {
        SiteMessages texts = new SiteMessages();
        texts.setBasename("messages/doctor");
        for (Locale language : new Locale[] {Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE}) {
            assertThat(texts.getMessage("doctor.versions.trouble." + trouble, new Object[] {"HERE"}, language))
                    .contains("HERE");
        }
    }
}
