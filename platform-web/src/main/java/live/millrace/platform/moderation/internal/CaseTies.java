// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.platform.account.Role;
import live.millrace.platform.moderation.CaseRights;
import live.millrace.platform.moderation.CaseRights.Member;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What people have to do with cases, read for {@link CaseRights}. */
@Repository
class CaseTies {
    /** Of a query over cases {@code c}: those that exist to somebody; the same as {@link CaseRights.Act#SEE}, for lists. */
    static final String SEEN = """
            (c.subject_account_id is distinct from :me
             and not exists (select from moderation_report mine where mine.case_id = c.id and mine.reporter_id = :me)
             and not (c.kind in ('CHANNEL', 'LIVE', 'VIDEO') and (
                 exists (select from channel o where o.id = c.channel_id and o.account_id = :me)
                 or (exists (select from chat_moderator k where k.channel_id = c.channel_id and k.account_id = :me)
                     and exists (select from account s where s.id <> :me and s.role in ('MODERATOR', 'ADMIN', 'OWNER')
                         and s.standing = 'ACTIVE'
                         and (s.suspended_at is null or s.suspended_until <= now()))))))
            """;

    private record Row(
            @Nullable Long subject,
            @Nullable Role subjectRole,
            @Nullable Long owner,
            @Nullable Long channel,
            @Nullable Long decider,
            @Nullable Role decidedRole) {}

    private final JdbcClient database;

    CaseTies(JdbcClient database) {
        this.database = database;
    }

    private static @Nullable Role role(@Nullable String name) {
        return name == null ? null : Role.valueOf(name);
    }

    Optional<CaseRights> of(long caseId) {
        return database.sql("""
                select c.subject_account_id, s.role, o.account_id, o.id, c.decided_by, coalesce(c.decided_role, d.role)
                from moderation_case c left join account s on s.id = c.subject_account_id
                left join channel o on o.id = c.channel_id and c.kind in ('CHANNEL', 'LIVE', 'VIDEO')
                left join account d on d.id = c.decided_by where c.id = ?
                """)
                .param(caseId)
                .query((row, _) -> new Row(
                        row.getObject(1, Long.class),
                        role(row.getString(2)),
                        row.getObject(3, Long.class),
                        row.getObject(4, Long.class),
                        row.getObject(5, Long.class),
                        role(row.getString(6))))
                .optional()
                .map(row -> new CaseRights(
                        row.subject(),
                        row.subjectRole(),
                        row.owner(),
                        row.channel() == null ? Set.of() : moderators(row.channel()),
                        reporters(caseId),
                        row.decider(),
                        row.decidedRole(),
                        staff()));
    }

    private Set<Long> moderators(long channelId) {
        return new HashSet<>(database.sql("select account_id from chat_moderator where channel_id = ?")
                .param(channelId)
                .query(Long.class)
                .list());
    }

    private Set<Long> reporters(long caseId) {
        return new HashSet<>(
                database.sql("select reporter_id from moderation_report where case_id = ? and reporter_id is not null")
                        .param(caseId)
                        .query(Long.class)
                        .list());
    }

    /** Everybody who moderates the site and can log in. */
    List<Member> staff() {
        return database.sql("""
                select id, role from account where role in ('MODERATOR', 'ADMIN', 'OWNER') and standing = 'ACTIVE'
                  and (suspended_at is null or suspended_until <= now())
                """)
                .query((row, _) -> new Member(row.getLong(1), Role.valueOf(row.getString(2))))
                .list();
    }

    boolean seen(long caseId, long staffId) {
        return database.sql("select not exists (select from moderation_case c where c.id = :id and not " + SEEN + ")")
                .param("id", caseId)
                .param("me", staffId)
                .query(Boolean.class)
                .single();
    }

    /** How many reports wait about each channel, of the cases that exist to somebody. */
    Map<String, Integer> open(long staffId) {
        return database
                .sql("""
                select c.channel, count(*) from moderation_case c join moderation_report r on r.case_id = c.id
                where c.state <> 'DECIDED' and
                """ + SEEN + " group by c.channel")
                .param("me", staffId)
                .query((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
