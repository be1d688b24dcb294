// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.recording.UploadView;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of uploads. What is over never goes on: each step is made from the state before it, or not at all. */
@Repository
class UploadRows {
    private static final String SELECT = """
            select public_id, channel_id, file_name, title, bytes, received, state, percent, refusal, codec, recording, created_at, changed_at
            from recording_upload
            """;
    private static final int MOST_SHOWN = 20;

    /**
     * What they all take together.
     *
     * @param count of a channel's
     * @param channel bytes of a channel's, once they are whole
     * @param all bytes of all, once they are whole
     * @param missing bytes of all that are still to come
     */
    record Open(int count, long channel, long all, long missing) {}

    private final JdbcClient database;

    UploadRows(JdbcClient database) {
        this.database = database;
    }

    /** Two that begin at a time wait for each other: both would find room for one. */
    void lockChannel(long channelId) {
        database.sql("select id from channel where id = ? for no key update")
                .param(channelId)
                .query(Long.class)
                .list();
    }

    Open open(long channelId) {
        return database.sql("""
                select count(*) filter (where channel_id = :channel), coalesce(sum(bytes) filter (where channel_id = :channel), 0),
                    coalesce(sum(bytes), 0), coalesce(sum(bytes - received), 0)
                from recording_upload where state in ('RECEIVING', 'WAITING', 'IMPORTING')
                """)
                .param("channel", channelId)
                .query((row, _) -> new Open(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .single();
    }

    /** What the videos of a channel take, and those of all. */
    record Kept(long channel, long all) {}

    Kept kept(long channelId) {
        return database.sql("""
                select coalesce((select bytes from recording_usage where channel_id = ?), 0),
                    (select coalesce(sum(bytes), 0) from recording)
                """)
                .param(channelId)
                .query((row, _) -> new Kept(row.getLong(1), row.getLong(2)))
                .single();
    }

    void add(UploadView upload, long account) {
        database.sql("""
                insert into recording_upload (public_id, channel_id, account_id, file_name, title, bytes, state, created_at, changed_at)
                values (?, ?, ?, ?, ?, ?, 'RECEIVING', ?, ?)
                """)
                .param(upload.id())
                .param(upload.channelId())
                .param(account)
                .param(upload.fileName())
                .param(upload.title())
                .param(upload.bytes())
                .param(Timestamp.from(upload.createdAt()))
                .param(Timestamp.from(upload.createdAt()))
                .update();
    }

    Optional<UploadView> find(long channelId, String id) {
        return database.sql(SELECT + "where channel_id = ? and public_id = ?")
                .param(channelId)
                .param(id)
                .query((row, _) -> view(row))
                .optional();
    }

    Optional<UploadView> find(String id) {
        return database.sql(SELECT + "where public_id = ?")
                .param(id)
                .query((row, _) -> view(row))
                .optional();
    }

    List<UploadView> ofChannel(long channelId) {
        return database.sql(SELECT + """
                where channel_id = ? order by state in ('RECEIVING', 'WAITING', 'IMPORTING') desc, created_at desc limit ?
                """)
                .param(channelId)
                .param(MOST_SHOWN)
                .query((row, _) -> view(row))
                .list();
    }

    /** The next one that is to be taken in, as whatever died left it or whoever sent it. */
    Optional<UploadView> next() {
        return database.sql(SELECT + "where state in ('WAITING', 'IMPORTING') order by changed_at, id limit 1")
                .query((row, _) -> view(row))
                .optional();
    }

    boolean received(String id, long received, Instant now) {
        return step(database.sql("""
                        update recording_upload set received = :received, changed_at = :now,
                            state = case when :received = bytes then 'WAITING' else state end
                        where public_id = :id and state = 'RECEIVING'
                        """).param("received", received), id, now);
    }

    /**
     * It is being taken in from here on.
     *
     * @return where what an earlier try left is; empty when there was none
     */
    Optional<String> begin(String id, String recording, String folder, Instant now) {
        Optional<String> before = database.sql("select folder from recording_upload where public_id = ?")
                .param(id)
                .query((row, _) -> Optional.ofNullable(row.getString(1)))
                .optional()
                .flatMap(found -> found);
        step(database.sql("""
                        update recording_upload set state = 'IMPORTING', attempts = attempts + 1, percent = 0, recording = :recording,
                            folder = :folder, changed_at = :now
                        where public_id = :id and state in ('WAITING', 'IMPORTING')
                        """).param("recording", recording).param("folder", folder), id, now);
        return before;
    }

    /** How often it was begun. */
    int attempts(String id) {
        return database.sql("select attempts from recording_upload where public_id = ?")
                .param(id)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /** The process ends in order: it is begun again by the next one. */
    void again(String id, Instant now) {
        step(database.sql("""
                update recording_upload set state = 'WAITING', attempts = attempts - 1, changed_at = :now
                where public_id = :id and state = 'IMPORTING'
                """), id, now);
    }

    /** Answers whether it is still wanted. */
    boolean progress(String id, int percent, Instant now) {
        return step(database.sql("""
                        update recording_upload set percent = :percent, changed_at = :now where public_id = :id and state = 'IMPORTING'
                        """).param("percent", percent), id, now);
    }

    boolean done(String id, Instant now) {
        return step(database.sql("""
                update recording_upload set state = 'DONE', percent = 100, changed_at = :now
                where public_id = :id and state = 'IMPORTING'
                """), id, now);
    }

    boolean fail(String id, String refusal, @Nullable String codec, Instant now) {
        return step(database.sql("""
                        update recording_upload set state = 'FAILED', refusal = :refusal, codec = :codec, changed_at = :now
                        where public_id = :id and state in ('WAITING', 'IMPORTING')
                        """).param("refusal", refusal).param("codec", codec, Types.VARCHAR), id, now);
    }

    boolean cancel(String id, Instant now) {
        return step(database.sql("""
                update recording_upload set state = 'CANCELLED', changed_at = :now
                where public_id = :id and state in ('RECEIVING', 'WAITING', 'IMPORTING')
                """), id, now);
    }

    private static boolean step(JdbcClient.StatementSpec statement, String id, Instant now) {
        return statement.param("id", id).param("now", Timestamp.from(now)).update() > 0;
    }

    /** What came by this way, and is called as it was to be. */
    void uploaded(String recording, String title) {
        database.sql("update recording set kind = 'UPLOAD', title = ? where public_id = ?")
                .param(title)
                .param(recording)
                .update();
    }

    // ---- cleaning ---------------------------------------------------------------------------------------------

    /** Those that nobody sent anything to since then. */
    List<String> stale(Instant before) {
        return database.sql("select public_id from recording_upload where state = 'RECEIVING' and changed_at < ?")
                .param(Timestamp.from(before))
                .query((row, _) -> row.getString(1))
                .list();
    }

    void forget(Instant before) {
        database.sql("""
                delete from recording_upload where state in ('DONE', 'FAILED', 'CANCELLED') and changed_at < ?
                """).param(Timestamp.from(before)).update();
    }

    /** Whether its bytes are still needed. */
    boolean needed(String id) {
        return find(id).filter(upload -> upload.state().open()).isPresent();
    }

    private static UploadView view(ResultSet row) throws SQLException {
        UploadView.State state = UploadView.State.valueOf(row.getString("state"));
        return new UploadView(
                row.getString("public_id"),
                row.getLong("channel_id"),
                row.getString("file_name"),
                row.getString("title"),
                row.getLong("bytes"),
                row.getLong("received"),
                state,
                row.getInt("percent"),
                row.getString("refusal"),
                row.getString("codec"),
                state == UploadView.State.DONE ? row.getString("recording") : null,
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("changed_at").toInstant());
    }
}
