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
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.VideoComments.Kept;
import live.millrace.platform.chat.internal.room.TalkerRow;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of comments below videos. */
@Repository
class CommentStore {
    /** Of the locks that a transaction takes by number: those of people who comment. */
    private static final int WRITER_LOCK = 0x434f4d4d;

    private static final String KEPT = """
            select v.id, v.account_id, coalesce(a.username, '') as author, v.guest_id, v.guest_name, v.text, v.written_at,
                   v.removed_at is not null as removed, r.public_id, r.channel_id
            from chat_video_comment v left join account a on a.id = v.account_id join recording r on r.id = v.recording_id
            """;

    /**
     * A comment that is shown.
     *
     * @param movedMillis how much later what it speaks of is in the video now; negative where that was trimmed since
     */
    record Row(long id, Talker talker, String text, Instant at, long movedMillis) {}

    private final JdbcClient database;

    CommentStore(JdbcClient database) {
        this.database = database;
    }

    /** The newest first, those with a smaller id than {@code before}. */
    List<Row> page(String video, long before, int most) {
        return database.sql("""
                select v.id, v.account_id, v.guest_id, v.guest_name, v.text, v.written_at, v.trimmed_ms - r.trimmed_ms as moved_ms
                from chat_video_comment v join recording r on r.id = v.recording_id
                where r.public_id = ? and v.id < ? and v.removed_at is null
                order by v.id desc limit ?
                """)
                .param(video)
                .param(before)
                .param(most)
                .query((row, _) -> new Row(
                        row.getLong("id"),
                        TalkerRow.read(row).orElseThrow(),
                        row.getString("text"),
                        row.getTimestamp("written_at").toInstant(),
                        row.getLong("moved_ms")))
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

    /** By which column somebody's comments are found: each has an index of its own, and one of both at once would be found by none. */
    private static String column(Talker talker) {
        return talker instanceof Talker.Person ? "account_id" : "guest_id";
    }

    private static long id(Talker talker) {
        return switch (talker) {
            case Talker.Person(long accountId) -> accountId;
            case Talker.Invited guest -> guest.guestId();
        };
    }

    /** Until the transaction ends nobody else counts, or adds to, what somebody wrote. */
    void lockWriter(Talker talker) {
        int number = Long.hashCode(id(talker));
        database.sql("select pg_advisory_xact_lock(?, ?)")
                .param(WRITER_LOCK)
                .param(talker instanceof Talker.Person ? number : ~number)
                .query((_, _) -> true)
                .single();
    }

    /** When somebody wrote the comment that is so many before the one they would write next, wherever that was; empty when there are fewer. */
    Optional<Instant> written(Talker talker, int before) {
        return database.sql("""
                select written_at from chat_video_comment where %s = ? order by written_at desc offset ? limit 1
                """.formatted(column(talker)))
                .param(id(talker))
                .param(before - 1)
                .query((row, _) -> row.getTimestamp(1).toInstant())
                .optional();
    }

    /** Whether somebody said the same below a video; what they took back themselves they may say again. */
    boolean said(String video, Talker talker, String text) {
        return database.sql("""
                select exists (select from chat_video_comment
                    where recording_id = (select id from recording where public_id = ?) and %s = ?
                      and lower(text) = lower(?) and not taken_back)
                """.formatted(column(talker)))
                .param(video)
                .param(id(talker))
                .param(text)
                .query(Boolean.class)
                .single();
    }

    /** Answers its id; empty when the video is gone. */
    OptionalLong insert(String video, Talker talker, String text, Instant now) {
        return database.sql("""
                insert into chat_video_comment (recording_id, account_id, guest_id, guest_name, text, written_at, trimmed_ms)
                select id, ?, ?, ?, ?, ?, trimmed_ms from recording where public_id = ? and deleted_at is null returning id
                """)
                .param(talker.account())
                .param(talker.guest())
                .param(talker.guestName())
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
                row.getObject("account_id", Long.class),
                row.getString("author"),
                row.getString("text"),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"),
                row.getObject("guest_id", Long.class),
                row.getString("guest_name"));
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

    /**
     * @param by the account that does it; null of a guest, who removes their own alone
     * @param mine whether it is their own, which they may say again
     * @return whether it was there
     */
    boolean remove(long id, @Nullable Long by, boolean mine, Instant now) {
        return database.sql("""
                        update chat_video_comment set removed_at = ?, removed_by = ?, taken_back = ?
                        where id = ? and removed_at is null
                        """)
                        .param(Timestamp.from(now))
                        .param(by)
                        .param(mine)
                        .param(id)
                        .update()
                > 0;
    }

    void restore(long id) {
        database.sql(
                        "update chat_video_comment set removed_at = null, removed_by = null, taken_back = false where id = ?")
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
