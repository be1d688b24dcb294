// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The statements by which recordings go. First they are marked, which nothing takes back; then their spans go in sets, each set's objects
 * with it into the garbage; then the row. What is recorded at the moment is never touched.
 */
@Repository
class RetentionRows {
    /** Spans in one transaction. */
    static final int SET = 500;

    /** Whoever deleted one can think again for so long. */
    static final Duration DELETED = Duration.ofDays(7);

    /** What a shortened time takes away stays so long at least: somebody may have mistyped it. */
    static final Duration NOTICE = Duration.ofDays(3);

    /** One without a picture is nothing to keep. */
    private static final Duration EMPTY = Duration.ofHours(1);

    /** Its time is over, and its owner was told of it long enough before. */
    private static final String EXPIRED = """
            (expires_at < :now and not pinned and deleted_at is null
                and (warned_at <= :warned or expires_at <= ended_at + interval '4 days'))""";

    /**
     * From the newest on, what is kept anyway before all others: the sum says from where on there is no room. What clips have of their own
     * never goes for it.
     */
    private static final String BEYOND = """
            not removing and not pinned and state <> 'RECORDING' and kind <> 'CLIP' and id in (
                select id from (
                    select id, sum(bytes) over (%s order by pinned or kind = 'CLIP' or state = 'RECORDING' desc,
                        deleted_at is null desc, started_at desc, id desc) as running
                    from (select * from recording %s) all_of_them where not removing) summed
                where running > :bytes)
            """;

    /** One that would go, but for clips. */
    record Held(long id, String name) {}

    /** One that goes, or is going to. */
    record Going(String id, @Nullable Long channelId, String title) {
        static Going of(ResultSet row) throws SQLException {
            return new Going(row.getString(1), row.getObject(2, Long.class), row.getString(3));
        }
    }

    private final JdbcClient database;

    RetentionRows(JdbcClient database) {
        this.database = database;
    }

    /** @param days as the site says; null for as long as there is room */
    void followRules(@Nullable Integer days, Instant now) {
        database.sql("""
                update recording r set expires_at = x.fresh,
                    warned_at = case when x.fresh > r.expires_at then null else r.warned_at end
                from (select r.id, case
                        when w.wanted is null then null
                        when r.expires_at is null then greatest(w.wanted, :soon)
                        when w.wanted >= r.expires_at then w.wanted
                        else least(r.expires_at, greatest(w.wanted, :soon)) end as fresh
                      from recording r left join recording_channel c on c.channel_id = r.channel_id
                      cross join lateral (
                        select r.ended_at + make_interval(days => least(c.keep_days, :days)) as wanted) w
                      where r.state <> 'RECORDING' and r.kind <> 'CLIP' and not r.removing and r.deleted_at is null) x
                where r.id = x.id and r.expires_at is distinct from x.fresh
                """)
                .param("days", days, Types.INTEGER)
                .param("soon", Timestamp.from(now.plus(NOTICE)))
                .update();
    }

    /** Those that go soon and whose owner does not know it yet; they count as told. What is never kept for longer is no surprise. */
    List<Going> warn(Instant now) {
        return database.sql("""
                update recording set warned_at = :now
                where id in (select id from recording where warned_at is null and expires_at < :soon and not pinned and not removing
                    and deleted_at is null and channel_id is not null and expires_at > ended_at + interval '4 days'
                    order by id limit 500 for update skip locked)
                returning public_id, channel_id, title
                """)
                .param("now", Timestamp.from(now))
                .param("soon", Timestamp.from(now.plus(NOTICE)))
                .query((row, _) -> Going.of(row))
                .list();
    }

    /**
     * Marks what is due: expired, its owner told of it long enough before, and not pinned; deleted a week ago; without a channel; or empty.
     * What clips refer to waits.
     */
    List<Going> markDue(Instant now) {
        return database.sql("""
                update recording set removing = true, deleted_at = coalesce(deleted_at, :now)
                where id in (select id from recording r where not removing and state <> 'RECORDING' and (%s
                        or deleted_at < :deleted or channel_id is null or duration_ms = 0 and ended_at < :empty)
                    and not %s
                    order by id limit 500 for update skip locked)
                returning public_id, channel_id, title
                """.formatted(EXPIRED, ClipRows.HELD))
                .param("now", Timestamp.from(now))
                .param("warned", Timestamp.from(now.minus(NOTICE)))
                .param("deleted", Timestamp.from(now.minus(DELETED)))
                .param("empty", Timestamp.from(now.minus(EMPTY)))
                .query((row, _) -> Going.of(row))
                .list();
    }

    /** Of those whose time is over, some behind this one that wait for clips. */
    List<Held> heldDue(Instant now, long after) {
        return database.sql("""
                select id, public_id from recording r where not removing and state <> 'RECORDING' and %s and %s
                    and id > :after order by id limit 500
                """.formatted(EXPIRED, ClipRows.HELD))
                .param("now", Timestamp.from(now))
                .param("warned", Timestamp.from(now.minus(NOTICE)))
                .param("after", after)
                .query((row, _) -> new Held(row.getLong(1), row.getString(2)))
                .list();
    }

    /** Whose sizes are summed up. */
    enum Within {
        SITE(BEYOND.formatted("", "")),
        CHANNEL(BEYOND.formatted("partition by channel_id", "where channel_id is not null"));

        private final String beyond;

        Within(String beyond) {
            this.beyond = beyond;
        }
    }

    /** Marks the oldest, those that were deleted first, until the others take no more than this. */
    List<Going> markBeyond(Within within, long bytes, Instant now) {
        return database.sql("""
                update recording set removing = true, deleted_at = coalesce(deleted_at, :now)
                where id in (select id from recording r where %s and not %s order by id limit 500 for update skip locked)
                returning public_id, channel_id, title
                """.formatted(within.beyond, ClipRows.HELD))
                .param("now", Timestamp.from(now))
                .param("bytes", bytes)
                .query((row, _) -> Going.of(row))
                .list();
    }

    /** Of those for which there is no room, some behind this one that wait for clips. */
    List<Held> heldBeyond(Within within, long bytes, long after) {
        return database.sql(
                        "select id, public_id from recording r where %s and %s and id > :after order by id limit 500"
                                .formatted(within.beyond, ClipRows.HELD))
                .param("bytes", bytes)
                .param("after", after)
                .query((row, _) -> new Held(row.getLong(1), row.getString(2)))
                .list();
    }

    /**
     * Takes the next set of spans away from what is marked, with what they add to: the caller's transaction.
     *
     * @return how many; 0 when nothing is left
     */
    int removeSet() {
        List<Long> marked = database.sql("""
                select id from recording where removing order by id limit 50 for update skip locked
                """).query((row, _) -> row.getLong(1)).list();
        if (marked.isEmpty()) {
            return 0;
        }
        Long[] ids = marked.toArray(Long[]::new);
        int removed =
                database.sql("""
                with picked as (
                    select recording_id, track, ordinal from recording_span where recording_id = any(?)
                    order by recording_id, track, ordinal limit ?),
                gone as (
                    delete from recording_span s using picked p
                    where s.recording_id = p.recording_id and s.track = p.track and s.ordinal = p.ordinal
                    returning s.recording_id, s.track, s.ordinal, s.bytes, s.put_at),
                garbage as (
                    insert into recording_garbage (object, archived)
                    select r.folder || '/' || g.track || '-' || g.ordinal || '.mp4', g.put_at is not null
                    from gone g join recording r on r.id = g.recording_id on conflict do nothing),
                smaller as (
                    update recording r set bytes = r.bytes - d.bytes
                    from (select recording_id, sum(bytes) as bytes from gone group by 1) d where r.id = d.recording_id),
                used as (
                    update recording_usage u set bytes = u.bytes - d.bytes
                    from (select r.channel_id, sum(g.bytes) as bytes
                          from gone g join recording r on r.id = g.recording_id group by 1) d
                    where u.channel_id = d.channel_id)
                select count(*) from gone
                """).param(ids).param(SET).query(Integer.class).single();
        int rows = database.sql("""
                delete from recording r where id = any(?) and not exists (select from recording_span s where s.recording_id = r.id)
                """).param(ids).update();
        return removed + rows;
    }

    // ---- garbage ----------------------------------------------------------------------------------------------

    record Garbage(long id, String object) {}

    /** Some that the disk may have, behind this one. */
    List<Garbage> garbage(long after) {
        return database.sql("select id, object from recording_garbage where local and id > ? order by id limit ?")
                .param(after)
                .param(SET)
                .query((row, _) -> new Garbage(row.getLong(1), row.getString(2)))
                .list();
    }

    /** The disk has them no more; those that the bucket may have stay until it has not. */
    void dropGarbage(List<Long> ids) {
        Long[] gone = ids.toArray(Long[]::new);
        database.sql("delete from recording_garbage where id = any(?) and not archived")
                .param(gone)
                .update();
        database.sql("update recording_garbage set local = false where id = any(?)")
                .param(gone)
                .update();
    }

    // ---- quota ------------------------------------------------------------------------------------------------

    /** Channels whose owners are to be told that little is left, told now; those who have room again are forgotten. */
    List<Long> warnOfSpace(long quota, Instant now) {
        database.sql("update recording_usage set warned_at = null where warned_at is not null and bytes < ? * 0.8")
                .param(quota)
                .update();
        return database.sql("""
                update recording_usage set warned_at = ? where warned_at is null and bytes >= ? * 0.9 returning channel_id
                """)
                .param(Timestamp.from(now))
                .param(quota)
                .query((row, _) -> row.getLong(1))
                .list();
    }
}
