// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.writing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import live.millrace.platform.chat.Talker;
import live.millrace.platform.chat.internal.room.TalkerRow;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of messages that wait until the channel's people allow them. */
@Repository
public class HeldStore {
    record StoredHeld(
            long id,
            Talker talker,
            UUID clientId,
            String text,
            @Nullable Long replyTo,
            Instant at,
            String reason) {}

    private final JdbcClient database;

    HeldStore(JdbcClient database) {
        this.database = database;
    }

    public void hold(Draft draft, String reason) {
        database.sql("""
                insert into chat_held_message (channel_id, account_id, guest_id, guest_name, client_id, text, reply_to, held_at, reason)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)
                .param(draft.room().channel().id())
                .param(draft.talker().account())
                .param(draft.talker().guest())
                .param(draft.talker().guestName())
                .param(draft.clientId())
                .param(draft.text())
                .param(draft.replyTo())
                .param(Timestamp.from(draft.at()))
                .param(reason)
                .update();
    }

    int count(long channelId) {
        return database.sql("select count(*) from chat_held_message where channel_id = ?")
                .param(channelId)
                .query(Integer.class)
                .single();
    }

    List<StoredHeld> all(long channelId, int most) {
        return database.sql("""
                select id, account_id, guest_id, guest_name, client_id, text, reply_to, held_at, reason from chat_held_message
                where channel_id = ? order by id limit ?
                """)
                .param(channelId)
                .param(most)
                .query((row, _) -> stored(row))
                .list();
    }

    private static StoredHeld stored(ResultSet row) throws SQLException {
        return new StoredHeld(
                row.getLong("id"),
                TalkerRow.read(row).orElseThrow(),
                row.getObject("client_id", UUID.class),
                row.getString("text"),
                row.getObject("reply_to", Long.class),
                row.getTimestamp("held_at").toInstant(),
                row.getString("reason"));
    }

    /** A message that waits; empty when somebody decided already. */
    Optional<StoredHeld> find(long channelId, long id) {
        return database.sql("""
                select id, account_id, guest_id, guest_name, client_id, text, reply_to, held_at, reason from chat_held_message
                where channel_id = ? and id = ?
                """)
                .param(channelId)
                .param(id)
                .query((row, _) -> stored(row))
                .optional();
    }

    /** Takes a message from those that wait; empty when somebody else did. */
    Optional<StoredHeld> take(long channelId, long id) {
        return database.sql("""
                delete from chat_held_message where channel_id = ? and id = ?
                returning id, account_id, guest_id, guest_name, client_id, text, reply_to, held_at, reason
                """)
                .param(channelId)
                .param(id)
                .query((row, _) -> stored(row))
                .optional();
    }
}
