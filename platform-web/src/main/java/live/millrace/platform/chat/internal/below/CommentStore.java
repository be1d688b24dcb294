// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.below;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.VideoComments.Kept;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of comments below videos. */
@Repository
class CommentStore {
    /** Of the locks that a transaction takes by number: those of people who comment. */
    private static final int WRITER_LOCK = 0x434f4d4d;

    private static final String KEPT = """
            select v.id, v.account_id, a.username, v.text, v.written_at, v.removed_at is not null as removed,
                   r.public_id, r.channel_id
            from chat_video_comment v join account a on a.id = v.account_id join recording r on r.id = v.recording_id
            """;

    /**
     * A comment that is shown.
     *
     * @param movedMillis how much later what it speaks of is in the video now; negative where that was trimmed since
     */
    record Row(long id, long accountId, String text, Instant at, long movedMillis) {}

    private final JdbcClient database;

    CommentStore(JdbcClient database) {
        this.database = database;
    }

    /** The newest first, those with a smaller id than {@code before}. */
    List<Row> page(String video, long before, int most) {
        return database.sql("""
                select v.id, v.account_id, v.text, v.written_at, v.trimmed_ms - r.trimmed_ms
                from chat_video_comment v join recording r on r.id = v.recording_id
                where r.public_id = ? and v.id < ? and v.removed_at is null
                order by v.id desc limit ?
                """)
                .param(video)
                .param(before)
                .param(most)
                .query((row, _) -> new Row(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getTimestamp(4).toInstant(),
                        row.getLong(5)))
                .list();
    }

    /** How many are shown. */
    long count(String video) {
        return database.sql("""
                select count(*) from chat_video_comment
                where recording_id = (select id from recording where public_id = ?) and removed_at is null
                """).param(video).query(Long.class).single();
    }

    // ---- writing ----------------------------------------------------------------------------------------------

    /** Until the transaction ends nobody else counts, or adds to, what somebody wrote. */
    void lockWriter(long accountId) {
        database.sql("select pg_advisory_xact_lock(?, ?)")
                .param(WRITER_LOCK)
                .param(Long.hashCode(accountId))
                .query((_, _) -> true)
                .single();
    }

    /** When somebody wrote the comment that is so many before the one they would write next, wherever that was; empty when there are fewer. */
    Optional<Instant> written(long accountId, int before) {
        return database.sql("""
                select written_at from chat_video_comment where account_id = ? order by written_at desc offset ? limit 1
                """)
                .param(accountId)
                .param(before - 1)
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .optional();
    }

    /** Whether somebody said the same below a video; what they took back themselves they may say again. */
    boolean said(String video, long accountId, String text) {
        return database.sql("""
                select exists (select from chat_video_comment
                    where recording_id = (select id from recording where public_id = ?) and account_id = ?
                      and lower(text) = lower(?) and (removed_at is null or removed_by is distinct from account_id))
                """)
                .param(video)
                .param(accountId)
                .param(text)
                .query(Boolean.class)
                .single();
    }

    /** Answers its id; empty when the video is gone. */
    OptionalLong insert(String video, long accountId, String text, Instant now) {
        return database.sql("""
                insert into chat_video_comment (recording_id, account_id, text, written_at, trimmed_ms)
                select id, ?, ?, ?, trimmed_ms from recording where public_id = ? and deleted_at is null returning id
                """)
                .param(accountId)
                .param(text)
                .param(Timestamp.from(now))
                .param(video)
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    // ---- removing ---------------------------------------------------------------------------------------------

    Optional<Kept> find(long id) {
        return database.sql(KEPT + "where v.id = ?")
                .param(id)
                .query((row, _) -> new Kept(row.getString("public_id"), stored(row)))
                .optional();
    }

    private static StoredMessage stored(ResultSet row) throws SQLException {
        return new StoredMessage(
                row.getLong("channel_id"),
                row.getLong("id"),
                row.getLong("account_id"),
                row.getString("username"),
                row.getString("text"),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"));
    }

    /** One and its neighbours, the oldest first. */
    List<StoredMessage> around(long id, int each) {
        String below = "where v.recording_id = (select recording_id from chat_video_comment where id = :id) and v.id ";
        List<StoredMessage> older = database.sql(KEPT + below + "<= :id order by v.id desc limit :most")
                .param("id", id)
                .param("most", each + 1)
                .query((row, _) -> stored(row))
                .list();
        List<StoredMessage> newer = database.sql(KEPT + below + "> :id order by v.id limit :most")
                .param("id", id)
                .param("most", each)
                .query((row, _) -> stored(row))
                .list();
        return Stream.concat(older.reversed().stream(), newer.stream()).toList();
    }

    boolean remove(long id, long by, Instant now) {
        return database.sql(
                                "update chat_video_comment set removed_at = ?, removed_by = ? where id = ? and removed_at is null")
                        .param(Timestamp.from(now))
                        .param(by)
                        .param(id)
                        .update()
                > 0;
    }

    void restore(long id) {
        database.sql("update chat_video_comment set removed_at = null, removed_by = null where id = ?")
                .param(id)
                .update();
    }

    // ---- whether there are any --------------------------------------------------------------------------------

    boolean open(long channelId) {
        return database.sql("select video_comments from chat_room where channel_id = ?")
                .param(channelId)
                .query(Boolean.class)
                .optional()
                .orElse(true);
    }

    void open(long channelId, boolean open) {
        database.sql("""
                insert into chat_room (channel_id, video_comments) values (?, ?)
                on conflict (channel_id) do update set video_comments = excluded.video_comments
                """).param(channelId).param(open).update();
    }
}
