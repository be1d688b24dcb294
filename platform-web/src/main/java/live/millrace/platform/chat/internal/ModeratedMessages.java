// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import live.millrace.platform.chat.StoredComment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of messages as moderators see it: what is removed, looked up, pinned and forgotten. */
@Repository
class ModeratedMessages {
    private static final String COMMENT = """
            select m.channel_id, m.seq, m.account_id, coalesce(a.username, '') as author, m.text, m.written_at,
                m.removed_at is not null as removed
            from chat_message m left join account a on a.id = m.account_id
            """;

    private final JdbcClient database;

    ModeratedMessages(JdbcClient database) {
        this.database = database;
    }

    /** Answers the numbers of those that were there. */
    List<Long> remove(long channelId, List<Long> seqs, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and seq = any(?) and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(seqs.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** All of some people's. */
    List<Long> removeOf(long channelId, Set<Long> accountIds, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and account_id = any(?) and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(accountIds.toArray(Long[]::new))
                .query((row, _) -> row.getLong(1))
                .list();
    }

    /** All from a number on. */
    List<Long> removeFrom(long channelId, long fromSeq, long actionId, Instant now) {
        return database.sql("""
                update chat_message set removed_at = ?, removed_action = ?
                where channel_id = ? and seq >= ? and removed_at is null returning seq
                """)
                .param(Timestamp.from(now))
                .param(actionId)
                .param(channelId)
                .param(fromSeq)
                .query((row, _) -> row.getLong(1))
                .list();
    }

    private static StoredComment comment(ResultSet row) throws SQLException {
        return new StoredComment(
                row.getLong("channel_id"),
                row.getLong("seq"),
                row.getObject("account_id", Long.class),
                row.getString("author"),
                row.getString("text"),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"));
    }

    Optional<StoredComment> comment(long channelId, long seq) {
        return database.sql(COMMENT + " where m.channel_id = ? and m.seq = ?")
                .param(channelId)
                .param(seq)
                .query((row, _) -> comment(row))
                .optional();
    }

    List<StoredComment> around(long channelId, long seq, int each) {
        return database.sql(COMMENT + " where m.channel_id = ? and m.seq between ? and ? order by m.seq")
                .param(channelId)
                .param(seq - each)
                .param(seq + each)
                .query((row, _) -> comment(row))
                .list();
    }

    /** The oldest first. */
    List<StoredComment> latest(long channelId, int most) {
        return database.sql(COMMENT + " where m.channel_id = ? order by m.seq desc limit ?")
                .param(channelId)
                .param(most)
                .query((row, _) -> comment(row))
                .list()
                .reversed();
    }

    int comments(long channelId, long accountId) {
        return database.sql("select count(*) from chat_message where channel_id = ? and account_id = ?")
                .param(channelId)
                .param(accountId)
                .query((row, _) -> row.getInt(1))
                .single();
    }

    Optional<Long> pinned(long channelId) {
        return database.sql("select pinned_seq from chat_room where channel_id = ? and pinned_seq is not null")
                .param(channelId)
                .query((row, _) -> row.getLong(1))
                .optional();
    }

    /**
     * Forgets old lines; rooms know by themselves how far they are numbered. Lines that somebody holds at this moment are left for the
     * next time: two who want the same lines, each in another order, would wait for each other.
     */
    void forgetComments(Instant before) {
        database.sql("""
                delete from chat_message m using (
                    select channel_id, seq from chat_message where written_at < :before
                    order by channel_id, seq for update skip locked) old
                where m.channel_id = old.channel_id and m.seq = old.seq
                """).param("before", Timestamp.from(before)).update();
    }

    /**
     * Forgets pins of lines that are gone. Never in one transaction with what forgets them: who bans holds the room and then wants its
     * lines.
     */
    void forgetPins() {
        database.sql("""
                update chat_room r set pinned_seq = null
                where pinned_seq is not null
                  and not exists (select from chat_message m where m.channel_id = r.channel_id and m.seq = r.pinned_seq)
                """).update();
    }
}
