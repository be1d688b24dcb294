// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.chat.VideoComments;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.recording.Recordings;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import org.jspecify.annotations.Nullable;
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
    private Channels channels;

    @Autowired
    private Videos videos;

    @Autowired
    private VideoComments comments;

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

    @Test
    void aCommentBelowAVideoIsRemovedAndPutBackWhenItsAuthorWasRight() {
        AccountPrincipal anna = people.user();
        AccountPrincipal bob = people.user();
        String id = Recordings.ready(database, people.channel(anna).id(), "The match");
        long before = comment(id, anna, "what a match");
        long rude = comment(id, bob, "you fool".repeat(50));
        Reports.Report report = Reports.Report.comment(rude, ReportReason.HARASSMENT, "look");
        assertThat(reports.file(people.user(), report)).isEmpty();
        assertThat(reports.file(anna, report)).isEmpty();
        assertThat(reports.file(people.user(), Reports.Report.comment(before, ReportReason.SPAM, "")))
                .isEmpty();
        assertThat(reports.file(bob, report)).contains("report.not.self");
        assertThat(reports.file(anna, Reports.Report.comment(Long.MAX_VALUE, ReportReason.SPAM, "")))
                .contains("report.not.found");
        CaseView reported = cases.about(bob.accountId(), 10).getFirst();
        assertThat(reported.kind()).isEqualTo(CaseKind.COMMENT);
        assertThat(reported.comment()).isEqualTo(rude);
        assertThat(reported.video()).isEqualTo(id);
        assertThat(reported.channel()).isEqualTo(anna.getUsername());
        assertThat(reported.reporters()).isEqualTo(2);
        assertThat(reported.excerpt()).startsWith("you fool").hasSize(300);
        assertThat(cases.evidence(reported.id()).messages())
                .extracting(line -> line.seq())
                .containsExactly(before, rude);

        assertThat(cases.decide(reported.id(), Decision.HIDE, Duration.ZERO, "rude", people.account(Role.MODERATOR)))
                .isEmpty();
        assertThat(comments.find(rude).orElseThrow().comment().removed()).isTrue();
        assertThat(comments.find(before).orElseThrow().comment().removed()).isFalse();
        assertThat(reports.file(people.user(), report)).contains("report.not.found");

        assertThat(cases.appeal(reported.id(), bob.accountId(), "he is one")).isTrue();
        assertThat(cases.answer(reported.id(), true, "right", people.account(Role.MODERATOR)))
                .isEmpty();
        assertThat(comments.find(rude).orElseThrow().comment().removed()).isFalse();
        // What nobody may see cannot be reported.
        database.sql("update recording set visibility = 'PRIVATE' where public_id = ?")
                .param(id)
                .update();
        assertThat(reports.file(people.user(), report)).contains("report.not.found");
    }

    @Test
    void nobodyReadsByAReportWhatTheyMayNotSee() {
        AccountPrincipal anna = people.user();
        AccountPrincipal dave = people.user();
        AccountPrincipal staff = people.account(Role.MODERATOR);
        ChannelView room = people.channel(anna);
        channels.show(room.id(), Visibility.INVITED);
        database.sql("update channel set title = 'For few' where id = ?")
                .param(room.id())
                .update();
        filed.message(room, staff, 1, "said before few");
        assertThat(reports.file(dave, of(CaseKind.MESSAGE, room, 1L))).contains("report.not.found");
        assertThat(reports.file(dave, of(CaseKind.LIVE, room, null))).contains("report.not.found");
        // Somebody who was there reports it, with its title; whoever joins in reads their own words and a name.
        assertThat(reports.file(staff, of(CaseKind.CHANNEL, room, null))).isEmpty();
        assertThat(reports.file(dave, of(CaseKind.CHANNEL, room, null))).isEmpty();
        assertThat(cases.find(filed.caseOf(anna)).orElseThrow().excerpt()).isEqualTo("For few");
        assertThat(cases.reportedBy(dave.accountId(), 10))
                .extracting(CaseView::told)
                .containsExactly(room.name());
        // What was said stays with those it was said to when more may see the channel.
        database.sql(
                        "insert into chat_room (channel_id, last_seq) values (?, 1) on conflict (channel_id) do update set last_seq = 1")
                .param(room.id())
                .update();
        channels.show(room.id(), Visibility.PUBLIC);
        assertThat(reports.file(dave, of(CaseKind.MESSAGE, room, 1L))).contains("report.not.found");
        assertThat(reports.file(anna, of(CaseKind.MESSAGE, room, 1L))).isEmpty();
        assertThat(reports.file(dave, of(CaseKind.LIVE, room, null))).isEmpty();
    }

    private static Reports.Report of(CaseKind kind, ChannelView channel, @Nullable Long seq) {
        return new Reports.Report(kind, channel.name(), seq, null, ReportReason.SPAM, "");
    }

    private long comment(String video, AccountPrincipal by, String text) {
        return database.sql("""
                insert into chat_video_comment (recording_id, account_id, text, written_at)
                select id, ?, ?, now() from recording where public_id = ? returning id
                """)
                .param(by.accountId())
                .param(text)
                .param(video)
                .query(Long.class)
                .single();
    }

    private static Reports.Report video(String id) {
        return new Reports.Report(CaseKind.VIDEO, "", null, null, id, ReportReason.VIOLENCE, "");
    }
}
