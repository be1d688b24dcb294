// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Invitations.Use;
import live.millrace.platform.audience.Invitations.Visitor;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.RecurringWork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.event.ApplicationEvents;
import org.springframework.test.context.event.RecordApplicationEvents;

/** Links and lists: their limits, who gets in of many, what is forgotten. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
@RecordApplicationEvents
class InvitesTest {
    private static final Visitor STRANGER = new Visitor(null, "");

    @Autowired
    private TestPeople people;

    @Autowired
    private Invites invites;

    @Autowired
    private Invitations invitations;

    @Autowired
    private GuestList list;

    @Autowired
    private JdbcClient database;

    @Autowired
    private List<RecurringWork> works;

    @Autowired
    private ApplicationEvents events;

    private ChannelView channel;

    @BeforeEach
    void aChannel() {
        channel = people.channel(people.user());
    }

    private static Invites.Wish wish(int uses) {
        return new Invites.Wish("friends", uses, Instant.now().plus(Duration.ofDays(7)), false, true);
    }

    private Invites.Made.Done made(Invites.Wish wish) {
        return (Invites.Made.Done) invites.make(channel.id(), wish);
    }

    private int rows(String table) {
        return database.sql("select count(*) from " + table + " where channel_id = ?")
                .param(channel.id())
                .query(Integer.class)
                .single();
    }

    // ---- making -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // label, uses, days, what is said
        "'', 1, 7, studio.invite.label.length",
        "'   ', 1, 7, studio.invite.label.length",
        "61, 1, 7, studio.invite.label.length",
        "ok, 0, 7, studio.invite.uses.range",
        "ok, -1, 7, studio.invite.uses.range",
        "ok, 1001, 7, studio.invite.uses.range",
        "ok, 1, 0, studio.invite.expires.range",
        "ok, 1, -1, studio.invite.expires.range",
        "ok, 1, 367, studio.invite.expires.range"
    })
    void aWishBeyondTheLimitsIsRefused(String label, int uses, int days, String why) {
        String named = label.equals("61") ? "😀".repeat(61) : label;
        assertThat(invites.make(
                        channel.id(),
                        new Invites.Wish(named, uses, Instant.now().plus(Duration.ofDays(days)), false, true)))
                .isEqualTo(new Invites.Made.Refused(why));
        assertThat(rows("audience_invite")).isZero();
    }

    @Test
    void theLimitsThemselvesAreGood() {
        made(new Invites.Wish("😀".repeat(60), 1_000, Instant.now().plus(Duration.ofDays(365)), true, false));
        assertThat(invites.of(channel.id())).singleElement().satisfies(invite -> {
            assertThat(invite.uses()).isEqualTo(1_000);
            assertThat(invite.asksName()).isTrue();
            assertThat(invite.withoutAccount()).isFalse();
            assertThat(invite.ended()).isFalse();
        });
    }

    @Test
    void aChannelHasAHundredThatCanBeUsed() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < Invites.MAX_PER_CHANNEL; i++) {
            ids.add(made(wish(1)).id());
        }
        assertThat(invites.make(channel.id(), wish(1))).isEqualTo(new Invites.Made.Refused("studio.invite.too-many"));
        database.sql("update audience_invite set used = uses where id = ?")
                .param(ids.getFirst())
                .update();
        made(wish(1));
        assertThat(invites.revoke(channel.id(), ids.getLast())).isTrue();
        made(wish(1));
        assertThat(invites.make(channel.id(), wish(1))).isInstanceOf(Invites.Made.Refused.class);
    }

    @Test
    void theSecretIsNotInTheDatabase() {
        String secret = made(wish(1)).secret();
        assertThat(secret).matches("[\\w-]{32}");
        assertThat(database.sql("select t::text from audience_invite t")
                        .query(String.class)
                        .list())
                .noneMatch(row -> row.contains(secret));
        assertThat(made(wish(1)).toString()).doesNotContain(secret);
    }

    // ---- many at once -----------------------------------------------------------------------------------------

    private static List<Use> atOnce(int people, Callable<Use> one) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(people)) {
            List<Future<Use>> uses = IntStream.range(0, people)
                    .mapToObj(_ -> threads.submit(() -> {
                        start.await();
                        return one.call();
                    }))
                    .toList();
            start.countDown();
            List<Use> done = new ArrayList<>();
            for (Future<Use> use : uses) {
                done.add(use.get());
            }
            return done;
        }
    }

    @Test
    void ofManyAtOnceExactlyAsManyGetInAsThereAreUses() throws Exception {
        Invites.Made.Done three = made(wish(3));
        List<Use> uses = atOnce(16, () -> invitations.use(three.secret(), STRANGER, ""));
        assertThat(uses).filteredOn(Use.Welcome.class::isInstance).hasSize(3);
        assertThat(uses).filteredOn(Use.Dead.class::isInstance).hasSize(13);
        assertThat(list.of(channel.id())).hasSize(3);
        assertThat(invites.of(channel.id()).getFirst().used()).isEqualTo(3);
    }

    @Test
    void onePersonWhoComesManyTimesAtOnceIsOneGuest() throws Exception {
        AccountPrincipal bob = people.user();
        List<String> secrets = List.of(made(wish(9)).secret(), made(wish(9)).secret());
        List<Use> uses = atOnce(
                12,
                () -> invitations.use(
                        secrets.get((int) (Thread.currentThread().threadId() % 2)), new Visitor(bob, ""), ""));
        assertThat(uses).allMatch(Use.Welcome.class::isInstance);
        assertThat(list.of(channel.id())).hasSize(1);
        assertThat(invites.of(channel.id()).stream().mapToInt(InviteView::used).sum())
                .isEqualTo(1);
    }

    @Test
    void whoComesWhileALinkIsRevokedIsOutAfterwards() throws Exception {
        for (int round = 0; round < 10; round++) {
            Invites.Made.Done link = made(wish(100));
            CountDownLatch first = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<?>> coming = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    coming.add(threads.submit(() -> {
                        while (invitations.use(link.secret(), STRANGER, "") instanceof Use.Welcome) {
                            first.countDown();
                        }
                    }));
                }
                first.await();
                assertThat(invites.revoke(channel.id(), link.id())).isTrue();
                for (Future<?> one : coming) {
                    one.get();
                }
            }
            assertThat(list.of(channel.id())).isEmpty();
        }
    }

    // ---- the list ---------------------------------------------------------------------------------------------

    @Test
    void aListHasTwoThousandPlaces() {
        String secret = made(wish(10)).secret();
        database.sql("""
                insert into audience_guest (channel_id, name, browser_hash, made_at)
                select ?, 'guest', decode(lpad(to_hex(n), 64, '0'), 'hex'), now() from generate_series(1, 1999) n
                """).param(channel.id()).update();
        assertThat(invitations.use(secret, STRANGER, "")).isInstanceOf(Use.Welcome.class);
        assertThat(invitations.use(secret, STRANGER, "")).isEqualTo(new Use.Refused("invite.full"));
        assertThat(list.addPerson(channel.id(), people.user().getUsername()))
                .isEqualTo(new GuestList.Added.Refused("studio.guest.full"));
        assertThat(invites.of(channel.id()).getFirst().used()).isEqualTo(1);
        list.remove(channel.id(), list.of(channel.id()).getLast().id());
        assertThat(invitations.use(secret, STRANGER, "")).isInstanceOf(Use.Welcome.class);
    }

    @Test
    void otherChannelsIdsAreNobodys() {
        Invites.Made.Done link = made(wish(2));
        invitations.use(link.secret(), STRANGER, "");
        long guest = list.of(channel.id()).getFirst().id();
        ChannelView other = people.channel(people.user());
        assertThat(invites.revoke(other.id(), link.id())).isFalse();
        assertThat(list.remove(other.id(), guest)).isFalse();
        assertThat(invites.revokeAll(other.id())).isZero();
        assertThat(invites.of(other.id())).isEmpty();
        assertThat(list.of(other.id())).isEmpty();
        assertThat(list.of(channel.id())).hasSize(1);
        assertThat(invites.of(channel.id())).hasSize(1);
    }

    // ---- what others hear -------------------------------------------------------------------------------------

    @Test
    void eachWhoIsRemovedIsTold() {
        Invites.Made.Done one = made(wish(2));
        Invites.Made.Done two = made(wish(2));
        invitations.use(one.secret(), STRANGER, "");
        invitations.use(one.secret(), STRANGER, "");
        invitations.use(two.secret(), STRANGER, "");
        List<Long> ids = list.of(channel.id()).stream().map(GuestView::id).toList();
        assertThat(list.remove(channel.id(), ids.getLast())).isTrue();
        assertThat(list.remove(channel.id(), ids.getLast())).isFalse();
        assertThat(invites.revokeAll(channel.id())).isEqualTo(2);
        assertThat(invites.revokeAll(channel.id())).isZero();
        assertThat(events.stream(GuestRemoved.class))
                .extracting(GuestRemoved::guestId)
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(events.stream(GuestRemoved.class)).allMatch(event -> event.channelId() == channel.id());
        assertThat(list.of(channel.id())).isEmpty();
    }

    // ---- what is forgotten ------------------------------------------------------------------------------------

    private void forget() {
        works.stream()
                .filter(work -> work.name().equals("forget.guests"))
                .findFirst()
                .orElseThrow()
                .run();
    }

    private void age(String column, int days) {
        String table = column.equals("removed_at") ? "audience_guest" : "audience_invite";
        database.sql("update " + table + " set " + column + " = " + column
                        + " - make_interval(days => ?) where channel_id = ?")
                .param(days)
                .param(channel.id())
                .update();
    }

    @Test
    void whatWasRevokedIsForgottenAfterThirtyDays() {
        Invites.Made.Done link = made(wish(2));
        invitations.use(link.secret(), STRANGER, "");
        invites.revoke(channel.id(), link.id());
        age("revoked_at", 29);
        age("removed_at", 29);
        forget();
        assertThat(rows("audience_invite")).isEqualTo(1);
        assertThat(rows("audience_guest")).isEqualTo(1);
        age("revoked_at", 2);
        age("removed_at", 2);
        forget();
        assertThat(rows("audience_invite")).isZero();
        assertThat(rows("audience_guest")).isZero();
    }

    @Test
    void whoWasRemovedStaysKnownWhileALinkIsOutThatWouldBringThemBack() {
        AccountPrincipal bob = people.user();
        Invites.Made.Done link = made(wish(2));
        invitations.use(link.secret(), new Visitor(bob, ""), "");
        list.remove(channel.id(), list.of(channel.id()).getFirst().id());
        age("made_at", 40);
        age("removed_at", 31);
        forget();
        assertThat(invitations.use(link.secret(), new Visitor(bob, ""), "")).isInstanceOf(Use.Dead.class);
        invites.revoke(channel.id(), link.id());
        forget();
        assertThat(rows("audience_guest")).isZero();
    }

    @Test
    void aLinkThatEndedStaysAsLongAsSomebodyIsThereByIt() {
        Invites.Made.Done used = made(wish(2));
        made(wish(2));
        invitations.use(used.secret(), STRANGER, "");
        age("expires_at", 40);
        forget();
        assertThat(invites.of(channel.id()))
                .singleElement()
                .satisfies(invite -> assertThat(invite.id()).isEqualTo(used.id()));
        assertThat(invites.of(channel.id()).getFirst().ended()).isTrue();
        assertThat(list.of(channel.id())).hasSize(1);
    }
}
