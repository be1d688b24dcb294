// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audit.internal;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.audit.AuditEntry;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

@Service
class JdbcAudit implements Audit {
    private static final int MAX_TEXT = 1_000;
    private static final Duration ONE_LOOK = Duration.ofHours(1);
    private static final int EXPORT_PAGE = 500;

    private final JdbcClient database;
    private final Pseudonyms people;
    private final Clock clock;

    JdbcAudit(JdbcClient database, Pseudonyms people, Clock clock) {
        this.database = database;
        this.people = people;
        this.clock = clock;
    }

    @Override
    public void add(
            Actor actor,
            String action,
            String subject,
            @Nullable Long subjectAccountId,
            String reason,
            String details) {
        write(actor, people.hide(actor.name()), action, people.hide(cut(subject)), subjectAccountId, reason, details);
    }

    private void write(
            Actor actor,
            String actorHidden,
            String action,
            String subjectHidden,
            @Nullable Long subjectAccountId,
            String reason,
            String details) {
        database.sql("""
                insert into audit_entry (at, actor_id, actor, action, subject, subject_account_id, reason, details)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """)
                .param(Timestamp.from(clock.instant()))
                .param(actor.accountId())
                .param(actorHidden)
                .param(action)
                .param(subjectHidden)
                .param(subjectAccountId)
                .param(cut(reason))
                .param(cut(details))
                .update();
    }

    @Override
    public void look(Actor actor, String action, String subject, @Nullable Long subjectAccountId) {
        String who = people.hide(actor.name());
        String whom = people.hide(cut(subject));
        boolean fresh = database.sql("""
                        select not exists (select from audit_entry
                            where actor = ? and action = ? and subject = ? and at > ?)
                        """)
                .param(who)
                .param(action)
                .param(whom)
                .param(Timestamp.from(clock.instant().minus(ONE_LOOK)))
                .query(Boolean.class)
                .single();
        if (fresh) {
            write(actor, who, action, whom, subjectAccountId, "", "");
        }
    }

    private static String cut(String text) {
        String clean = text.replace("\0", "");
        return WellFormed.cut(clean, MAX_TEXT);
    }

    @Override
    public List<AuditEntry> find(Search search, long before, int most) {
        List<AuditEntry> found = database.sql("""
                select id, at, actor, action, subject, subject_account_id, reason, details from audit_entry
                where id < :before
                  and (:actor = '' or actor = :actor or actor in (select pseudonym from audit_person where name = lower(:actor)))
                  and (:action = '' or action = :action or (right(:action, 1) = '.' and starts_with(action, :action)))
                  and (:text = '' or position(lower(:text) in lower(subject || ' ' || reason || ' ' || details)) > 0
                       or exists (select from unnest(:people) p where position(p in subject) > 0))
                  and at >= :from and at < :until
                order by id desc limit :most
                """)
                .param("before", before)
                .param("actor", orEmpty(search.actor()))
                .param("action", orEmpty(search.action()))
                .param("text", orEmpty(search.text()))
                .param("people", people.holding(orEmpty(search.text())))
                .param("from", Timestamp.from(search.from() == null ? Instant.EPOCH : search.from()))
                .param(
                        "until",
                        Timestamp.from(search.until() == null ? Instant.parse("9999-01-01T00:00:00Z") : search.until()))
                .param("most", most)
                .query((row, _) -> new AuditEntry(
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, Long.class),
                        row.getString(7),
                        row.getString(8)))
                .list();
        Map<String, String> names = people.names(found.stream()
                .map(entry -> entry.actor() + " " + entry.subject())
                .toList());
        return found.stream()
                .map(entry -> new AuditEntry(
                        entry.id(),
                        entry.at(),
                        Pseudonyms.shown(entry.actor(), names),
                        entry.action(),
                        Pseudonyms.shown(entry.subject(), names),
                        entry.subjectAccountId(),
                        entry.reason(),
                        entry.details()))
                .toList();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip().replace("\0", "");
    }

    @Override
    public void export(Search search, Consumer<AuditEntry> rows) {
        long before = Long.MAX_VALUE;
        while (true) {
            List<AuditEntry> page = find(search, before, EXPORT_PAGE);
            page.forEach(rows);
            if (page.size() < EXPORT_PAGE) {
                return;
            }
            before = page.getLast().id();
        }
    }

    @Override
    public List<String> actions() {
        return database.sql("select distinct action from audit_entry order by action")
                .query((row, _) -> row.getString(1))
                .list();
    }
}
