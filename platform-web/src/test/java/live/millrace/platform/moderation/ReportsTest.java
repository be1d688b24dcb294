// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.Recordings;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.recording.Visibility;
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
    private Videos videos;

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

    @Test
    void aVideoThatIsHiddenIsShownToThoseWhoCouldSeeItWhenItsOwnerWasRight() {
        AccountPrincipal anna = people.user();
        ChannelView channel = people.channel(anna);
        String id = Recordings.insert(
                database, channel.id(), "The match", "READY", "UNLISTED", Instant.parse("2026-11-20T18:00:00Z"));
        String other = Recordings.ready(database, channel.id(), "Another");
        assertThat(reports.file(people.user(), video(id))).isEmpty();
        assertThat(reports.file(people.user(), video(id))).isEmpty();
        assertThat(reports.file(people.user(), video(other))).isEmpty();
        assertThat(reports.file(anna, video(id))).contains("report.not.self");
        assertThat(reports.file(people.user(), video("AbCdEfGhIjK"))).contains("report.not.found");
        CaseView reported = cases.about(anna.accountId(), 10).stream()
                .filter(one -> id.equals(one.video()))
                .findFirst()
                .orElseThrow();
        assertThat(reported.reporters()).isEqualTo(2);
        assertThat(reported.excerpt()).isEqualTo("The match");

        AccountPrincipal moderator = people.account(Role.MODERATOR);
        assertThat(cases.decide(reported.id(), Decision.HIDE, Duration.ZERO, "rude", moderator))
                .isEmpty();
        VideoView hidden = videos.find(id).orElseThrow();
        assertThat(hidden.visibility()).isEqualTo(Visibility.PRIVATE);
        assertThat(videos.withheld(hidden)).isTrue();
        assertThat(videos.find(other).orElseThrow().visibility()).isEqualTo(Visibility.PUBLIC);
        assertThat(reports.file(people.user(), video(id))).contains("report.not.found");

        assertThat(cases.appeal(reported.id(), anna.accountId(), "it is not")).isTrue();
        assertThat(cases.answer(reported.id(), true, "right", people.account(Role.MODERATOR)))
                .isEmpty();
        VideoView shown = videos.find(id).orElseThrow();
        assertThat(shown.visibility()).isEqualTo(Visibility.UNLISTED);
        assertThat(videos.withheld(shown)).isFalse();
    }

    private static Reports.Report video(String id) {
        return new Reports.Report(CaseKind.VIDEO, "", null, null, id, ReportReason.VIOLENCE, "");
    }
}
