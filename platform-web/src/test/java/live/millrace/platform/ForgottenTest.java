// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static live.millrace.platform.TestPeople.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;

import java.util.List;
import java.util.UUID;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.delivery.RecurringWork;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.ReportReason;
import live.millrace.platform.moderation.Reports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** Somebody who deleted their account is named nowhere any more: not in cases, rooms of others, nor the log, which never changes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ForgottenTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private Accounts accounts;

    @Autowired
    private Reports reports;

    @Autowired
    private Audit audit;

    @Autowired
    private MockMvc site;

    @Autowired
    private JdbcClient database;

    @Autowired
    private List<RecurringWork> works;

    private void leave(AccountPrincipal who, boolean comments) throws Exception {
        site.perform(post("/settings/delete")
                        .param("password", PASSWORD)
                        .param("comments", Boolean.toString(comments))
                        .with(user(who))
                        .with(csrf()))
                .andExpect(redirectedUrl("/settings/account?leaving"));
        database.sql("update account set delete_after = now() - interval '1 minute' where id = ?")
                .param(who.accountId())
                .update();
        works.stream()
                .filter(work -> work.name().equals("remove.accounts"))
                .findFirst()
                .orElseThrow()
                .run();
        assertThat(accounts.find(who.accountId())).isEmpty();
    }

    private void wrote(AccountPrincipal who, ChannelView in, long seq) {
        database.sql("""
                insert into chat_message (channel_id, seq, account_id, client_id, text, written_at)
                values (?, ?, ?, ?, 'good day', now())
                """)
                .param(in.id())
                .param(seq)
                .param(who.accountId())
                .param(UUID.randomUUID())
                .update();
    }

    private long comments(ChannelView in) {
        return database.sql("select count(*) from chat_message where channel_id = ?")
                .param(in.id())
                .query(Long.class)
                .single();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void casesAndRoomsOfOthersForgetTheName(boolean commentsGo) throws Exception {
        AccountPrincipal bob = people.user();
        AccountPrincipal anna = people.user();
        ChannelView room = people.channel(anna);
        wrote(bob, room, 1);
        wrote(anna, room, 2);
        database.sql("""
                insert into chat_action (channel_id, actor_id, actor, kind, target_id, target, at)
                values (:room, :anna, :annas, 'WARN', :bob, :bobs, now()), (:room, :bob, :bobs, 'WARN', :anna, :annas, now())
                """)
                .param("room", room.id())
                .param("anna", anna.accountId())
                .param("annas", anna.getUsername())
                .param("bob", bob.accountId())
                .param("bobs", bob.getUsername())
                .update();
        assertThat(reports.file(
                        anna,
                        new Reports.Report(CaseKind.MESSAGE, room.name(), 1L, null, ReportReason.SPAM, "as it is")))
                .isEmpty();
        assertThat(reports.file(
                        anna,
                        new Reports.Report(
                                CaseKind.CHANNEL, bob.getUsername(), null, null, ReportReason.SPAM, "as it is")))
                .isEmpty();
        leave(bob, commentsGo);
        String all = database.sql("""
                        select coalesce(string_agg(t, ' '), '') from (
                            select to_jsonb(c)::text as t from moderation_case c
                            union all select to_jsonb(a)::text from chat_action a
                            union all select to_jsonb(e)::text from audit_entry e) everything
                        """).query(String.class).single();
        assertThat(all).doesNotContain(bob.getUsername()).contains(anna.getUsername());
        assertThat(comments(room)).isEqualTo(commentsGo ? 1 : 2);
    }

    @Test
    void theLogKnowsPeopleByPseudonymsThatGoWithThem() throws Exception {
        AccountPrincipal moderator = people.account(Role.MODERATOR);
        AccountPrincipal bob = people.user();
        audit.add(moderator.actor(), "user.suspend", bob.getUsername(), bob.accountId(), "spam", "");
        audit.add(moderator.actor(), "chat.ban", "somewhere / " + bob.getUsername(), null, "spam", "");
        List<AuditEntry> named = find(bob.getUsername());
        assertThat(named)
                .extracting(AuditEntry::subject)
                .containsExactly("somewhere / " + bob.getUsername(), bob.getUsername());
        assertThat(named).extracting(AuditEntry::actor).containsOnly(moderator.getUsername());
        assertThat(audit.find(new Audit.Search(moderator.getUsername(), null, null, null, null), Long.MAX_VALUE, 9))
                .hasSize(2);
        leave(bob, false);
        assertThat(find(bob.getUsername())).isEmpty();
        List<AuditEntry> kept =
                audit.find(new Audit.Search(moderator.getUsername(), null, null, null, null), Long.MAX_VALUE, 9);
        String sign = kept.getLast().subject();
        // Nobody by name, and one and the same in all rows.
        assertThat(sign).matches("deleted-[0-9a-f]{8}");
        assertThat(find(sign)).hasSize(2);
        // Whoever takes the name later is somebody else.
        assertThat(accounts.register(bob.getUsername(), bob.getUsername() + "@example.org", PASSWORD, Role.USER))
                .isInstanceOf(Registration.Done.class);
        audit.add(moderator.actor(), "user.restore", bob.getUsername(), null, "", "");
        assertThat(find(bob.getUsername())).hasSize(1);
    }

    private List<AuditEntry> find(String text) {
        return audit.find(new Audit.Search(null, null, text, null, null), Long.MAX_VALUE, 9);
    }
}
