// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryQueue.Figures;
import live.millrace.platform.delivery.DeliveryQueue.Open;
import live.millrace.platform.delivery.DeliveryQueue.State;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The rows of the queue. */
@Repository
class DeliveryStore {
    private static final int MAX_ERROR = 300;
    private static final int SWEPT_AT_ONCE = 10_000;

    private final JdbcClient database;
    private final JsonMapper json;

    DeliveryStore(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /** Answers its number, or nothing where the same is known. */
    Optional<Long> add(String kind, String target, String body, @Nullable String dedupKey, Instant nextAt) {
        return database.sql("""
                insert into delivery (kind, target, body, dedup_key, next_at) values (?, ?, ?::jsonb, ?::text, ?)
                on conflict (dedup_key) do nothing returning id
                """)
                .param(kind)
                .param(target)
                .param(body)
                .param(dedupKey)
                .param(Timestamp.from(nextAt))
                .query(Long.class)
                .optional();
    }

    /** One that is to be done. */
    Optional<Delivery> waiting(long id) {
        return database.sql("""
                select id, kind, target, body::text, attempts, made_at from delivery where id = ? and state = 'WAITING'
                """)
                .param(id)
                .query((row, _) -> new Delivery(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        json.readTree(row.getString(4)),
                        row.getInt(5),
                        row.getTimestamp(6).toInstant()))
                .optional();
    }

    /** Keeps everybody else from one until the transaction ends; false when it is not to be done any more. */
    boolean lock(long id) {
        return database.sql("select id from delivery where id = ? and state = 'WAITING' for update")
                .param(id)
                .query(Long.class)
                .optional()
                .isPresent();
    }

    /** @param state DONE or DROPPED */
    void finish(long id, String state) {
        database.sql("""
                update delivery set state = ?, done_at = now(), last_error = null where id = ? and state = 'WAITING'
                """).param(state).param(id).update();
    }

    void later(long id, int attempts, Instant nextAt, String why) {
        database.sql("""
                update delivery set attempts = ?, next_at = ?, last_error = ? where id = ? and state = 'WAITING'
                """)
                .param(attempts)
                .param(Timestamp.from(nextAt))
                .param(cut(why))
                .param(id)
                .update();
    }

    void park(long id, int attempts, String why) {
        database.sql("""
                update delivery set state = 'PARKED', attempts = ?, last_error = ? where id = ? and state = 'WAITING'
                """).param(attempts).param(cut(why)).param(id).update();
    }

    private static String cut(String why) {
        return why.length() <= MAX_ERROR ? why : why.substring(0, MAX_ERROR);
    }

    // ---- for people -------------------------------------------------------------------------------------------

    Figures figures() {
        return database.sql("""
                select count(*) filter (where state = 'WAITING'), count(*) filter (where state = 'PARKED'),
                    greatest(0, coalesce(extract(epoch from now() - min(next_at) filter (where state = 'WAITING')), 0))
                from delivery where state in ('WAITING', 'PARKED')
                """)
                .query((row, _) ->
                        new Figures(row.getLong(1), row.getLong(2), Duration.ofSeconds((long) row.getDouble(3))))
                .single();
    }

    private static Open open(ResultSet row) throws SQLException {
        return new Open(
                row.getLong("id"),
                row.getString("kind"),
                row.getString("target"),
                row.getInt("attempts"),
                row.getTimestamp("made_at").toInstant(),
                row.getTimestamp("next_at").toInstant(),
                row.getString("last_error"));
    }

    List<Open> find(State state, long before, int most) {
        return database.sql("""
                select id, kind, target, attempts, made_at, next_at, last_error from delivery
                where state = ? and state in ('WAITING', 'PARKED') and id < ? order by id desc limit ?
                """)
                .param(state.name())
                .param(before)
                .param(most)
                .query((row, _) -> open(row))
                .list();
    }

    Optional<Open> again(long id, Instant now) {
        return database.sql("""
                update delivery set state = 'WAITING', attempts = 0, next_at = ?
                where id = ? and state in ('WAITING', 'PARKED')
                returning id, kind, target, attempts, made_at, next_at, last_error
                """)
                .param(Timestamp.from(now))
                .param(id)
                .query((row, _) -> open(row))
                .optional();
    }

    Optional<Open> drop(long id) {
        return database.sql("""
                delete from delivery where id = ? and state in ('WAITING', 'PARKED')
                returning id, kind, target, attempts, made_at, next_at, last_error
                """).param(id).query((row, _) -> open(row)).optional();
    }

    /** Forgets what was done before a time. */
    void sweep(Instant before) {
        int gone;
        do {
            gone = database.sql("delete from delivery where id in (select id from delivery where done_at < ? limit ?)")
                    .param(Timestamp.from(before))
                    .param(SWEPT_AT_ONCE)
                    .update();
        } while (gone == SWEPT_AT_ONCE);
    }
}
