// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static live.millrace.platform.TestPeople.PASSWORD;
import static live.millrace.platform.TestPeople.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import live.millrace.media.testing.Wait;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.security.LoginFailure;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** What ends or is forgotten when its time has come, by a clock that the test moves: one class, for its context is of its own. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PassingTimeTest {
    private static final MovedClock CLOCK = new MovedClock();

    @Autowired
    private TestPeople people;

    @Autowired
    private TestCases filed;

    @SuppressWarnings("UnusedVariable") // it takes the place of the bean
    @TestBean(name = "clock")
    private Clock clock;

    @Autowired
    private ApplicationContext context;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private AddressBans bans;

    @Autowired
    private KnownAddresses addresses;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private PublishAuthorization authorization;

    @Autowired
    private Reports reports;

    @Autowired
    private Cases cases;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private DataDirectory data;

    @Autowired
    private JdbcClient database;

    /** The site's clock, which the test moves. */
    private static final class MovedClock extends Clock {
        private Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    static Clock clock() {
        return CLOCK;
    }

    @AfterEach
    void back() {
        CLOCK.ahead = Duration.ZERO;
        settings.change(Setting.MAINTENANCE, "", Actor.SITE);
        settings.change(Setting.WHO_STREAMS, "", Actor.SITE);
    }

    private static RequestPostProcessor from(String address) {
        return request -> {
            request.setRemoteAddr(address);
            return request;
        };
    }

    private PublishAnswer publishes(AccountPrincipal by, String address) {
        NewStreamKey key = keys.create(people.channel(by).id(), "pc").orElseThrow();
        return authorization.mayPublish(
                new PublishQuestion(UUID.randomUUID(), address, "test", Optional.empty(), Optional.of(key.secret())));
    }

    private void forgetAll() {
        List<String> names = List.of("forget.addresses", "forget.connection-log", "forget.evidence", "forget.messages");
        context.getBeanProvider(RecurringWork.class).stream()
                .filter(work -> names.contains(work.name()))
                .forEach(RecurringWork::run);
    }

    private int attemptsFrom(String address) {
        return database.sql("select count(*) from live_publish_attempt where remote = ?")
                .param(address)
                .query(Integer.class)
                .single();
    }

    private int comments(ChannelView in) {
        return database.sql("select count(*) from chat_message where channel_id = ?")
                .param(in.id())
                .query(Integer.class)
                .single();
    }

    @Test
    void aSuspendedPersonLearnsWhyAndMayAppealWithoutBeingIn() throws Exception {
        AccountPrincipal bob = people.user();
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        long id = filed.reported(bob, people.user());
        assertThat(cases.decide(id, Decision.SUSPEND_ACCOUNT, Duration.ofDays(7), "threats", moderator))
                .isEmpty();
        String visit = Objects.requireNonNull(site.perform(post("/login")
                        .with(csrf())
                        .param("username", bob.getUsername())
                        .param("password", PASSWORD))
                .andExpect(redirectedUrlPattern("/suspended/*"))
                .andReturn()
                .getResponse()
                .getRedirectedUrl());
        site.perform(get(visit)).andExpect(content().string(containsString("threats")));
        site.perform(post(visit).with(csrf()).param("text", "it was a play"))
                .andExpect(redirectedUrl(visit + "?said=appealed"));
        assertThat(cases.find(id).orElseThrow().appealWaits()).isTrue();
        site.perform(get("/suspended/guessed")).andExpect(status().isNotFound());
        CLOCK.ahead = Duration.ofDays(8);
        assertThat(accounts.find(bob.accountId()).orElseThrow().suspended()).isFalse();
    }

    @Test
    void whoMayNotStreamIsRefusedWithItsCause() {
        AccountPrincipal bob = people.user();
        assertThat(publishes(bob, "203.0.113.5")).isInstanceOf(PublishAnswer.Yes.class);
        accounts.suspendStreaming(bob.accountId(), CLOCK.instant().plus(Duration.ofDays(1)));
        assertThat(publishes(bob, "203.0.113.5")).isEqualTo(new PublishAnswer.No(Refusal.STREAMING_SUSPENDED));
        CLOCK.ahead = Duration.ofDays(2);
        assertThat(publishes(bob, "203.0.113.5")).isInstanceOf(PublishAnswer.Yes.class);
        assertThat(bans.ban("198.51.100.0/24", "", "botnet", null, Actor.SITE)).isEmpty();
        assertThat(publishes(bob, "198.51.100.77")).isEqualTo(new PublishAnswer.No(Refusal.ADDRESS_BANNED));
        settings.change(Setting.WHO_STREAMS, "streamers", Actor.SITE);
        assertThat(publishes(bob, "203.0.113.5")).isEqualTo(new PublishAnswer.No(Refusal.NOT_A_STREAMER));
        assertThat(publishes(people.account(Role.STREAMER), "203.0.113.5")).isInstanceOf(PublishAnswer.Yes.class);
        settings.change(Setting.MAINTENANCE, "on", Actor.SITE);
        assertThat(publishes(people.account(Role.STREAMER), "203.0.113.5"))
                .isEqualTo(new PublishAnswer.No(Refusal.MAINTENANCE));
    }

    @Test
    void aBannedAddressNeitherSignsUpNorLogsIn() throws Exception {
        AccountPrincipal bob = people.user();
        assertThat(bans.ban("2001:db8:5::/48", "", "spam", CLOCK.instant().plus(Duration.ofDays(1)), Actor.SITE))
                .isEmpty();
        site.perform(post("/login")
                        .with(csrf())
                        .with(from("2001:db8:5:1::9"))
                        .param("username", bob.getUsername())
                        .param("password", PASSWORD))
                .andExpect(request()
                        .attribute(
                                LoginFailure.ATTRIBUTE,
                                new LoginFailure("security.login.banned", bob.getUsername(), "", Duration.ZERO)));
        String name = name();
        site.perform(post("/signup")
                        .with(csrf())
                        .with(from("2001:db8:5:1::9"))
                        .param("username", name)
                        .param("email", name + "@example.org")
                        .param("password", PASSWORD))
                .andExpect(status().isUnprocessableContent());
        site.perform(post("/login")
                        .with(csrf())
                        .with(from("2001:db8:6:1::9"))
                        .param("username", bob.getUsername())
                        .param("password", PASSWORD))
                .andExpect(redirectedUrl("/"));
        CLOCK.ahead = Duration.ofDays(2);
        assertThat(bans.banned("2001:db8:5:1::9")).isFalse();
    }

    @Test
    void whatIsKeptForSomeDaysIsForgottenAfterThem() throws Exception {
        AccountPrincipal bob = people.user();
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        addresses.seen(bob.accountId(), "203.0.113.45");
        authorization.refused(
                new PublishQuestion(
                        UUID.randomUUID(), "203.0.113.46", "test", Optional.empty(), Optional.of("nothing")),
                Refusal.UNKNOWN_KEY,
                OptionalLong.empty());
        filed.message(people.channel(bob), moderator, 1, "old words");
        assertThat(reports.file(
                        bob, new Reports.Report(CaseKind.MESSAGE, bob.getUsername(), 1L, null, ReportReason.SPAM, "")))
                .isEmpty();
        long id = filed.caseOf(moderator);
        Path kept = data.resolve("evidence").resolve(Long.toString(id));
        Files.createDirectories(kept);
        Files.write(kept.resolve("0.ts"), new byte[188]);
        database.sql("update moderation_case set segments = 1 where id = ?")
                .param(id)
                .update();
        assertThat(cases.decide(id, Decision.DISMISS, Duration.ZERO, "", people.account(Role.ADMIN)))
                .isEmpty();
        long warned = filed.reported(bob, people.user());
        assertThat(cases.decide(warned, Decision.WARN, Duration.ZERO, "mind your tongue", moderator))
                .isEmpty();

        CLOCK.ahead = Duration.ofDays(29);
        forgetAll();
        assertThat(addresses.of(bob.accountId())).hasSize(1);
        assertThat(attemptsFrom("203.0.113.46")).isEqualTo(1);
        assertThat(cases.strikes(bob.accountId())).hasSize(1);

        CLOCK.ahead = Duration.ofDays(31);
        forgetAll();
        assertThat(addresses.of(bob.accountId())).isEmpty();
        assertThat(attemptsFrom("203.0.113.46")).isZero();
        assertThat(cases.evidence(id).messages()).hasSize(1);

        CLOCK.ahead = Duration.ofDays(91);
        forgetAll();
        assertThat(cases.evidence(id).messages()).isEmpty();
        Wait.until("the files are gone as well", () -> !Files.exists(kept));
        assertThat(cases.strikes(bob.accountId())).isEmpty();
        assertThat(comments(people.channel(bob))).isEqualTo(1);

        settings.change(Setting.MESSAGE_DAYS, "60", Actor.SITE);
        forgetAll();
        settings.change(Setting.MESSAGE_DAYS, "", Actor.SITE);
        assertThat(comments(people.channel(bob))).isZero();
    }
}
