// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages that can be reported, and reports of people; a bean of every context, as {@code TestPeople} is. */
public final class TestCases {
    private final JdbcClient database;
    private final Reports reports;

    TestCases(JdbcClient database, Reports reports) {
        this.database = database;
        this.reports = reports;
    }

    void message(ChannelView in, AccountPrincipal by, long seq, String text) {
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
    }

    /** The latest that is about somebody. */
    long caseOf(AccountPrincipal subject) {
        return database.sql("select max(id) from moderation_case where subject_account_id = ?")
                .param(subject.accountId())
                .query(Long.class)
                .single();
    }

    long reported(AccountPrincipal subject, AccountPrincipal by) {
        assertThat(reports.file(
                        by,
                        new Reports.Report(CaseKind.USER, "", null, subject.getUsername(), ReportReason.SPAM, "look")))
                .isEmpty();
        return caseOf(subject);
    }
}
