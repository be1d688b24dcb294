// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import live.millrace.media.testing.RtmpScript;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.ExtraChannels.Removal;
import live.millrace.platform.channel.ExtraChannels.Wish;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.People;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.util.AopTestUtils;
import org.springframework.test.util.ReflectionTestUtils;

/** More than one channel for an account: their names, how many, what ends them, and that they are all its own. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ManyChannelsTest {
    private static final String PASSWORD = "three quiet herons";

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private ExtraChannels extra;

    @Autowired
    private People people;

    @Autowired
    private Follows follows;

    @Autowired
    private StreamKeys keys;

    @Autowired
    private Reports reports;

    @Autowired
    private Engine engine;

    @Autowired
    private SiteSettings settings;

    @Autowired
    private JdbcClient database;

    @AfterEach
    void back() {
        settings.change(Setting.CHANNELS_PER_USER, "", Actor.SITE);
        settings.change(Setting.CHANNELS_PER_STAFF, "", Actor.SITE);
    }

    /** Without letters and digits that look like others. */
    private static String name() {
        return "n"
                + UUID.randomUUID()
                        .toString()
                        .replace("-", "")
                        .substring(0, 15)
                        .replace('0', 'a')
                        .replace('1', 'b');
    }

    private Registration register(String name, Role role) {
        return accounts.register(name, name + "-" + UUID.randomUUID() + "@example.org", PASSWORD, role);
    }

    private AccountPrincipal account(Role role) {
        return ((Registration.Done) register(name(), role)).principal();
    }

    /** Somebody who may have so many more. */
    private AccountPrincipal account(int more) {
        AccountPrincipal account = account(Role.USER);
        extra.allow(account.accountId(), more);
        return account;
    }

    private ChannelView make(AccountPrincipal owner) {
        return ((Wish.Made) extra.make(owner.accountId(), name())).channel();
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        CyclicBarrier start = new CyclicBarrier(tasks.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<T>> running = tasks.stream()
                    .map(task -> threads.submit(() -> {
                        start.await(10, TimeUnit.SECONDS);
                        return task.call();
                    }))
                    .toList();
            List<T> done = new java.util.ArrayList<>();
            for (Future<T> one : running) {
                done.add(one.get(30, TimeUnit.SECONDS));
            }
            return done;
        }
    }

    // ---- names ------------------------------------------------------------------------------------------------

    @Test
    void aUserTakesNoNameOfAChannelAndNoneThatLooksLikeIt() {
        AccountPrincipal owner = account(2);
        String name = name() + "oo";
        assertThat(extra.make(owner.accountId(), name)).isInstanceOf(Wish.Made.class);

        assertThat(register(name.toUpperCase(java.util.Locale.ROOT), Role.USER))
                .isEqualTo(new Registration.Refused("username", "account.username.taken"));
        assertThat(register(name.replace("oo", "0o"), Role.USER))
                .isEqualTo(new Registration.Refused("username", "account.username.confusable"));
    }

    @Test
    void aChannelTakesNoNameOfAUserAndNoneThatLooksLikeIt() {
        AccountPrincipal owner = account(2);
        String name = name() + "oo";
        assertThat(register(name, Role.USER)).isInstanceOf(Registration.Done.class);

        assertThat(extra.make(owner.accountId(), name.toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(new Wish.Refused("studio.channels.not.taken"));
        assertThat(extra.make(owner.accountId(), name.replace("oo", "0o")))
                .isEqualTo(new Wish.Refused("studio.channels.not.confusable"));
    }

    @ParameterizedTest
    @CsvSource({
        "ab, malformed",
        "has space, malformed",
        "-dash, malformed",
        "频道频道, malformed",
        "studio, reserved",
        "l0gin, reserved"
    })
    void aChannelsNameIsMadeByTheRulesOfUserNames(String name, String why) {
        assertThat(extra.make(account(1).accountId(), name)).isEqualTo(new Wish.Refused("studio.channels.not." + why));
    }

    /** The database tells look-alikes by itself; it has to mean the same. */
    @ParameterizedTest
    @ValueSource(strings = {"barn-vvork_01", "i1l0o_-vvv", "rrnn", "vvvrn_"})
    void theDatabaseKnowsWhatANameLooksLike(String name) {
        AccountPrincipal owner = account(1);
        assertThat(extra.make(owner.accountId(), name)).isInstanceOf(Wish.Made.class);
        assertThat(database.sql("select name_skeleton from channel where name = ?")
                        .param(name)
                        .query(String.class)
                        .single())
                .isEqualTo(UsernameRules.skeleton(name));
    }

    @RepeatedTest(8)
    void ofAUserAndAChannelThatWantOneNameAtOnceOneGetsIt() throws Exception {
        AccountPrincipal owner = account(1);
        String name = name();

        List<Boolean> got = atOnce(List.of(
                () -> register(name, Role.USER) instanceof Registration.Done,
                () -> extra.make(owner.accountId(), name) instanceof Wish.Made));

        assertThat(got).containsExactlyInAnyOrder(true, false);
        assertThat(channels.find(name)).map(ChannelView::own).contains(got.getFirst());
        assertThat(accounts.findByUsername(name).isPresent()).isEqualTo(got.getFirst());
    }

    // ---- how many ---------------------------------------------------------------------------------------------

    @Test
    void howManyIsSaidByTheSiteForARoleAndByStaffForAnAccount() {
        AccountPrincipal user = account(Role.USER);
        AccountPrincipal staff = account(Role.MODERATOR);
        assertThat(extra.allowance(user.accountId())).isEqualTo(new ExtraChannels.Allowance(0, false, 0));
        assertThat(extra.allowance(staff.accountId())).isEqualTo(new ExtraChannels.Allowance(16, false, 0));
        assertThat(extra.make(user.accountId(), name())).isEqualTo(new Wish.Refused("studio.channels.not.left"));

        settings.change(Setting.CHANNELS_PER_USER, "1", Actor.SITE);
        ChannelView made = make(user);
        assertThat(made.own()).isFalse();
        assertThat(extra.make(user.accountId(), name())).isEqualTo(new Wish.Refused("studio.channels.not.left"));

        extra.allow(user.accountId(), 0);
        assertThat(extra.allowance(user.accountId())).isEqualTo(new ExtraChannels.Allowance(0, true, 1));
        assertThat(channels.find(made.name())).as("what there is stays").isPresent();
        extra.allow(user.accountId(), 2);
        make(user);
        extra.allow(user.accountId(), null);
        assertThat(extra.allowance(user.accountId())).isEqualTo(new ExtraChannels.Allowance(1, false, 2));
        assertThat(channels.allOf(user.accountId())).hasSize(3).first().isEqualTo(channels.ofAccount(user.accountId()));
    }

    @Test
    void ofTwoThatAreMadeAtOnceOneIsTheLastThatIsAllowed() throws Exception {
        AccountPrincipal owner = account(1);

        List<Wish> wishes = atOnce(
                List.of(() -> extra.make(owner.accountId(), name()), () -> extra.make(owner.accountId(), name())));

        assertThat(wishes).filteredOn(Wish.Made.class::isInstance).hasSize(1);
        assertThat(wishes).contains(new Wish.Refused("studio.channels.not.left"));
    }

    // ---- whose they are ---------------------------------------------------------------------------------------

    @Test
    void aPersonHasOneFaceWhicheverOfTheirChannelsItIsAbout() {
        AccountPrincipal owner = account(1);
        ChannelView second = make(owner);
        assertThat(channels.rename(second.id(), "The garden of " + second.name()))
                .isTrue();

        assertThat(people.find(owner.accountId()))
                .contains(new People.Person(owner.accountId(), owner.getUsername(), owner.getUsername(), null));
        assertThat(channels.ofAccount(owner.accountId()).name()).isEqualTo(owner.getUsername());
    }

    @Test
    void nobodyFollowsOrReportsAChannelOfTheirOwn() {
        AccountPrincipal owner = account(1);
        ChannelView second = make(owner);

        assertThat(follows.follow(owner.accountId(), second.id())).isEqualTo(Follows.Outcome.OWN_CHANNEL);
        assertThat(reports.file(
                        owner, new Reports.Report(CaseKind.CHANNEL, second.name(), null, null, ReportReason.SPAM, "")))
                .contains("report.not.self");
    }

    @Test
    void aReportOfAChannelIsAboutItsOwner() {
        AccountPrincipal owner = account(1);
        ChannelView second = make(owner);

        assertThat(reports.file(
                        account(Role.USER),
                        new Reports.Report(CaseKind.CHANNEL, second.name(), null, null, ReportReason.SPAM, "")))
                .isEmpty();
        assertThat(database.sql("select subject_account_id from moderation_case where subject = ?")
                        .param(second.name())
                        .query(Long.class)
                        .single())
                .isEqualTo(owner.accountId());
    }

    @Test
    void anotherChannelIsNobodyWhoCouldBeReported() {
        ChannelView second = make(account(1));

        assertThat(reports.file(
                        account(Role.USER),
                        new Reports.Report(CaseKind.USER, "", null, second.name(), ReportReason.SPAM, "")))
                .contains("report.not.found");
    }

    // ---- on the air -------------------------------------------------------------------------------------------

    private RtmpScript publisher(ChannelView channel) throws Exception {
        String key = keys.create(channel.id(), "camera").orElseThrow().secret();
        RtmpScript encoder = new RtmpScript(engine.rtmpPort()).handshake().connect("live");
        assertThat(encoder.publish(key)).isEqualTo("NetStream.Publish.Start");
        return encoder;
    }

    private boolean known(ChannelView channel) {
        return engine.live(channel.name()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"streaming", "account"})
    void bothChannelsStreamAtOnceAndASuspensionEndsBoth(String what) throws Exception {
        AccountPrincipal owner = account(1);
        ChannelView first = channels.ofAccount(owner.accountId());
        ChannelView second = make(owner);
        try (RtmpScript one = publisher(first);
                RtmpScript two = publisher(second)) {
            assertThat(Stream.of(first, second)).allMatch(this::known);

            if (what.equals("streaming")) {
                accounts.suspendStreaming(owner.accountId(), null);
            } else {
                accounts.suspend(owner.accountId(), "spam", null);
            }

            one.awaitClose();
            two.awaitClose();
        }
    }

    @Test
    void aChannelThatIsRemovedTakesItsStreamAndAllThatIsInIt() throws Exception {
        AccountPrincipal owner = account(1);
        ChannelView first = channels.ofAccount(owner.accountId());
        ChannelView second = make(owner);
        follows.follow(account(Role.USER).accountId(), second.id());
        try (RtmpScript one = publisher(first);
                RtmpScript two = publisher(second)) {
            assertThat(extra.remove(second.id())).isEqualTo(Removal.DONE);

            two.awaitClose();
            assertThat(channels.find(second.name())).isEmpty();
            assertThat(known(first)).as("the other goes on").isTrue();
            one.sync();
        }
        assertThat(database.sql("select count(*) from channel_stream_key where channel_id = ?")
                        .param(second.id())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(extra.allowance(owner.accountId()).left()).isEqualTo(1);
    }

    // ---- the end ----------------------------------------------------------------------------------------------

    @Test
    void theNameOfARemovedChannelRestsForNinetyDays() {
        AccountPrincipal owner = account(1);
        ChannelView second = make(owner);
        assertThat(extra.remove(second.id())).isEqualTo(Removal.DONE);

        assertThat(extra.make(owner.accountId(), second.name()))
                .isEqualTo(new Wish.Refused("studio.channels.not.taken"));
        assertThat(register(second.name(), Role.USER))
                .isEqualTo(new Registration.Refused("username", "account.username.taken"));
        assertThat(database.sql("select until - now() > interval '89 days' from channel_resting_name where name = ?")
                        .param(second.name())
                        .query(Boolean.class)
                        .single())
                .isTrue();

        database.sql("update channel_resting_name set until = now() where name = ?")
                .param(second.name())
                .update();
        assertThat(register(second.name(), Role.USER)).isInstanceOf(Registration.Done.class);
    }

    @Test
    void whoMakesAndRemovesChannelsKeepsAFewNamesFromOthersAndNotAll() {
        AccountPrincipal owner = account(1);
        for (int i = 0; i < ExtraChannels.MOST_RESTING; i++) {
            assertThat(extra.remove(make(owner).id())).isEqualTo(Removal.DONE);
        }
        assertThat(extra.remove(make(owner).id())).isEqualTo(Removal.TOO_MANY_REST);
    }

    @Test
    void theOwnChannelGoesWithItsAccountAlone() {
        AccountPrincipal owner = account(1);
        long own = channels.ofAccount(owner.accountId()).id();

        assertThat(extra.remove(own)).isEqualTo(Removal.OWN_CHANNEL);
        assertThat(channels.find(own)).isPresent();
    }

    @Test
    void anAccountThatIsDeletedTakesAllItsChannelsAndTheirStreams() throws Exception {
        AccountPrincipal owner = account(1);
        ChannelView first = channels.ofAccount(owner.accountId());
        ChannelView second = make(owner);
        try (RtmpScript one = publisher(first);
                RtmpScript two = publisher(second)) {
            assertThat(accounts.deleteSoon(owner.accountId(), PASSWORD)).isEqualTo(Accounts.Leaving.AGREED);
            database.sql("update account set delete_after = now() - interval '1 minute' where id = ?")
                    .param(owner.accountId())
                    .update();
            Object service = AopTestUtils.getUltimateTargetObject(accounts);
            ReflectionTestUtils.invokeMethod(service, "removeDue");

            one.awaitClose();
            two.awaitClose();
        }
        assertThat(channels.allOf(owner.accountId())).isEmpty();
        assertThat(register(second.name(), Role.USER))
                .isEqualTo(new Registration.Refused("username", "account.username.taken"));
        assertThat(register(first.name(), Role.USER)).isInstanceOf(Registration.Done.class);
    }
}
