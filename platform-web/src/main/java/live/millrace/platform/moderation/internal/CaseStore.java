// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.moderation.CaseKind;
import live.millrace.platform.moderation.CaseView;
import live.millrace.platform.moderation.Cases.ReportView;
import live.millrace.platform.moderation.Cases.Strike;
import live.millrace.platform.moderation.Decision;
import live.millrace.platform.moderation.ReportReason;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables of reports. */
@Repository
class CaseStore {
    private static final String CASE = """
            select c.id, c.kind, c.subject_account_id, c.subject, c.subject_guest, c.channel_id, c.channel, c.seq, c.video, c.comment_id, c.excerpt,
                c.state, c.opened_at, c.decided_at, c.decision, c.decision_reason, c.appeal, c.appealed_at, c.appeal_decision,
                c.appeal_answer, c.segments, c.thumbnail is not null as pictured,
                (select count(*) from moderation_report r where r.case_id = c.id) as reporters,
                exists (select from live_broadcast b where b.channel_id = c.channel_id and b.ended_at is null) as live,
                k.username as claimed_name, d.username as decided_name
            from moderation_case c
            left join account k on k.id = c.claimed_by left join account d on d.id = c.decided_by
            """;

    private final JdbcClient database;

    CaseStore(JdbcClient database) {
        this.database = database;
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    private static CaseView view(ResultSet row) throws SQLException {
        String decision = row.getString("decision");
        return new CaseView(
                row.getLong("id"),
                CaseKind.valueOf(row.getString("kind")),
                row.getObject("subject_account_id", Long.class),
                row.getString("subject"),
                row.getString("subject_guest"),
                row.getObject("channel_id", Long.class),
                row.getString("channel"),
                row.getObject("seq", Long.class),
                row.getString("video"),
                row.getObject("comment_id", Long.class),
                row.getString("excerpt"),
                row.getString("state"),
                row.getTimestamp("opened_at").toInstant(),
                row.getInt("reporters"),
                row.getBoolean("live"),
                row.getString("claimed_name"),
                instant(row.getTimestamp("decided_at")),
                row.getString("decided_name"),
                decision == null ? null : Decision.valueOf(decision),
                row.getString("decision_reason"),
                row.getString("appeal"),
                instant(row.getTimestamp("appealed_at")),
                row.getString("appeal_decision"),
                row.getString("appeal_answer"),
                row.getInt("segments"),
                row.getBoolean("pictured"));
    }

    // ---- filing -----------------------------------------------------------------------------------------------

    /** The open case of a thing. */
    Optional<Long> open(Reported what) {
        return database.sql("""
                select id from moderation_case
                where kind = ? and subject = ? and channel = ? and seq is not distinct from ?::bigint and video is not distinct from ?::text
                    and comment_id is not distinct from ?::bigint and state <> 'DECIDED'
                """)
                .param(what.kind().name())
                .param(what.subject())
                .param(what.where().name())
                .param(what.seq())
                .param(what.video())
                .param(what.comment())
                .query((row, _) -> row.getLong(1))
                .optional();
    }

    /** Makes a case; empty when somebody else just did. */
    Optional<Long> create(Reported what, String evidence, byte @Nullable [] thumbnail, Instant now) {
        return database.sql("""
                insert into moderation_case (kind, subject_account_id, subject, subject_guest, channel_id, channel, seq, video, comment_id, excerpt,
                    evidence, thumbnail, opened_at)
                values (?, ?, ?, ?, ?, ?, ?::bigint, ?::text, ?::bigint, ?, ?, ?::bytea, ?) on conflict do nothing returning id
                """)
                .param(what.kind().name())
                .param(what.subjectAccount())
                .param(what.subject())
                .param(what.by() == null ? null : what.by().guestName())
                .param(what.where().id())
                .param(what.where().name())
                .param(what.seq())
                .param(what.video())
                .param(what.comment())
                .param(what.excerpt())
                .param(evidence)
                .param(thumbnail)
                .param(Timestamp.from(now))
                .query((row, _) -> row.getLong(1))
                .optional();
    }

    void keptSegments(long id, int count) {
        database.sql("update moderation_case set segments = ? where id = ?")
                .param(count)
                .param(id)
                .update();
    }

    /** @param channel that it is in, and that a guest is one of */
    void report(long caseId, Talker reporter, String channel, ReportReason reason, String text, Instant now) {
        Long guest = reporter.guest();
        database.sql("""
                insert into moderation_report (case_id, reporter_id, reporter_guest_id, guest_of, reason, text, at)
                values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)
                .param(caseId)
                .param(reporter.account())
                .param(guest)
                .param(guest == null ? null : channel)
                .param(reason.name())
                .param(text)
                .param(Timestamp.from(now))
                .update();
    }

    // ---- looking ----------------------------------------------------------------------------------------------

    Optional<CaseView> find(long id) {
        return database.sql(CASE + " where c.id = ?")
                .param(id)
                .query((row, _) -> view(row))
                .optional();
    }

    List<CaseView> fresh(long staffId, int most) {
        return database.sql("select * from (" + CASE + " where c.state = 'NEW' and " + CaseTies.SEEN + ") q"
                        + " order by reporters + (case when live then 3 else 0 end) desc, opened_at limit :most")
                .param("me", staffId)
                .param("most", most)
                .query((row, _) -> view(row))
                .list();
    }

    List<CaseView> claimedBy(long staffId, long before, int most) {
        return seen("c.state = 'CLAIMED' and c.claimed_by = :me", staffId, before, most);
    }

    private List<CaseView> seen(String which, long staffId, long before, int most) {
        return database.sql(CASE + " where " + which + " and " + CaseTies.SEEN
                        + " and c.id < :before order by c.id desc limit :most")
                .param("me", staffId)
                .param("before", before)
                .param("most", most)
                .query((row, _) -> view(row))
                .list();
    }

    List<CaseView> appealed(long staffId, long before, int most) {
        return seen("c.appeal is not null and c.appeal_decision is null", staffId, before, most);
    }

    List<CaseView> decided(long staffId, long before, int most) {
        return seen("c.state = 'DECIDED'", staffId, before, most);
    }

    List<CaseView> about(long accountId, long staffId, int most) {
        // An id of ours, and no text of anybody's.
        return seen("c.subject_account_id = " + accountId, staffId, Long.MAX_VALUE, most);
    }

    List<CaseView> about(long accountId, int most) {
        return database.sql(CASE + " where c.subject_account_id = ? order by c.id desc limit ?")
                .param(accountId)
                .param(most)
                .query((row, _) -> view(row))
                .list();
    }

    List<CaseView> reportedBy(long accountId, int most) {
        return database.sql(
                        CASE
                                + " where c.id in (select case_id from moderation_report where reporter_id = ?) order by c.id desc limit ?")
                .param(accountId)
                .param(most)
                .query((row, _) -> view(row))
                .list();
    }

    int waiting(long staffId) {
        return database.sql("""
                select count(*) from moderation_case c
                where (c.state = 'NEW' or (c.appeal is not null and c.appeal_decision is null)) and
                """ + CaseTies.SEEN)
                .param("me", staffId)
                .query((row, _) -> row.getInt(1))
                .single();
    }

    List<ReportView> reports(long id) {
        return database.sql("""
                select a.username, r.reason, r.text, r.at, r.guest_of from moderation_report r
                left join account a on a.id = r.reporter_id where r.case_id = ? order by r.id limit 100
                """)
                .param(id)
                .query((row, _) -> new ReportView(
                        row.getString(1),
                        ReportReason.valueOf(row.getString(2)),
                        row.getString(3),
                        row.getTimestamp(4).toInstant(),
                        row.getString(5)))
                .list();
    }

    Set<Long> reporters(long id) {
        return database.sql("select reporter_id from moderation_report where case_id = ? and reporter_id is not null")
                .param(id)
                .query((row, _) -> row.getLong(1))
                .set();
    }

    String evidence(long id) {
        return database.sql("select evidence from moderation_case where id = ?")
                .param(id)
                .query((row, _) -> row.getString(1))
                .optional()
                .orElse("{}");
    }

    Optional<byte[]> thumbnail(long id) {
        return database.sql("select thumbnail from moderation_case where id = ? and thumbnail is not null")
                .param(id)
                .query((row, _) -> row.getBytes(1))
                .optional();
    }

    // ---- deciding ---------------------------------------------------------------------------------------------

    boolean claim(long id, long staffId) {
        return database.sql("""
                        update moderation_case set state = 'CLAIMED', claimed_by = :staff
                        where id = :id and (state = 'NEW' or (state = 'CLAIMED' and (claimed_by is null or claimed_by = :staff)))
                        """).param("staff", staffId).param("id", id).update() > 0;
    }

    void release(long id, long staffId) {
        database.sql("""
                update moderation_case set state = 'NEW', claimed_by = null
                where id = ? and state = 'CLAIMED' and claimed_by = ?
                """).param(id).param(staffId).update();
    }

    /** Answers false when it is decided already, or somebody else has it. */
    boolean decide(long id, Decision decision, String reason, AccountPrincipal staff, Instant now) {
        return database.sql("""
                        update moderation_case set state = 'DECIDED', decision = :decision, decision_reason = :reason,
                            decided_by = :staff, decided_role = :role, decided_at = :now
                        where id = :id and (state = 'NEW' or (state = 'CLAIMED' and claimed_by = :staff))
                        """)
                        .param("decision", decision.name())
                        .param("reason", reason)
                        .param("staff", staff.accountId())
                        .param("role", staff.role().name())
                        .param("now", Timestamp.from(now))
                        .param("id", id)
                        .update()
                > 0;
    }

    void strike(long accountId, long caseId, Instant now, Instant expires) {
        database.sql("""
                insert into moderation_strike (account_id, case_id, at, expires_at) values (?, ?, ?, ?)
                on conflict (case_id) do nothing
                """)
                .param(accountId)
                .param(caseId)
                .param(Timestamp.from(now))
                .param(Timestamp.from(expires))
                .update();
    }

    void unstrike(long caseId) {
        database.sql("delete from moderation_strike where case_id = ?")
                .param(caseId)
                .update();
    }

    List<Strike> strikes(long accountId, Instant now) {
        return database.sql("""
                select s.case_id, c.decision, s.at, s.expires_at from moderation_strike s
                join moderation_case c on c.id = s.case_id
                where s.account_id = ? and s.expires_at > ? order by s.id desc
                """)
                .param(accountId)
                .param(Timestamp.from(now))
                .query((row, _) -> new Strike(
                        row.getLong(1),
                        Decision.valueOf(row.getString(2)),
                        row.getTimestamp(3).toInstant(),
                        row.getTimestamp(4).toInstant()))
                .list();
    }

    boolean appeal(long id, long subjectAccountId, String text, Instant now, Instant decidedAfter) {
        return database.sql("""
                        update moderation_case set appeal = ?, appealed_at = ?
                        where id = ? and subject_account_id = ? and state = 'DECIDED' and decision <> 'DISMISS'
                          and appeal is null and decided_at > ?
                        """)
                        .param(text)
                        .param(Timestamp.from(now))
                        .param(id)
                        .param(subjectAccountId)
                        .param(Timestamp.from(decidedAfter))
                        .update()
                > 0;
    }

    boolean answer(long id, String outcome, String text, Instant now) {
        return database.sql("""
                        update moderation_case set appeal_decision = ?, appeal_answer = ?, appeal_decided_at = ?
                        where id = ? and appeal is not null and appeal_decision is null
                        """)
                        .param(outcome)
                        .param(text)
                        .param(Timestamp.from(now))
                        .param(id)
                        .update()
                > 0;
    }

    // ---- forgetting -------------------------------------------------------------------------------------------

    /** Forgets what was kept of cases decided before a moment; answers which. */
    List<Long> forgetEvidence(Instant before) {
        return database.sql("""
                update moderation_case set evidence = '{}', thumbnail = null, segments = 0
                where decided_at < ? and (appeal is null or appeal_decision is not null)
                  and (evidence <> '{}' or thumbnail is not null or segments > 0)
                returning id
                """)
                .param(Timestamp.from(before))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    void forgetStrikes(Instant now) {
        database.sql("delete from moderation_strike where expires_at < ?")
                .param(Timestamp.from(now))
                .update();
    }
}
