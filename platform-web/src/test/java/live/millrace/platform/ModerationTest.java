// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrlPattern;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import jakarta.servlet.http.Cookie;
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
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.media.testing.Wait;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.NewStreamKey;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.engine.PublishAnswer;
import live.millrace.platform.engine.PublishAuthorization;
import live.millrace.platform.engine.PublishQuestion;
import live.millrace.platform.engine.Refusal;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.moderation.Decision;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import live.millrace.platform.notification.NoticeView;
import live.millrace.platform.notification.Notices;
import live.millrace.platform.shared.DataDirectory;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/** Reports and what becomes of them, roles, bans, settings, the audit log, and what is forgotten when its time has come. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ModerationTest {
    private static final String PASSWORD = "three quiet herons";

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

    private static final MovedClock CLOCK = new MovedClock();

    @SuppressWarnings("UnusedVariable") // it takes the place of the bean
    @TestBean(name = "clock")
    private Clock clock;

    static Clock clock() {
        return CLOCK;
    }

    @AfterEach
    void back() {
        CLOCK.ahead = Duration.ZERO;
        settings.change(Setting.MAINTENANCE, "", Actor.SITE);
        settings.change(Setting.WHO_STREAMS, "", Actor.SITE);
    }

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
    private Channels channels;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private PublishAuthorization gate;

    @Autowired
    private Reports reports;

    @Autowired
    private Cases cases;

    @Autowired
    private Notices notices;

    @Autowired
    private Audit audit;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private DataDirectory data;

    @Autowired
    private JdbcClient database;

    private static String name() {
        return "r"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
    }

    private AccountPrincipal account(Role role) {
        String name = name();
        return ((Registration.Done) accounts.register(name, name + "@example.org", PASSWORD, role)).principal();
    }

    private ChannelView channel(AccountPrincipal principal) {
        return channels.ofAccount(principal.accountId());
    }

    private static RequestPostProcessor from(String address) {
        return request -> {
            request.setRemoteAddr(address);
            return request;
        };
    }

    private long comment(ChannelView in, AccountPrincipal by, long seq, String text) {
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                values (?, ?, ?, ?, ?, now())
                """)
                .param(in.id())
                .param(seq)
                .param(by.accountId())
                .param(UUID.randomUUID())
                .param(text)
                .update();
        return seq;
    }

    private long caseOf(AccountPrincipal subject) {
        return database.sql("select max(id) from moderation_case where subject_account_id = ?")
                .param(subject.accountId())
                .query(Long.class)
                .single();
    }

    private long reported(AccountPrincipal subject, AccountPrincipal by) {
        assertThat(reports.file(
                        by,
                        new Reports.Report(CaseKind.USER, "", null, subject.getUsername(), ReportReason.SPAM, "look")))
                .isEmpty();
        return caseOf(subject);
    }

    private List<String> told(AccountPrincipal whom) {
        return notices.of(whom.accountId(), Long.MAX_VALUE, 10).stream()
                .map(NoticeView::kind)
                .toList();
    }

    // ---- reports ----------------------------------------------------------------------------------------------

    @Test
    void reportsOfOneThingAreOneCaseWithItsEvidence() {
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal bob = account(Role.USER);
        ChannelView room = channel(anna);
        for (int i = 1; i <= 50; i++) {
            comment(room, bob, i, "line " + i);
        }
        Reports.Report report =
                new Reports.Report(CaseKind.MESSAGE, room.name(), 25L, null, ReportReason.HATE, "this one");
        AccountPrincipal cora = account(Role.USER);
        assertThat(reports.file(anna, report)).isEmpty();
        assertThat(reports.file(anna, report)).as("twice is once").isEmpty();
        assertThat(reports.file(cora, report)).isEmpty();
        long id = caseOf(bob);
        assertThat(cases.find(id).orElseThrow().reporters()).isEqualTo(2);
        assertThat(cases.find(id).orElseThrow().excerpt()).isEqualTo("line 25");
        // What is deleted afterwards is still there for those who decide.
        database.sql("delete from chat_message where channel_id = ?")
                .param(room.id())
                .update();
        assertThat(cases.evidence(id).messages())
                .extracting(line -> line.seq())
                .startsWith(5L)
                .endsWith(45L)
                .hasSize(41);
        assertThat(reports.file(bob, report)).contains("report.not.found");
    }

    @Test
    void nobodyReportsThemselvesAndNobodyFloodsTheQueue() {
        AccountPrincipal anna = account(Role.USER);
        assertThat(reports.file(
                        anna,
                        new Reports.Report(CaseKind.CHANNEL, anna.getUsername(), null, null, ReportReason.SPAM, "")))
                .contains("report.not.self");
        for (int i = 0; i < 10; i++) {
            reported(account(Role.USER), anna);
        }
        assertThat(reports.file(
                        anna,
                        new Reports.Report(
                                CaseKind.CHANNEL, account(Role.USER).getUsername(), null, null, ReportReason.SPAM, "")))
                .contains("report.not.many");
    }

    @Test
    void aDecisionIsToldToBothSidesAndCanBeAppealedOnce() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal anna = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        AccountPrincipal stranger = account(Role.USER);
        long id = reported(bob, anna);
        site.perform(get("/decisions/" + id).with(user(bob))).andExpect(status().isNotFound());
        site.perform(post("/admin/reports/" + id + "/decide")
                        .with(user(moderator))
                        .with(csrf())
                        .param("decision", "SUSPEND_STREAMING")
                        .param("amount", "3")
                        .param("reason", "no adverts, please"))
                .andExpect(redirectedUrl("/admin/reports/" + id + "?said=done"));
        assertThat(told(bob)).containsExactly("DECISION");
        assertThat(told(anna)).containsExactly("REPORT_ACTED");
        assertThat(accounts.find(bob.accountId()).orElseThrow().streamSuspended())
                .isTrue();
        assertThat(cases.strikes(bob.accountId())).hasSize(1);
        // It cannot be decided twice.
        assertThat(cases.decide(id, Decision.DISMISS, Duration.ZERO, "", moderator))
                .contains("admin.case.not.taken");
        // Whom it is about reads why; whoever reported reads that something was done, and not what.
        site.perform(get("/decisions/" + id).with(user(bob)))
                .andExpect(content().string(containsString("no adverts, please")));
        site.perform(get("/decisions/" + id).with(user(anna)))
                .andExpect(content().string(not(containsString("no adverts, please"))));
        site.perform(get("/decisions/" + id).with(user(stranger))).andExpect(status().isNotFound());
        // Only its subject appeals, and once.
        site.perform(post("/decisions/" + id + "/appeal")
                        .with(user(anna))
                        .with(csrf())
                        .param("text", "not me"))
                .andExpect(redirectedUrl("/decisions/" + id + "?said=late"));
        site.perform(post("/decisions/" + id + "/appeal")
                        .with(user(bob))
                        .with(csrf())
                        .param("text", "it was a poem"))
                .andExpect(redirectedUrl("/decisions/" + id + "?said=appealed"));
        site.perform(post("/decisions/" + id + "/appeal")
                        .with(user(bob))
                        .with(csrf())
                        .param("text", "again"))
                .andExpect(redirectedUrl("/decisions/" + id + "?said=late"));
        assertThat(cases.answer(id, true, "you are right", moderator)).isTrue();
        assertThat(accounts.find(bob.accountId()).orElseThrow().streamSuspended())
                .isFalse();
        assertThat(cases.strikes(bob.accountId())).isEmpty();
        assertThat(told(bob)).containsExactly("APPEAL_WON", "DECISION");
    }

    @Test
    void twoDoNotWorkOnOneCase() {
        AccountPrincipal first = account(Role.MODERATOR);
        AccountPrincipal second = account(Role.MODERATOR);
        long id = reported(account(Role.USER), account(Role.USER));
        assertThat(cases.claim(id, first)).isTrue();
        assertThat(cases.claim(id, second)).isFalse();
        assertThat(cases.decide(id, Decision.DISMISS, Duration.ZERO, "", second))
                .contains("admin.case.not.taken");
        cases.release(id, first);
        assertThat(cases.claim(id, second)).isTrue();
    }

    @Test
    void aHiddenChannelIsNotFoundAndItsPageStays() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        site.perform(get("/search").param("q", bob.getUsername()))
                .andExpect(content().string(containsString("href=\"/" + bob.getUsername())));
        long id = reported(bob, account(Role.USER));
        assertThat(cases.decide(id, Decision.HIDE, Duration.ZERO, "spam", moderator))
                .isEmpty();
        site.perform(get("/search").param("q", bob.getUsername()))
                .andExpect(content().string(not(containsString("href=\"/" + bob.getUsername()))));
        site.perform(get("/" + bob.getUsername())).andExpect(status().isOk());
        cases.appeal(id, bob.accountId(), "sorry");
        cases.answer(id, true, "fine", moderator);
        assertThat(channel(bob).hidden()).isFalse();
    }

    @Test
    void aSuspendedPersonLearnsWhyAndMayAppealWithoutBeingIn() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        long id = reported(bob, account(Role.USER));
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

    // ---- publishing -------------------------------------------------------------------------------------------

    private PublishAnswer publishes(AccountPrincipal by, String address) {
        NewStreamKey key = keys.create(channel(by).id(), "pc").orElseThrow();
        return gate.mayPublish(
                new PublishQuestion(UUID.randomUUID(), address, "test", Optional.empty(), Optional.of(key.secret())));
    }

    @Test
    void whoMayNotStreamIsRefusedWithItsCause() {
        AccountPrincipal bob = account(Role.USER);
        assertThat(publishes(bob, "203.0.113.5")).isInstanceOf(PublishAnswer.Yes.class);
        accounts.suspendStreaming(bob.accountId(), CLOCK.instant().plus(Duration.ofDays(1)));
        assertThat(publishes(bob, "203.0.113.5")).isEqualTo(new PublishAnswer.No(Refusal.STREAMING_SUSPENDED));
        CLOCK.ahead = Duration.ofDays(2);
        assertThat(publishes(bob, "203.0.113.5")).isInstanceOf(PublishAnswer.Yes.class);
        assertThat(bans.ban("198.51.100.0/24", "", "botnet", null, Actor.SITE)).isEmpty();
        assertThat(publishes(bob, "198.51.100.77")).isEqualTo(new PublishAnswer.No(Refusal.ADDRESS_BANNED));
        settings.change(Setting.WHO_STREAMS, "streamers", Actor.SITE);
        assertThat(publishes(bob, "203.0.113.5")).isEqualTo(new PublishAnswer.No(Refusal.NOT_A_STREAMER));
        assertThat(publishes(account(Role.STREAMER), "203.0.113.5")).isInstanceOf(PublishAnswer.Yes.class);
        settings.change(Setting.MAINTENANCE, "on", Actor.SITE);
        assertThat(publishes(account(Role.STREAMER), "203.0.113.5"))
                .isEqualTo(new PublishAnswer.No(Refusal.MAINTENANCE));
    }

    // ---- addresses --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, private",
        "127.0.0.0/8, wide",
        "::1, private",
        "10.1.2.3, private",
        "192.168.0.0/16, private",
        "172.16.5.0/24, private",
        "100.64.1.1, private",
        "169.254.1.1, private",
        "fd00::1, private",
        "fe80::1, private",
        "::ffff:10.0.0.1, private",
        "0.0.0.0/0, wide",
        "8.0.0.0/8, wide",
        "2001::/16, wide",
        "203.0.113.9, own",
        "203.0.113.0/24, own",
        "example.org, malformed",
        "1.2.3, malformed",
        "1.2.3.4/33, malformed",
        "1.2.3.4/x, malformed",
        "' ', malformed",
    })
    void aBanThatWouldHitTheWrongPeopleIsRefused(String network, String why) {
        assertThat(bans.ban(network, "203.0.113.9", "test", null, Actor.SITE)).contains("admin.ban." + why);
    }

    @Test
    void aBannedAddressNeitherSignsUpNorLogsIn() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        assertThat(bans.ban("2001:db8:5::/48", "", "spam", CLOCK.instant().plus(Duration.ofDays(1)), Actor.SITE))
                .isEmpty();
        site.perform(post("/login")
                        .with(csrf())
                        .with(from("2001:db8:5:1::9"))
                        .param("username", bob.getUsername())
                        .param("password", PASSWORD))
                .andExpect(redirectedUrl("/login?banned"));
        site.perform(get("/login").param("banned", ""))
                .andExpect(content().string(containsString("Nobody can log in from this address.")));
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

    /** A header is believed from a proxy on this machine alone; from anywhere else it is words. */
    @Test
    void aForgedForwardedAddressIsNotBelieved() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        site.perform(post("/login")
                .with(csrf())
                .with(from("203.0.113.77"))
                .header("X-Forwarded-For", "198.51.100.200")
                .param("username", bob.getUsername())
                .param("password", PASSWORD));
        assertThat(addresses.of(bob.accountId()))
                .extracting(KnownAddresses.KnownAddress::address)
                .containsExactly("203.0.113.77");
    }

    // ---- roles and sessions -----------------------------------------------------------------------------------

    @Test
    void thereIsAlwaysAnOwner() {
        database.sql("update account set role = 'ADMIN' where role = 'OWNER'").update();
        AccountPrincipal owner = account(Role.OWNER);
        assertThat(accounts.changeRole(owner.accountId(), Role.ADMIN)).isFalse();
        assertThat(accounts.deleteSoon(owner.accountId(), PASSWORD)).isFalse();
        AccountPrincipal second = account(Role.OWNER);
        assertThat(accounts.changeRole(owner.accountId(), Role.ADMIN)).isTrue();
        assertThat(accounts.changeRole(second.accountId(), Role.USER)).isFalse();
    }

    private Cookie logIn(AccountPrincipal who) throws Exception {
        return Objects.requireNonNull(site.perform(post("/login")
                        .with(csrf())
                        .param("username", who.getUsername())
                        .param("password", PASSWORD))
                .andReturn()
                .getResponse()
                .getCookie("SESSION"));
    }

    @Test
    void aSessionEndsWithTheRightToIt() throws Exception {
        AccountPrincipal moderator = account(Role.MODERATOR);
        Cookie session = logIn(moderator);
        site.perform(get("/admin").cookie(session)).andExpect(status().isOk());
        accounts.changeRole(moderator.accountId(), Role.USER);
        site.perform(get("/admin").cookie(session)).andExpect(status().isNotFound());
        Cookie again = logIn(moderator);
        site.perform(get("/studio").cookie(again)).andExpect(status().isOk());
        accounts.suspend(moderator.accountId(), "spam", null);
        site.perform(get("/studio").cookie(again)).andExpect(redirectedUrlPattern("/login?*"));
        accounts.restore(moderator.accountId());
        Cookie third = logIn(moderator);
        site.perform(post("/logout").with(csrf()).cookie(third));
        site.perform(get("/studio").cookie(third)).andExpect(redirectedUrlPattern("/login?*"));
        Cookie fourth = logIn(moderator);
        accounts.changePassword(moderator.accountId(), PASSWORD, "four loud herons");
        site.perform(get("/studio").cookie(fourth)).andExpect(redirectedUrlPattern("/login?*"));
    }

    @Test
    void staffActBelowThemselvesOnly() throws Exception {
        AccountPrincipal moderator = account(Role.MODERATOR);
        AccountPrincipal admin = account(Role.ADMIN);
        AccountPrincipal other = account(Role.MODERATOR);
        AccountPrincipal bob = account(Role.USER);
        for (AccountPrincipal target : List.of(admin, other, moderator)) {
            site.perform(post("/admin/users")
                            .with(user(moderator))
                            .with(csrf())
                            .param("id", Long.toString(target.accountId()))
                            .param("action", "SUSPEND")
                            .param("reason", "because"))
                    .andExpect(redirectedUrl("/admin/users?said=none"));
        }
        site.perform(post("/admin/users")
                        .with(user(moderator))
                        .with(csrf())
                        .param("id", Long.toString(bob.accountId()))
                        .param("action", "SUSPEND"))
                .andExpect(redirectedUrl("/admin/users?said=reason"));
        site.perform(post("/admin/users")
                        .with(user(moderator))
                        .with(csrf())
                        .param("id", Long.toString(bob.accountId()), Long.toString(other.accountId()))
                        .param("action", "SUSPEND")
                        .param("days", "2")
                        .param("reason", "because"))
                .andExpect(redirectedUrl("/admin/users?said=done"));
        assertThat(accounts.find(bob.accountId()).orElseThrow().suspended()).isTrue();
        assertThat(accounts.find(other.accountId()).orElseThrow().suspended()).isFalse();
    }

    // ---- the audit log ----------------------------------------------------------------------------------------

    @Test
    void theAuditLogCannotBeChanged() {
        audit.add(new Actor(null, "tester"), "look.case", "#1", null, "why", "");
        for (String change :
                List.of("update audit_entry set actor = 'nobody'", "delete from audit_entry", "truncate audit_entry")) {
            assertThatThrownBy(() -> database.sql(change).update()).hasMessageContaining("audit");
        }
    }

    @Test
    void everyActionAndEveryLookAtPrivateDataIsInTheLog() throws Exception {
        AccountPrincipal admin = account(Role.ADMIN);
        AccountPrincipal bob = account(Role.USER);
        addresses.seen(bob.accountId(), "203.0.113.44");
        addresses.seen(bob.accountId(), "fe80::1%1");
        site.perform(post("/admin/users/" + bob.getUsername() + "/addresses")
                        .with(user(admin))
                        .with(csrf()))
                .andExpect(content().string(containsString("203.0.113.44")));
        site.perform(get("/admin/users/" + bob.getUsername()).with(user(admin)))
                .andExpect(content().string(not(containsString("203.0.113.44"))))
                .andExpect(content().string(not(containsString(bob.getUsername() + "@example.org"))));
        site.perform(post("/admin/settings")
                .with(user(admin))
                .with(csrf())
                .param("key", "strike-days")
                .param("value", "30"));
        site.perform(post("/admin/settings")
                        .with(user(admin))
                        .with(csrf())
                        .param("key", "strike-days")
                        .param("value", "-1"))
                .andExpect(redirectedUrl("/admin/settings?said=value"));
        assertThat(settings.number(Setting.STRIKE_DAYS)).isEqualTo(30);
        assertThat(audit.find(new Audit.Search(admin.getUsername(), null, null, null, null), Long.MAX_VALUE, 10))
                .extracting(entry -> entry.action())
                .containsExactly("setting.change", "look.addresses");
        site.perform(get("/admin/audit")
                        .param("actor", admin.getUsername())
                        .param("action", "setting.change")
                        .with(user(admin)))
                .andExpect(content().string(containsString("90 → 30")));
        audit.add(new Actor(null, admin.getUsername()), "look.case", "=HYPERLINK(\"x\")", null, "", "");
        site.perform(get("/admin/audit/export")
                        .param("actor", admin.getUsername())
                        .with(user(admin)))
                .andExpect(content().string(containsString("\"'=HYPERLINK(\"\"x\"\")\"")));
        settings.change(Setting.STRIKE_DAYS, "", Actor.SITE);
    }

    // ---- forgetting -------------------------------------------------------------------------------------------

    @Test
    void whatIsKeptForSomeDaysIsForgottenAfterThem() throws Exception {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        addresses.seen(bob.accountId(), "203.0.113.45");
        gate.refused(
                new PublishQuestion(
                        UUID.randomUUID(), "203.0.113.46", "test", Optional.empty(), Optional.of("nothing")),
                Refusal.UNKNOWN_KEY,
                java.util.OptionalLong.empty());
        comment(channel(bob), moderator, 1, "old words");
        assertThat(reports.file(
                        bob, new Reports.Report(CaseKind.MESSAGE, bob.getUsername(), 1L, null, ReportReason.SPAM, "")))
                .isEmpty();
        long id = caseOf(moderator);
        Path kept = data.resolve("evidence").resolve(Long.toString(id));
        Files.createDirectories(kept);
        Files.write(kept.resolve("0.ts"), new byte[188]);
        database.sql("update moderation_case set segments = 1 where id = ?")
                .param(id)
                .update();
        assertThat(cases.decide(id, Decision.DISMISS, Duration.ZERO, "", account(Role.ADMIN)))
                .isEmpty();
        long warned = reported(bob, moderator);
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
        assertThat(comments(channel(bob))).isEqualTo(1);

        settings.change(Setting.MESSAGE_DAYS, "60", Actor.SITE);
        forgetAll();
        settings.change(Setting.MESSAGE_DAYS, "", Actor.SITE);
        assertThat(comments(channel(bob))).isZero();
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
}
