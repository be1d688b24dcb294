// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.chat.internal.moderation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.chat.ChatAction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What moderators did: the table of actions. */
@Repository
public class ModerationStore {
    /** Somebody that an action hits; the id is null while nobody has the name. */
    record Target(@Nullable Long accountId, String username) {
        static final Target NOBODY = new Target(null, "");
    }

    private final JdbcClient database;

    ModerationStore(JdbcClient database) {
        this.database = database;
    }

    long addAction(
            long channelId,
            Actor actor,
            String kind,
            Target target,
            String excerpt,
            String reason,
            @Nullable Instant until,
            Instant now) {
        return database.sql("""
                insert into chat_action (channel_id, actor_id, actor, kind, target_id, target, excerpt, reason, until, at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id
                """)
                .param(channelId)
                .param(actor.accountId())
                .param(actor.name())
                .param(kind)
                .param(target.accountId())
                .param(target.username())
                .param(excerpt)
                .param(reason)
                .param(until == null ? null : Timestamp.from(until))
                .param(Timestamp.from(now))
                .query((row, _) -> row.getLong(1))
                .single();
    }

    /** Whether an action is written down: it is not when its transaction failed. */
    boolean recorded(long actionId) {
        return database.sql("select exists (select from chat_action where id = ?)")
                .param(actionId)
                .query(Boolean.class)
                .single();
    }

    /** Whether an action stands that nobody took back. */
    boolean inForce(long actionId) {
        return database.sql("select exists (select from chat_action where id = ? and undone_at is null)")
                .param(actionId)
                .query(Boolean.class)
                .single();
    }

    public List<ChatAction> actions(long channelId, @Nullable Long targetId, long before, int most) {
        return database.sql("""
                select id, actor, kind, target, excerpt, reason, until, at, undone_at from chat_action
                where channel_id = :channel and id < :before and (:target < 0 or target_id = :target)
                order by id desc limit :most
                """)
                .param("channel", channelId)
                .param("before", before)
                .param("target", targetId == null ? -1L : targetId)
                .param("most", most)
                .query((row, _) -> action(row))
                .list();
    }

    static ChatAction action(ResultSet row) throws SQLException {
        Timestamp until = row.getTimestamp("until");
        return new ChatAction(
                row.getLong("id"),
                row.getString("actor"),
                row.getString("kind"),
                row.getString("target"),
                row.getString("excerpt"),
                row.getString("reason"),
                until == null ? null : until.toInstant(),
                row.getTimestamp("at").toInstant(),
                row.getTimestamp("undone_at") != null);
    }
}
