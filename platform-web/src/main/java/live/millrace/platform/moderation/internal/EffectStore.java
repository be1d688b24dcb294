// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.account.Suspension;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What decisions did. */
@Repository
class EffectStore {
    enum Kind {
        SUSPENSION,
        STREAMING,
        ADDRESS_BAN,
        MESSAGE,
        CHANNEL,
        KEY_BLOCK,
        VIDEO,
        COMMENT
    }

    /**
     * One thing that a decision did.
     *
     * @param ref the ban, the room's action, the channel or the key; of a video how it was listed before; the comment; 0 for a suspension
     * @param at when a suspension began, or a block of a key ends
     * @param before the suspension that it took the place of
     */
    record Effect(
            Kind kind,
            long ref,
            @Nullable Instant at,
            @Nullable Suspension before) {
        static Effect on(Kind kind, long ref) {
            return new Effect(kind, ref, null, null);
        }
    }

    private final JdbcClient database;

    EffectStore(JdbcClient database) {
        this.database = database;
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    void add(long caseId, Effect effect) {
        Suspension before = effect.before();
        database.sql("""
                insert into moderation_effect (case_id, kind, ref, at, before_at, before_reason, before_until)
                values (?, ?, ?, ?::timestamptz, ?::timestamptz, ?::text, ?::timestamptz)
                """)
                .param(caseId)
                .param(effect.kind().name())
                .param(effect.ref())
                .param(timestamp(effect.at()))
                .param(before == null ? null : timestamp(before.at()))
                .param(before == null ? null : before.reason())
                .param(before == null ? null : timestamp(before.until()))
                .update();
    }

    /** Hands out what a decision did, the last first, and forgets it. */
    List<Effect> take(long caseId) {
        return database.sql("""
                with gone as (delete from moderation_effect where case_id = ? returning *)
                select kind, coalesce(ref, 0), at, before_at, coalesce(before_reason, ''), before_until
                from gone order by id desc
                """)
                .param(caseId)
                .query((row, _) -> {
                    Instant beforeAt = instant(row.getTimestamp(4));
                    return new Effect(
                            Kind.valueOf(row.getString(1)),
                            row.getLong(2),
                            instant(row.getTimestamp(3)),
                            beforeAt == null
                                    ? null
                                    : new Suspension(beforeAt, row.getString(5), instant(row.getTimestamp(6))));
                })
                .list();
    }

    /** Whether a decision that stands did this. */
    boolean any(Kind kind, long ref) {
        return database.sql("select exists (select from moderation_effect where kind = ? and ref = ?)")
                .param(kind.name())
                .param(ref)
                .query(Boolean.class)
                .single();
    }

    /** A suspension that a later one took the place of is no more: what was before it is before that one now. */
    void unlink(Kind kind, long accountId, Effect gone) {
        Suspension before = gone.before();
        database.sql("""
                update moderation_effect e
                set before_at = ?::timestamptz, before_reason = ?::text, before_until = ?::timestamptz
                from moderation_case c
                where c.id = e.case_id and c.subject_account_id = ? and e.kind = ? and e.before_at = ?::timestamptz
                """)
                .param(before == null ? null : timestamp(before.at()))
                .param(before == null ? null : before.reason())
                .param(before == null ? null : timestamp(before.until()))
                .param(accountId)
                .param(kind.name())
                .param(timestamp(gone.at()))
                .update();
    }
}
