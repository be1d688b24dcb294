// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.moderation.CaseRights.Act;
import live.millrace.platform.moderation.CaseRights.Member;
import live.millrace.platform.shared.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Nobody judges themselves, what they reported, or what somebody above them decided: every role, every relation, every act. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class CaseRightsTest {
    /** What somebody has to do with a case about a channel. */
    enum Relation {
        NONE,
        SUBJECT,
        REPORTER,
        CHANNEL_MODERATOR,
        /** The case is about a comment in a room of theirs. */
        ROOM_OWNER,
        PEER_OF_SUBJECT,
        BELOW_SUBJECT,
        DECIDER,
        BELOW_DECIDER,
        ABOVE_DECIDER
    }

    @Autowired
    private MockMvc site;

    @Autowired
    private TestPeople people;

    @Autowired
    private TestCases filed;

    @Autowired
    private Reports reports;

    @Autowired
    private Cases cases;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Channels channels;

    @Autowired
    private DataDirectory data;

    @Autowired
    private JdbcClient database;

    private static Role above(Role role) {
        return role == Role.MODERATOR ? Role.ADMIN : Role.OWNER;
    }

    private int answer(MockHttpServletRequestBuilder request, AccountPrincipal who) throws Exception {
        return site.perform(request.with(user(who)).with(csrf()))
                .andReturn()
                .getResponse()
                .getStatus();
    }

    private long filed(CaseKind kind, AccountPrincipal subject, ChannelView in, @Nullable Long seq, AccountPrincipal by)
            throws IOException {
        assertThat(reports.file(
                        by, new Reports.Report(kind, in.name(), seq, null, ReportReason.HARASSMENT, "they hurt me")))
                .isEmpty();
        long id = filed.caseOf(subject);
        database.sql("update moderation_case set thumbnail = '\\x00', segments = 1 where id = ?")
                .param(id)
                .update();
        Path folder = Files.createDirectories(data.resolve("evidence").resolve(Long.toString(id)));
        Files.write(folder.resolve("0.ts"), new byte[188]);
        return id;
    }

    private long made(Relation relation, AccountPrincipal who) throws IOException {
        Role role = who.role();
        AccountPrincipal subject = switch (relation) {
            case SUBJECT -> who;
            case PEER_OF_SUBJECT -> people.account(role);
            case BELOW_SUBJECT -> people.account(above(role));
            default -> people.user();
        };
        if (relation == Relation.ROOM_OWNER) {
            filed.message(people.channel(who), subject, 1, "a rude word");
            return filed(CaseKind.MESSAGE, subject, people.channel(who), 1L, people.user());
        }
        ChannelView channel = people.channel(subject);
        if (relation == Relation.CHANNEL_MODERATOR) {
            database.sql("insert into chat_moderator (channel_id, account_id, rights) values (?, ?, '{DELETE}')")
                    .param(channel.id())
                    .param(who.accountId())
                    .update();
        }
        long id = filed(CaseKind.CHANNEL, subject, channel, null, relation == Relation.REPORTER ? who : people.user());
        @Nullable
        AccountPrincipal decider = switch (relation) {
            case DECIDER -> who;
            case BELOW_DECIDER -> people.account(above(role));
            case ABOVE_DECIDER -> people.account(Role.MODERATOR);
            default -> null;
        };
        if (decider != null) {
            assertThat(cases.decide(id, Decision.WARN, Duration.ZERO, "be kind", decider))
                    .isEmpty();
            assertThat(cases.appeal(id, subject.accountId(), "I was")).isTrue();
        }
        return id;
    }

    @ParameterizedTest(name = "{0} {1}: seen {2}, decided {3}")
    @CsvSource({
        "USER, NONE, 404, 404",
        "USER, SUBJECT, 404, 404",
        "USER, REPORTER, 404, 404",
        "USER, CHANNEL_MODERATOR, 404, 404",
        "MODERATOR, NONE, 200, 302",
        "MODERATOR, SUBJECT, 404, 404",
        "MODERATOR, REPORTER, 404, 404",
        "MODERATOR, CHANNEL_MODERATOR, 404, 404",
        "MODERATOR, ROOM_OWNER, 200, 302",
        "MODERATOR, PEER_OF_SUBJECT, 200, 422",
        "MODERATOR, BELOW_SUBJECT, 200, 422",
        "MODERATOR, DECIDER, 200, 422",
        "MODERATOR, BELOW_DECIDER, 200, 422",
        "MODERATOR, ABOVE_DECIDER, 200, 302",
        "ADMIN, NONE, 200, 302",
        "ADMIN, SUBJECT, 404, 404",
        "ADMIN, REPORTER, 404, 404",
        "ADMIN, CHANNEL_MODERATOR, 404, 404",
        "ADMIN, ROOM_OWNER, 200, 302",
        "ADMIN, PEER_OF_SUBJECT, 200, 422",
        "ADMIN, BELOW_SUBJECT, 200, 422",
        "ADMIN, DECIDER, 200, 422",
        "ADMIN, BELOW_DECIDER, 200, 422",
        "ADMIN, ABOVE_DECIDER, 200, 302",
        "OWNER, NONE, 200, 302",
        "OWNER, SUBJECT, 404, 404",
        "OWNER, REPORTER, 404, 404",
        "OWNER, CHANNEL_MODERATOR, 404, 404",
        "OWNER, ROOM_OWNER, 200, 302",
        "OWNER, PEER_OF_SUBJECT, 200, 302",
        "OWNER, DECIDER, 200, 422",
        "OWNER, ABOVE_DECIDER, 200, 302"
    })
    void whoMayWhat(Role role, Relation relation, int seen, int acted) throws Exception {
        AccountPrincipal who = people.account(role);
        people.account(Role.OWNER);
        boolean appealed = Set.of(Relation.DECIDER, Relation.BELOW_DECIDER, Relation.ABOVE_DECIDER)
                .contains(relation);
        long id = made(relation, who);
        String page = "/admin/reports/" + id;
        for (String look : List.of("", "/thumbnail", "/evidence.m3u8", "/segments/0.ts")) {
            assertThat(answer(get(page + look), who)).as(look).isEqualTo(seen);
        }
        if (role.atLeast(Role.MODERATOR)) {
            assertThat(
                            cases
                                    .find(
                                            appealed ? Cases.Queue.APPEALS : Cases.Queue.NEW,
                                            who,
                                            Long.MAX_VALUE,
                                            100_000)
                                    .stream()
                                    .anyMatch(view -> view.id() == id))
                    .isEqualTo(seen == 200);
        }
        if (appealed) {
            assertThat(answer(post(page + "/appeal").param("overturn", "true").param("reason", "well"), who))
                    .isEqualTo(acted);
            assertThat(cases.find(id).orElseThrow().appealWaits()).isEqualTo(acted != 302);
            return;
        }
        boolean may = acted == 302;
        assertThat(answer(post(page + "/claim"), who)).isEqualTo(acted);
        assertThat(cases.find(id).orElseThrow().state()).isEqualTo(may ? "CLAIMED" : "NEW");
        assertThat(answer(post(page + "/release"), who)).isEqualTo(seen == 404 ? 404 : 302);
        // Many at once: for staff to whom it does not exist, a refusal that says nothing of it.
        assertThat(answer(post("/admin/reports").param("id", Long.toString(id)), who))
                .isEqualTo(role == Role.USER ? 404 : may ? 302 : 422);
        assertThat(cases.find(id).orElseThrow().decided()).isEqualTo(may);
        if (!may) {
            for (Decision decision : Decision.values()) {
                assertThat(answer(
                                post(page + "/decide")
                                        .param("decision", decision.name())
                                        .param("reason", "because"),
                                who))
                        .isEqualTo(acted);
            }
            assertThat(cases.find(id).orElseThrow().decided()).isFalse();
        }
    }

    @Test
    void aReportedModeratorFindsNoTraceOfIt() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal anna = people.user();
        long id = filed.reported(moderator, anna);
        int others = cases.waiting(people.account(Role.MODERATOR).accountId());
        assertThat(cases.waiting(moderator.accountId())).isLessThan(others);
        assertThat(cases.openReports(moderator.accountId())).doesNotContainKey(moderator.getUsername());
        site.perform(get("/admin/users/" + moderator.getUsername()).with(user(moderator)))
                .andExpect(status().isOk())
                .andExpect(content().string(not(containsString("/admin/reports/" + id))));
        site.perform(get("/decisions/" + id).with(user(moderator))).andExpect(status().isNotFound());
        // Nor does a reporter of the staff, or an admin in the log.
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal other = people.account(Role.OWNER);
        long about = filed.reported(admin, moderator);
        site.perform(get("/admin/reports/" + about).with(user(other))).andExpect(status().isOk());
        for (AccountPrincipal who : List.of(admin, moderator)) {
            site.perform(get("/admin/users/" + admin.getUsername()).with(user(who)))
                    .andExpect(status().isOk())
                    .andExpect(content().string(not(containsString("/admin/reports/" + about))))
                    .andExpect(content().string(not(containsString(other.getUsername()))));
        }
        for (String log : List.of("/admin/audit", "/admin/audit/export")) {
            site.perform(get(log).param("actor", other.getUsername()).with(user(admin)))
                    .andExpect(status().isOk())
                    .andExpect(content().string(not(containsString("#" + about))));
            site.perform(get(log).param("actor", other.getUsername()).with(user(other)))
                    .andExpect(content().string(containsString("#" + about)));
        }
        // Whoever reported reads what everybody reads who did.
        site.perform(get("/decisions/" + id).with(user(anna))).andExpect(status().isOk());
    }

    @Test
    void nobodyTakesBackByHandWhatSomebodyAboveDid() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal bob = people.user();
        long suspended = filed.reported(bob, people.user());
        assertThat(cases.decide(suspended, Decision.SUSPEND_ACCOUNT, Duration.ZERO, "spam", admin))
                .isEmpty();
        for (String action : List.of("RESTORE", "SUSPEND")) {
            assertThat(answer(
                            post("/admin/users")
                                    .param("id", Long.toString(bob.accountId()))
                                    .param("action", action)
                                    .param("days", "1")
                                    .param("reason", "a friend"),
                            moderator))
                    .isEqualTo(422);
        }
        // Nor by another case about them.
        long second = filed.reported(bob, people.user());
        assertThat(answer(
                        post("/admin/reports/" + second + "/decide")
                                .param("decision", "SUSPEND_ACCOUNT")
                                .param("amount", "1")
                                .param("reason", "short"),
                        moderator))
                .isEqualTo(422);
        assertThat(accounts.find(bob.accountId()).orElseThrow().suspendedUntil())
                .isNull();
        assertThat(accounts.find(bob.accountId()).orElseThrow().suspended()).isTrue();
        assertThat(answer(
                        post("/admin/users")
                                .param("id", Long.toString(bob.accountId()))
                                .param("action", "RESTORE"),
                        admin))
                .isEqualTo(302);
        // What a moderator did, another may take back.
        MockHttpServletRequestBuilder streaming = post("/admin/users")
                .param("id", Long.toString(bob.accountId()))
                .param("action", "SUSPEND_STREAMING")
                .param("reason", "spam");
        assertThat(answer(streaming, moderator)).isEqualTo(302);
        assertThat(answer(
                        post("/admin/users")
                                .param("id", Long.toString(bob.accountId()))
                                .param("action", "RESTORE_STREAMING"),
                        people.account(Role.MODERATOR)))
                .isEqualTo(302);
    }

    @Test
    void aHiddenChannelIsShownByNobodyOfItsOwnAndByNobodyBelow() throws Exception {
        AccountPrincipal admin = people.account(Role.ADMIN);
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        ChannelView own = people.channel(moderator);
        ChannelView bobs = people.channel(people.user());
        assertThat(answer(hide(own, true), admin)).isEqualTo(302);
        assertThat(answer(hide(own, false), moderator)).isEqualTo(422);
        assertThat(answer(hide(bobs, true), admin)).isEqualTo(302);
        assertThat(answer(hide(bobs, false), moderator)).isEqualTo(422);
        assertThat(channels.find(bobs.id()).orElseThrow().hidden()).isTrue();
        assertThat(answer(hide(bobs, false), people.account(Role.OWNER))).isEqualTo(302);
        // Nor is the channel of somebody above hidden, or ended.
        assertThat(answer(hide(people.channel(admin), true), moderator)).isEqualTo(422);
        assertThat(answer(post("/admin/streams/end").param("channel", admin.getUsername()), moderator))
                .isEqualTo(422);
    }

    private static MockHttpServletRequestBuilder hide(ChannelView channel, boolean hide) {
        return post("/admin/channels")
                .param("id", Long.toString(channel.id()))
                .param("hide", Boolean.toString(hide))
                .param("reason", "so");
    }

    // ---- the rule by itself -----------------------------------------------------------------------------------

    private static CaseRights decided(List<Member> staff, @Nullable Long subject, Set<Long> channelPeople) {
        return new CaseRights(subject, Role.USER, null, channelPeople, Set.of(), 1L, Role.OWNER, staff);
    }

    @Test
    void whereOnePersonIsAllThereIsTheAppealIsTheirs() {
        Member owner = new Member(1, Role.OWNER);
        Member moderator = new Member(2, Role.MODERATOR);
        assertThat(decided(List.of(owner), 9L, Set.of()).against(Act.ANSWER, owner))
                .isEmpty();
        // A moderator cannot answer for an owner: so it is still theirs.
        assertThat(decided(List.of(owner, moderator), 9L, Set.of()).against(Act.ANSWER, owner))
                .isEmpty();
        assertThat(decided(List.of(owner, moderator), 9L, Set.of()).against(Act.ANSWER, moderator))
                .contains("admin.case.not.below");
        assertThat(decided(List.of(owner, new Member(3, Role.OWNER)), 9L, Set.of())
                        .against(Act.ANSWER, owner))
                .contains("admin.case.not.own");
        // Never what is about themselves; and who moderates a room gives up seeing only while somebody else sees it.
        assertThat(decided(List.of(owner), 1L, Set.of()).against(Act.SEE, owner))
                .isEqualTo(Optional.of(CaseRights.GONE));
        assertThat(decided(List.of(owner), 9L, Set.of(1L)).against(Act.SEE, owner))
                .isEmpty();
        assertThat(decided(List.of(owner, moderator), 9L, Set.of(1L)).against(Act.SEE, owner))
                .contains(CaseRights.GONE);
    }
}
