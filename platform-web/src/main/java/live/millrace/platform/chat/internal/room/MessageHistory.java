// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.room;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.chat.StoredMessage;
import live.millrace.platform.chat.Talker;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of messages, as it is read. */
@Repository
public class MessageHistory {
    private static final String MESSAGE = """
            select m.channel_id, m.seq, m.account_id, coalesce(a.username, '') as author, m.text, m.written_at,
                m.removed_at is not null as removed, m.guest_id, m.guest_name
            from chat_message m left join account a on a.id = m.account_id
            """;

    /** A message as it is stored. */
    record KeptMessage(
            long seq,
            @Nullable Talker talker,
            String text,
            @Nullable Long replyTo,
            Instant at,
            boolean removed) {}

    private final JdbcClient database;

    MessageHistory(JdbcClient database) {
        this.database = database;
    }

    long lastSeq(long channelId) {
        return database.sql("""
                select greatest(
                    (select coalesce(max(seq), 0) from chat_message where channel_id = :channel),
                    (select coalesce(max(last_seq), 0) from chat_room where channel_id = :channel))
                """).param("channel", channelId).query(Long.class).single();
    }

    /** The last messages, the oldest first. */
    List<KeptMessage> last(long channelId, int most) {
        List<KeptMessage> found = new ArrayList<>(database.sql("""
                select seq, account_id, guest_id, guest_name, text, reply_to, written_at, removed_at is not null as removed from chat_message
                where channel_id = ? order by seq desc limit ?
                """)
                .param(channelId)
                .param(most)
                .query((row, _) -> kept(row))
                .list());
        Collections.reverse(found);
        return found;
    }

    /**
     * What was written from one moment on and before another and was not removed, the oldest first.
     *
     * @param from included
     * @param to excluded
     * @param above of those with higher numbers
     */
    List<KeptMessage> between(long channelId, Instant from, Instant to, long above, int most) {
        return written(channelId, from, to, above, "order by written_at, seq", most);
    }

    /** The last of the same, the oldest first. */
    List<KeptMessage> lastBetween(long channelId, Instant from, Instant to, long above, int most) {
        return written(channelId, from, to, above, "order by written_at desc, seq desc", most)
                .reversed();
    }

    private List<KeptMessage> written(long channelId, Instant from, Instant to, long above, String order, int most) {
        return database.sql("""
                select seq, account_id, guest_id, guest_name, text, reply_to, written_at, false as removed from chat_message
                where channel_id = ? and written_at >= ? and written_at < ? and seq > ? and removed_at is null %s limit ?
                """.formatted(order))
                .param(channelId)
                .param(Timestamp.from(from))
                .param(Timestamp.from(to))
                .param(above)
                .param(most)
                .query((row, _) -> kept(row))
                .list();
    }

    /** Those of these numbers that there are. */
    List<KeptMessage> of(long channelId, Collection<Long> seqs) {
        return database.sql("""
                select seq, account_id, guest_id, guest_name, text, reply_to, written_at, removed_at is not null as removed from chat_message
                where channel_id = :channel and seq = any (:seqs)
                """)
                .param("channel", channelId)
                .param("seqs", seqs.toArray(Long[]::new))
                .query((row, _) -> kept(row))
                .list();
    }

    private static KeptMessage kept(ResultSet row) throws SQLException {
        return new KeptMessage(
                row.getLong("seq"),
                TalkerRow.read(row).orElse(null),
                row.getString("text"),
                row.getObject("reply_to", Long.class),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"));
    }

    private static StoredMessage message(ResultSet row) throws SQLException {
        return new StoredMessage(
                row.getLong("channel_id"),
                row.getLong("seq"),
                row.getObject("account_id", Long.class),
                row.getString("author"),
                row.getString("text"),
                row.getTimestamp("written_at").toInstant(),
                row.getBoolean("removed"),
                row.getObject("guest_id", Long.class),
                row.getString("guest_name"));
    }

    public Optional<StoredMessage> message(long channelId, long seq) {
        return database.sql(MESSAGE + " where m.channel_id = ? and m.seq = ?")
                .param(channelId)
                .param(seq)
                .query((row, _) -> message(row))
                .optional();
    }

    public List<StoredMessage> around(long channelId, long seq, int each) {
        return database.sql(MESSAGE + " where m.channel_id = ? and m.seq between ? and ? order by m.seq")
                .param(channelId)
                .param(seq - each)
                .param(seq + each)
                .query((row, _) -> message(row))
                .list();
    }

    /** The oldest first. */
    public List<StoredMessage> latest(long channelId, int most) {
        return database.sql(MESSAGE + " where m.channel_id = ? order by m.seq desc limit ?")
                .param(channelId)
                .param(most)
                .query((row, _) -> message(row))
                .list()
                .reversed();
    }

    public int count(long channelId, Talker talker) {
        return database.sql(
                        "select count(*) from chat_message where channel_id = ? and (account_id = ? or guest_id = ?)")
                .param(channelId)
                .param(talker.account())
                .param(talker.guest())
                .query((row, _) -> row.getInt(1))
                .single();
    }
}
