// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;

/** Reports: of one thing they are one case, and nobody floods the queue. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ReportsTest {
    @Autowired
    private TestPeople people;

    @Autowired
    private TestCases filed;

    @Autowired
    private Reports reports;

    @Autowired
    private Cases cases;

    @Autowired
    private JdbcClient database;

    @Test
    void reportsOfOneThingAreOneCaseWithItsEvidence() {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        ChannelView room = people.channel(anna);
        for (int i = 1; i <= 50; i++) {
            filed.message(room, bob, i, "line " + i);
        }
        Reports.Report report =
                new Reports.Report(CaseKind.MESSAGE, room.name(), 25L, null, ReportReason.HATE, "this one");
        AccountPrincipal cora = people.user();
        assertThat(reports.file(anna, report)).isEmpty();
        assertThat(reports.file(anna, report)).as("twice is once").isEmpty();
        assertThat(reports.file(cora, report)).isEmpty();
        long id = filed.caseOf(bob);
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
        AccountPrincipal anna = people.user();
        assertThat(reports.file(
                        anna,
                        new Reports.Report(CaseKind.CHANNEL, anna.getUsername(), null, null, ReportReason.SPAM, "")))
                .contains("report.not.self");
        for (int i = 0; i < 10; i++) {
            filed.reported(people.user(), anna);
        }
        assertThat(reports.file(
                        anna,
                        new Reports.Report(
                                CaseKind.CHANNEL, people.user().getUsername(), null, null, ReportReason.SPAM, "")))
                .contains("report.not.many");
    }
}
