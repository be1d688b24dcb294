// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.AccountView;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.moderation.Decision;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import live.millrace.platform.notification.Notices;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** What a decision says happens, all of it or nothing; a won appeal gives all of it back and nothing else. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class DecisionTest {
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
    private ChatModeration moderation;

    @Autowired
    private Reports reports;

    @Autowired
    private Cases cases;

    @Autowired
    private Notices notices;

    @Autowired
    private JdbcClient database;

    private AccountPrincipal account(Role role) {
        String name = "d"
                + ThreadLocalRandom.current()
                        .ints(15, 0, 20)
                        .mapToObj(letter -> "abcdefghjkmnpqstuxyz".substring(letter, letter + 1))
                        .collect(Collectors.joining());
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", role))
                .principal();
    }

    private long reported(CaseKind kind, AccountPrincipal subject, ChannelView in, @Nullable Long seq) {
        String channel = kind == CaseKind.USER ? "" : in.name();
        assertThat(reports.file(
                        account(Role.USER),
                        new Reports.Report(kind, channel, seq, subject.getUsername(), ReportReason.SPAM, "look")))
                .isEmpty();
        return database.sql("select max(id) from moderation_case where subject_account_id = ?")
                .param(subject.accountId())
                .query(Long.class)
                .single();
    }

    private long reported(AccountPrincipal subject) {
        return reported(CaseKind.USER, subject, channels.ofAccount(subject.accountId()), null);
    }

    private void decide(long id, Decision decision, Duration length, AccountPrincipal moderator) {
        assertThat(cases.decide(id, decision, length, "reason " + id, moderator))
                .isEmpty();
    }

    private void win(long id, AccountPrincipal subject, AccountPrincipal moderator) {
        assertThat(cases.appeal(id, subject.accountId(), "no")).isTrue();
        // Somebody else answers than who decided.
        assertThat(cases.answer(id, true, "right", account(moderator.role()))).isEmpty();
    }

    private AccountView view(AccountPrincipal subject) {
        return accounts.find(subject.accountId()).orElseThrow();
    }

    private static String address() {
        return "203.0.113." + ThreadLocalRandom.current().nextInt(1, 250);
    }

    private long openBans(String address) {
        return database.sql("select count(*) from account_address_ban where network = ?::cidr and lifted_at is null")
                .param(address)
                .query(Long.class)
                .single();
    }

    @Test
    void aDecisionIsCarriedOutOrNotMade() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        addresses.seen(bob.accountId(), "198.51.100.7");
        long id = reported(bob);
        database.sql("alter table account_address_ban add constraint none check (false) not valid")
                .update();
        try {
            assertThatThrownBy(() -> cases.decide(id, Decision.BAN_ADDRESS, Duration.ofDays(3), "spam", moderator))
                    .isInstanceOf(DataAccessException.class);
        } finally {
            database.sql("alter table account_address_ban drop constraint none").update();
        }
        assertThat(cases.find(id).orElseThrow().decision()).isNull();
        assertThat(view(bob).suspended()).isFalse();
        assertThat(cases.strikes(bob.accountId())).isEmpty();
        assertThat(notices.unread(bob.accountId())).isZero();
        assertThat(bans.banned("198.51.100.7")).isFalse();

        decide(id, Decision.BAN_ADDRESS, Duration.ofDays(3), moderator);
        assertThat(view(bob).suspended()).isTrue();
        assertThat(bans.banned("198.51.100.7")).isTrue();
        win(id, bob, moderator);
        assertThat(bans.banned("198.51.100.7")).isFalse();
    }

    @Test
    void aWonAppealLiftsTheBansOfThatDecisionAlone() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        String one = address();
        String two = "198.51.100.20";
        addresses.seen(bob.accountId(), one);
        addresses.seen(bob.accountId(), two);
        assertThat(bans.ban(two, "", "by hand", null, moderator.actor())).isEmpty();
        long id = reported(bob);
        decide(id, Decision.BAN_ADDRESS, Duration.ZERO, moderator);
        assertThat(bans.banned(one)).isTrue();
        assertThat(openBans(two)).isEqualTo(2);

        win(id, bob, moderator);

        assertThat(view(bob).suspended()).isFalse();
        assertThat(bans.banned(one)).isFalse();
        assertThat(bans.banned(two)).isTrue();
        assertThat(openBans(two)).isOne();
    }

    @Test
    void aWonAppealShowsTheCommentAgain() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        ChannelView room = channels.ofAccount(account(Role.USER).accountId());
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                values (?, 1, ?, ?, 'a poem', now())
                """)
                .param(room.id())
                .param(bob.accountId())
                .param(UUID.randomUUID())
                .update();
        long id = reported(CaseKind.MESSAGE, bob, room, 1L);
        decide(id, Decision.HIDE, Duration.ZERO, moderator);
        assertThat(moderation.message(room, 1, null).orElseThrow().removed()).isTrue();

        win(id, bob, moderator);

        assertThat(moderation.message(room, 1, null).orElseThrow().removed()).isFalse();
    }

    @Test
    void aWonAppealListsTheChannelAgainUnlessSomebodyElseHidIt() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        ChannelView channel = channels.ofAccount(bob.accountId());
        long first = reported(CaseKind.CHANNEL, bob, channel, null);
        decide(first, Decision.HIDE, Duration.ZERO, moderator);
        long second = reported(CaseKind.CHANNEL, bob, channel, null);
        decide(second, Decision.HIDE, Duration.ZERO, moderator);

        win(first, bob, moderator);
        assertThat(channels.find(channel.id()).orElseThrow().hidden()).isTrue();
        win(second, bob, moderator);
        assertThat(channels.find(channel.id()).orElseThrow().hidden()).isFalse();
    }

    /** Two suspensions, of which either may turn out to be wrong: the other one stands. */
    @Test
    void aWonAppealLeavesAnotherSuspension() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        long first = reported(bob);
        decide(first, Decision.SUSPEND_ACCOUNT, Duration.ZERO, moderator);
        long second = reported(bob);
        decide(second, Decision.SUSPEND_ACCOUNT, Duration.ofDays(5), moderator);

        win(second, bob, moderator);
        assertThat(view(bob).suspended()).isTrue();
        assertThat(view(bob).suspendedReason()).isEqualTo("reason " + first);
        assertThat(view(bob).suspendedUntil()).isNull();

        win(first, bob, moderator);
        assertThat(view(bob).suspended()).isFalse();
    }

    @Test
    void theEarlierOfTwoSuspensionsDoesNotComeBackOnceItWasOverturned() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        long first = reported(bob);
        decide(first, Decision.SUSPEND_STREAMING, Duration.ZERO, moderator);
        long second = reported(bob);
        decide(second, Decision.SUSPEND_STREAMING, Duration.ofDays(5), moderator);

        win(first, bob, moderator);
        assertThat(view(bob).streamSuspended()).isTrue();
        win(second, bob, moderator);
        assertThat(view(bob).streamSuspended()).isFalse();
    }

    @Test
    void aWonAppealFreesTheKey() {
        AccountPrincipal bob = account(Role.USER);
        AccountPrincipal moderator = account(Role.MODERATOR);
        ChannelView channel = channels.ofAccount(bob.accountId());
        long key = keys.create(channel.id(), "laptop").orElseThrow().key().id();
        long id = reported(CaseKind.CHANNEL, bob, channel, null);
        decide(id, Decision.END_AND_BLOCK, Duration.ofDays(2), moderator);
        // As it is written down when the key publishes at that moment.
        Instant until = Instant.parse("2099-01-01T00:00:00.123456Z");
        keys.block(key, until);
        database.sql(
                        "insert into moderation_effect (case_id, kind, ref, at) values (?, 'KEY_BLOCK', ?, ?::timestamptz)")
                .param(id)
                .param(key)
                .param(until.toString())
                .update();

        win(id, bob, moderator);

        assertThat(keys.find(key).orElseThrow().blockedUntil()).isNull();
    }
}
